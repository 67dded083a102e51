"""Channels of sites in which outages are announced, and the one message about an outage in each."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, UtcDateTime, enum_column
from models.catalogue import ChannelProblem


class AnnouncementChannel(Base):
    """A channel that the catalogue names under `announce`. It may be public."""

    __tablename__ = "announcement_channel"

    name: Mapped[str] = mapped_column(String(81), primary_key=True)
    """As in the file: `C…` or `#name`."""
    channel_id: Mapped[str | None] = mapped_column(String(32))
    """The channel's id, once it was found in Slack."""
    title: Mapped[str | None] = mapped_column(String(80))
    """What Slack calls it, without the `#`."""
    problem: Mapped[ChannelProblem | None] = mapped_column(enum_column(ChannelProblem))
    """Why nothing is announced there: `SHARED` or `READ_ONLY`, as last read from Slack."""
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was last read from Slack; `None` while the bot is not in it, or it is archived."""

    @property
    def is_fit(self) -> bool:
        return self.channel_id is not None and self.read_at is not None and self.problem is None

    @property
    def shown(self) -> str:
        """Its name for people."""
        return f"#{self.title}" if self.title else self.name


class Announcement(Base):
    """The message about an outage in one channel."""

    __tablename__ = "announcement"
    __table_args__ = (
        UniqueConstraint("outage_id", "channel_name", name="uq_announcement_outage_id"),
        Index("ix_announcement_channel_name", "channel_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    outage_id: Mapped[int] = mapped_column(ForeignKey("outage.id"))
    channel_name: Mapped[str] = mapped_column(ForeignKey("announcement_channel.name"))
    channel: Mapped[str | None] = mapped_column(String(32))
    """Where the message is, with its `ts`, once it has been posted."""
    ts: Mapped[str | None] = mapped_column(String(32))

    place: Mapped[AnnouncementChannel] = relationship()
