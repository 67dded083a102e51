"""Pauses of senders, and when periodic jobs are due."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, OpenEnum, UtcDateTime
from models.outbox.reasons import REMOTE_CODE_MAX, Cause, Reason


class Pause(Base):
    """A method, a channel or a whole sender that is not to be used: read by every claim."""

    __tablename__ = "pause"

    scope: Mapped[str] = mapped_column(String(120), primary_key=True)
    """A method (`chat.update`, `smtp`), `slack` for all of Slack's, or a recipient."""
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[Reason] = mapped_column(OpenEnum(Reason, Reason.OTHER))
    remote_call: Mapped[str | None] = mapped_column(String(64))
    remote_code: Mapped[str | None] = mapped_column(String(REMOTE_CODE_MAX))

    @property
    def cause(self) -> Cause:
        """`reason` and what it was about."""
        return Cause(self.reason, self.remote_call, self.remote_code)


class Periodic(Base):
    """When a periodic job is next due; moved forward by compare-and-set."""

    __tablename__ = "periodic"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
