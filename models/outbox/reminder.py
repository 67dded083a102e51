"""Reminders to requesters: the one in each direct message, and how far new dates were computed."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime


class Reminder(Base):
    """A person's last reminder message: the next one replaces it, on another day."""

    __tablename__ = "reminder"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    channel: Mapped[str | None] = mapped_column(String(32))
    ts: Mapped[str | None] = mapped_column(String(32))
    """`None` once the message is gone: nothing waits any more."""


class WaitDates(Base):
    """One row: by which calendars and settings the dates of waiting tickets were computed, and how far."""

    __tablename__ = "wait_dates"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    fingerprint: Mapped[str] = mapped_column(String(64))
    """A SHA-256 of the calendars and settings, in hexadecimal."""
    above: Mapped[int | None]
    """Tickets with greater numbers are still to be computed; `None`: none is."""
