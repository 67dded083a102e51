"""A known outage: declared once, followed with a click."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, JsonColumn, UtcDateTime, enum_column, partial_index
from models.catalogue import Service, Site, Team
from models.details import OutageDetails
from models.lifecycle import TITLE_MAX
from models.person import Person


class OutageAction(StrEnum):
    """What technicians do with an outage."""

    DECLARE = "declare"
    AMEND = "amend"
    RESOLVE = "resolve"
    UPDATE = "update"  # its followers are told how it goes
    NOTE = "note"  # for the team only, written under its card
    REVIEW = "review"  # after its end: what happened


class Outage(Base):
    """What is down, where, and until when; each of its followers has a ticket that points here."""

    __tablename__ = "outage"
    __table_args__ = (
        partial_index("ix_outage_open", "id", where="resolved_at IS NULL"),
        partial_index("ix_outage_remind_update_at", "remind_update_at", where="remind_update_at IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(TITLE_MAX))
    site_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The sites concerned; none: all."""
    service_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id"))
    declared_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expected_end: Mapped[datetime | None] = mapped_column(UtcDateTime)
    solution: Mapped[str | None] = mapped_column(Text)
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    update_text: Mapped[str | None] = mapped_column(Text)
    """What its followers were told last, by whom, and when."""
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_update_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When they are to be told more; `None`: no time was given."""
    remind_update_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The same, until who wrote the last update was reminded of it."""
    review: Mapped[list[str] | None] = mapped_column(JSON)
    """After its end: what happened, why, and what is done against it."""
    submission: Mapped[str] = mapped_column(String(36), unique=True)
    """A uuid made with the form: the same declaration twice is one outage."""
    channel: Mapped[str | None] = mapped_column(String(32))
    """The channel of its card, with its `ts`, once it has been posted."""
    ts: Mapped[str | None] = mapped_column(String(32))
    version: Mapped[int] = mapped_column()

    team: Mapped[Team] = relationship()
    declared_by: Mapped[Person] = relationship(foreign_keys=[declared_by_id])
    resolved_by: Mapped[Person | None] = relationship(foreign_keys=[resolved_by_id])
    updated_by: Mapped[Person | None] = relationship(foreign_keys=[updated_by_id])

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it from the class)

    @property
    def is_over(self) -> bool:
        return self.resolved_at is not None


class OutageEvent(Base):
    """Who did what to an outage, and when: append-only, but for notes, which follow their messages. What its
    followers do is in their tickets' events."""

    __tablename__ = "outage_event"
    __table_args__ = (
        Index("ix_outage_event_outage_id", "outage_id"),
        partial_index("ix_outage_event_message", "channel", "ts", where="ts IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    outage_id: Mapped[int] = mapped_column(ForeignKey("outage.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    action: Mapped[OutageAction] = mapped_column(enum_column(OutageAction))
    details: Mapped[OutageDetails] = mapped_column(JsonColumn(OutageDetails), default=OutageDetails)
    text: Mapped[str | None] = mapped_column(Text)
    """Of an update or a note."""
    channel: Mapped[str | None] = mapped_column(String(32))
    """Of a note: where its message is, with its `ts`."""
    ts: Mapped[str | None] = mapped_column(String(32))
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its message was deleted."""

    actor: Mapped[Person] = relationship()


@dataclass(frozen=True)
class OutageDraft:
    """The form of an outage as somebody left it."""

    submission: str
    """A uuid made with the form."""
    title: str = ""
    site_ids: Sequence[str] = ()
    service_ids: Sequence[str] = ()
    expected_end: datetime | None = None
    team_id: str | None = None
    """`None`: the one team of who declares it."""
    announce: bool = False
    """Whether it is announced in the channels of its sites."""


@dataclass(frozen=True)
class KnownOutage:
    """An outage as it is shown: what is concerned, by name."""

    outage: Outage
    sites: Sequence[Site]
    """None: all."""
    services: Sequence[Service]
    ticket_id: int | None = None
    """The reader's own ticket, when they follow it."""


@dataclass(frozen=True)
class KnownOutages:
    """The outages at the top of somebody's Home, and how many more there are."""

    shown: Sequence[KnownOutage] = ()
    more: int = 0


@dataclass(frozen=True)
class Portion:
    """The followers of an outage are resolved in portions: the next one, and how many are done."""

    number: int
    """1, 2, 3…"""
    told: int
    """How many followers were resolved already."""
    of: int
    """How many there were to resolve when the outage was."""


@dataclass(frozen=True)
class Following:
    """How many people follow an outage, and how they answered its solution."""

    concerned: int = 0
    approved: int = 0
    refused: int = 0
    next_portion: Portion | None = None
    """While followers are being resolved."""
