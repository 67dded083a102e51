"""People, and the members of channels, as last read from Slack."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime

NOBODY = "nobody"
"""The Slack id of the row for the people of forgotten tickets; no account has it."""


class Person(Base):
    """A Slack account that has met the help desk: requester, technician, or both."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    slack_id: Mapped[str] = mapped_column(String(32), unique=True)
    team_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(255))
    email: Mapped[str | None] = mapped_column(String(320))
    locale: Mapped[str] = mapped_column(String(16), default="fr-FR")
    time_zone: Mapped[str] = mapped_column(String(64), default="Europe/Paris")
    is_guest: Mapped[bool] = mapped_column(default=False)
    is_bot: Mapped[bool] = mapped_column(default=False)
    is_stranger: Mapped[bool] = mapped_column(default=False)
    """Of another workspace, met through Slack Connect."""
    is_deactivated: Mapped[bool] = mapped_column(default=False)
    """Slack's `deleted`, or an account that does not exist."""
    is_workflow: Mapped[bool] = mapped_column(default=False)
    """A workflow's account, for which Slack's `is_bot` is false."""
    profile_read_at: Mapped[datetime] = mapped_column(UtcDateTime)
    met_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the row was made; `None` of those that versions until 0.3 made."""
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When all that it said of them was erased. The account, if it still exists, is no longer known: whoever
    acts with it has a new row."""
    channels_read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When their membership of the teams' channels was last read from Slack."""
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """As their Slack profile named them at `manager_read_at`."""
    manager_read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dm_channel: Mapped[str | None] = mapped_column(String(32))
    home_opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    home_state: Mapped[str | None] = mapped_column(String(3000))
    """The view state of their App Home (its `private_metadata`)."""
    declined_reply_hint: Mapped[bool] = mapped_column(default=False)
    """They no longer want to be offered to send a note to the requester."""
    last_site_id: Mapped[str | None] = mapped_column(ForeignKey("site.id"))

    @property
    def is_unattended(self) -> bool:
        """Whether no person uses the account: it is a bot's, a workflow's, or deactivated."""
        return self.is_bot or self.is_workflow or self.is_deactivated


class ChannelReading(Base):
    """When a channel's members were last read from Slack."""

    __tablename__ = "channel_reading"

    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ChannelMember(Base):
    """One person in one channel, at the last reading."""

    __tablename__ = "channel_member"
    __table_args__ = (Index("ix_channel_member_slack_id", "slack_id"),)

    channel: Mapped[str] = mapped_column(
        ForeignKey("channel_reading.channel", ondelete="CASCADE"), primary_key=True
    )
    slack_id: Mapped[str] = mapped_column(String(32), primary_key=True)
