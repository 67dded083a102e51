"""The desk's own data: sites, teams, and the catalogue of services. Loaded from `catalogue.yaml`.

What disappears from the file is archived, never deleted: old tickets keep their site, team and service.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, LocalizedText, LocalizedTextType, UtcDateTime, enum_column


class QuestionType(StrEnum):
    """What a service's question expects."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    PERSON = "person"
    NUMBER = "number"
    YES_NO = "yes_no"


class ChannelProblem(StrEnum):
    """Why a team's channel is unfit for cards."""

    PUBLIC = "public"  # everybody in the workspace reads it, and joins it at will
    SHARED = "shared"  # with another organisation, or about to be
    READ_ONLY = "read_only"  # the bot, or the team, may not write there


# With these, being a member says nothing of being a technician.
OPEN_TO_OTHERS = (ChannelProblem.PUBLIC, ChannelProblem.SHARED)


class Site(Base):
    """A place of the university."""

    __tablename__ = "site"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[LocalizedText] = mapped_column(LocalizedTextType)
    position: Mapped[int]
    archived: Mapped[bool] = mapped_column(default=False)


class Team(Base):
    """Technicians: the members of one private triage channel."""

    __tablename__ = "team"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[LocalizedText] = mapped_column(LocalizedTextType)
    channel: Mapped[str] = mapped_column(String(80))
    """As the file gives it: `C…` or `#name`."""
    channel_id: Mapped[str | None] = mapped_column(String(32))
    """The channel's id, once Slack has said it. While the file names another that was not found yet, the one
    that it named before."""
    channel_problem: Mapped[ChannelProblem | None] = mapped_column(enum_column(ChannelProblem))
    """Why no card is posted there, as Slack last said; `None` when nothing is known against it."""
    channel_read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When Slack last said what the channel is; `None` until it was found that the file names."""
    is_default: Mapped[bool] = mapped_column(default=False)
    phrases: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """Ready-made phrases for replies, as the file gives them: title and text, in both languages."""
    position: Mapped[int]
    archived: Mapped[bool] = mapped_column(default=False)

    @property
    def awaits_channel(self) -> bool:
        """Whether the channel that the file names is still to be found."""
        return self.channel_read_at is None


class Group(Base):
    """A box of the catalogue that holds groups and services."""

    __tablename__ = "service_group"
    __table_args__ = (Index("ix_service_group_parent_id", "parent_id"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("service_group.id"))
    name: Mapped[LocalizedText] = mapped_column(LocalizedTextType)
    description: Mapped[LocalizedText] = mapped_column(LocalizedTextType)
    position: Mapped[int]
    archived: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(Text)
    """Names and descriptions in both languages, as a search compares them."""

    parent: Mapped["Group | None"] = relationship(remote_side=[id])


class Service(Base):
    """A digital service: what it is, who serves it, and what can be asked of it."""

    __tablename__ = "service"
    __table_args__ = (Index("ix_service_group_id", "group_id"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    group_id: Mapped[str] = mapped_column(ForeignKey("service_group.id"))
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id"))
    name: Mapped[LocalizedText] = mapped_column(LocalizedTextType)
    description: Mapped[LocalizedText] = mapped_column(LocalizedTextType)
    have_ready: Mapped[LocalizedText | None] = mapped_column(LocalizedTextType)
    url: Mapped[str | None] = mapped_column(String(3000))
    offers_request: Mapped[bool]
    offers_incident: Mapped[bool]
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """As the file gives them: id, type, label, hint, required, options, min, max."""
    position: Mapped[int]
    archived: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(Text)

    group: Mapped[Group] = relationship()
    team: Mapped[Team] = relationship()
