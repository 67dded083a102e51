"""What Slack has told us already: it tells an event again when our acknowledgement was lost."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Moment


class HandledEvent(Base):
    """An event that was dealt with, kept for as long as Slack may tell it again."""

    __tablename__ = "handled_event"
    __table_args__ = (Index("ix_handled_event_at", "at"),)

    event_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Slack's own, the same in every retry (docs.slack.dev, "Events API")."""
    at: Mapped[datetime] = mapped_column(Moment)
