"""The help desk's own data: sites, teams, and the catalogue of services. Loaded from `catalogue.yaml`.

What disappears from the file is archived, never deleted: old tickets keep their site, team and service.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, String, Text, false, select
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.approval_rule import ApprovalStep
from models.base import Base, JsonColumn, LocalizedText, UtcDateTime, enum_column
from models.calendar.calendar import Calendar
from models.calendar.service_level import Target, Targets
from models.lifecycle import Kind, Priority


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


@dataclass(frozen=True)
class Option:
    """One of the options of a question."""

    id: str
    label: LocalizedText


@dataclass(frozen=True)
class Question:
    """What a service asks of who requests it."""

    id: str
    type: QuestionType
    label: LocalizedText
    hint: LocalizedText | None = None
    required: bool = False
    options: tuple[Option, ...] = ()
    """Of `CHOICE` and `CHOICES`."""
    min: int | None = None
    """Of `NUMBER`."""
    max: int | None = None
    is_future: bool = False
    """Of `DATE`: today or later."""


@dataclass(frozen=True)
class Phrase:
    """A ready-made phrase for replies: its title in the menu, and its text."""

    title: LocalizedText
    text: LocalizedText


class ChannelProblem(StrEnum):
    """Why no card may be posted in a team's channel."""

    PUBLIC = "public"  # everybody in the workspace reads it, and joins it at will
    SHARED = "shared"  # with another organisation, or about to be
    READ_ONLY = "read_only"  # the bot, or the team, may not write there


@dataclass(frozen=True)
class Keywords:
    """Words and short phrases that people use for something, in each language."""

    fr: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


@dataclass(frozen=True)
class OutOfScope:
    """Something that the help desk does not serve, and who to turn to for it."""

    id: str
    name: LocalizedText
    contact: LocalizedText
    keywords: Keywords = Keywords()


# With these, a member of the channel is not necessarily a technician.
OPEN_TO_OTHERS = (ChannelProblem.PUBLIC, ChannelProblem.SHARED)


class Site(Base):
    """A site of the university."""

    __tablename__ = "site"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[LocalizedText] = mapped_column(JsonColumn(LocalizedText))
    announce: Mapped[Sequence[str]] = mapped_column(JSON, default=list, server_default="[]")
    """The channels in which its outages are announced, as in the file: `C…` or `#name`."""
    position: Mapped[int]
    archived: Mapped[bool] = mapped_column(default=False)


class Team(Base):
    """Technicians: the members of one private triage channel."""

    __tablename__ = "team"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[LocalizedText] = mapped_column(JsonColumn(LocalizedText))
    channel: Mapped[str] = mapped_column(String(80))
    """As in the file: `C…` or `#name`."""
    channel_id: Mapped[str | None] = mapped_column(String(32))
    """The channel's id, once it was found in Slack. While the file names another that was not found yet, the
    former one's."""
    channel_problem: Mapped[ChannelProblem | None] = mapped_column(enum_column(ChannelProblem))
    """Why no card is posted there, as last read from Slack; `None` when it is fit."""
    channel_read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the channel was last read from Slack; `None` until the one that the file names was found."""
    is_default: Mapped[bool] = mapped_column(default=False)
    phrases: Mapped[Sequence[Phrase]] = mapped_column(JsonColumn(list[Phrase]), default=list)
    calendar: Mapped[Calendar | None] = mapped_column(JsonColumn(Calendar), deferred=True)
    """When it differs from the desk's. Long, so read only when it is asked for."""
    is_confidential: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether what its tickets say stays out of messages and e-mails."""
    position: Mapped[int]
    archived: Mapped[bool] = mapped_column(default=False)

    @property
    def awaits_channel(self) -> bool:
        """Whether the channel that the file names was not found yet."""
        return self.channel_read_at is None


class Group(Base):
    """A group of the catalogue: it holds groups and services."""

    __tablename__ = "service_group"
    __table_args__ = (Index("ix_service_group_parent_id", "parent_id"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("service_group.id"))
    name: Mapped[LocalizedText] = mapped_column(JsonColumn(LocalizedText))
    description: Mapped[LocalizedText] = mapped_column(JsonColumn(LocalizedText))
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
    name: Mapped[LocalizedText] = mapped_column(JsonColumn(LocalizedText))
    description: Mapped[LocalizedText] = mapped_column(JsonColumn(LocalizedText))
    have_ready: Mapped[LocalizedText | None] = mapped_column(JsonColumn(LocalizedText))
    url: Mapped[str | None] = mapped_column(String(3000))
    offers_request: Mapped[bool]
    offers_incident: Mapped[bool]
    questions: Mapped[Sequence[Question]] = mapped_column(JsonColumn(list[Question]), default=list)
    keywords: Mapped[Keywords] = mapped_column(JsonColumn(Keywords), default=Keywords)
    is_always_open: Mapped[bool] = mapped_column(default=False)
    """Whether its working time runs at night, and on days off too."""
    targets: Mapped[Targets | None] = mapped_column(JsonColumn(dict[Priority, Target]))
    """When they differ from the desk's; all of them."""
    approval: Mapped[Sequence[ApprovalStep]] = mapped_column(
        JsonColumn(list[ApprovalStep]), default=list, server_default="[]"
    )
    """Whose agreement its requests need, one after the other."""
    approval_before_team: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether its team sees a request only once that is given."""
    is_confidential: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether what its tickets say stays out of messages and e-mails, whichever team has them."""
    position: Mapped[int]
    archived: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(Text)

    group: Mapped[Group] = relationship()
    team: Mapped[Team] = relationship()

    @hybrid_property
    def has_confidential_tickets(self) -> bool:
        """Whether it or its team is confidential."""
        return self.is_confidential or self.team.is_confidential

    @has_confidential_tickets.inplace.expression
    @classmethod
    def _has_confidential_tickets(cls) -> ColumnElement[bool]:
        return cls.is_confidential | cls.team_id.in_(select(Team.id).where(Team.is_confidential))

    @property
    def usual_kind(self) -> Kind:
        """What a call about it is, unless something else is chosen: a request where that needs an agreement,
        else an incident if it offers that."""
        if self.offers_request and (self.approval or not self.offers_incident):
            return Kind.REQUEST
        return Kind.INCIDENT


class CatalogueState(Base):
    """What is loaded: one row, once the catalogue's file was loaded."""

    __tablename__ = "catalogue_state"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    fingerprint: Mapped[str] = mapped_column(String(64))
    """A SHA-256 of the file and the articles, in hexadecimal: each process reads whether they changed."""
    out_of_scope: Mapped[Sequence[OutOfScope]] = mapped_column(JsonColumn(list[OutOfScope]), default=list)
    out_of_hours: Mapped[LocalizedText | None] = mapped_column(JsonColumn(LocalizedText))
    """What people whose problem is not theirs alone are told to do while the desk is closed."""
    calendar: Mapped[Calendar | None] = mapped_column(JsonColumn(Calendar), deferred=True)
    """The desk's; `None` before the first load of a version that knows calendars."""
    targets: Mapped[Targets | None] = mapped_column(JsonColumn(dict[Priority, Target]))
    """The desk's; `None` before the first load of a version that knows them."""
