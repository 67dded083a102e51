"""Events that were received from Slack, which retries them when our acknowledgement is lost."""

from datetime import datetime

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime


class HandledEvent(Base):
    """An event that was handled, kept for as long as Slack may retry it."""

    __tablename__ = "handled_event"
    __table_args__ = (Index("ix_handled_event_at", "at"),)

    event_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Slack's own, the same in every retry (docs.slack.dev, "Events API"); a message's channel and `ts`."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class HeardMessage(Base):
    """What is known of a message in a thread of ours, or to Guichet, kept as long as Slack may retry it.

    An edit or a deletion may come before its message, whose event is retried a minute later when it was not
    acknowledged. The text is kept only while the message has not come.
    """

    __tablename__ = "heard_message"
    __table_args__ = (Index("ix_heard_message_at", "at"),)

    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    ts: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_deleted: Mapped[bool] = mapped_column(default=False)
    edited_ts: Mapped[str | None] = mapped_column(String(32))
    """The time of the newest edit that came before the message (`message.edited.ts`)."""
    text: Mapped[str | None] = mapped_column(Text)
    """The text of that edit."""
    removed: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Slack's ids of the files that were removed from it."""
