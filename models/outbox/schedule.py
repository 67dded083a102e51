"""When sending rests, and when periodic jobs are due."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime


class Pause(Base):
    """A method, a channel or a whole sender that must rest: read by every claim."""

    __tablename__ = "pause"

    scope: Mapped[str] = mapped_column(String(120), primary_key=True)
    """A method (`chat.update`, `smtp`), or `slack` for all of them."""
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)


class Periodic(Base):
    """When a periodic job is next due; moved forward by compare-and-set."""

    __tablename__ = "periodic"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
