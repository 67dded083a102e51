"""The ticket: its fields, and what may happen to it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Moment, word_of
from models.catalogue import Service, Site, Team
from models.errors import FieldRefused, ReopeningTooLate, RoleRefused, TransitionRefused
from models.event import Event
from models.lifecycle import (
    TRANSITIONS,
    Action,
    Ending,
    Impact,
    Kind,
    Priority,
    Role,
    Status,
    Urgency,
    priority_of,
)
from models.person import Person

TITLE_MAX = 150


class Ticket(Base):
    """An incident or a service request. Its number, "n° 1042", is its primary key."""

    __tablename__ = "ticket"
    __table_args__ = (
        UniqueConstraint("requester_id", "submission", name="uq_ticket_submission"),
        Index(
            "ix_ticket_open",
            "requester_id",
            "id",
            sqlite_where=text("status != 'closed'"),
            postgresql_where=text("status != 'closed'"),
        ),
        Index(
            "ix_ticket_closed",
            "requester_id",
            "id",
            sqlite_where=text("status = 'closed'"),
            postgresql_where=text("status = 'closed'"),
        ),
        {"sqlite_autoincrement": True},  # a number is never reused
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(word_of(Kind))
    title: Mapped[str] = mapped_column(String(TITLE_MAX))
    description: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[Status] = mapped_column(word_of(Status), default=Status.NEW)
    ending: Mapped[Ending | None] = mapped_column(word_of(Ending))
    requester_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id"))
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))
    service_id: Mapped[str | None] = mapped_column(ForeignKey("service.id"))
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    """The closed ticket that this one continues."""
    answers: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """The service's questions as they were asked, each with its answer."""
    declared_impact: Mapped[Impact] = mapped_column(word_of(Impact))
    declared_urgency: Mapped[Urgency] = mapped_column(word_of(Urgency))
    impact: Mapped[Impact] = mapped_column(word_of(Impact))
    urgency: Mapped[Urgency] = mapped_column(word_of(Urgency))
    priority: Mapped[Priority] = mapped_column(word_of(Priority))
    solution: Mapped[str | None] = mapped_column(Text)
    resolution: Mapped[int | None]
    """The number of the event that proposed the solution: what an approval request asks about."""
    opened_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    taken_at: Mapped[datetime | None] = mapped_column(Moment)
    resolved_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    submission: Mapped[str] = mapped_column(String(36))
    """A uuid drawn with the form: the same submission twice is one ticket."""
    event_count: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column()

    requester: Mapped[Person] = relationship(foreign_keys=[requester_id])
    assignee: Mapped[Person | None] = relationship(foreign_keys=[assignee_id])
    team: Mapped[Team] = relationship()
    site: Mapped[Site] = relationship()
    service: Mapped[Service | None] = relationship()
    last_event: Mapped[Event | None] = relationship(
        primaryjoin="and_(Event.ticket_id == Ticket.id, Event.number == Ticket.event_count)",
        foreign_keys=[Event.ticket_id, Event.number],
        viewonly=True,
        uselist=False,
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it from the class)

    def set_priority(self, impact: Impact, urgency: Urgency) -> None:
        """Qualify the ticket; its priority follows from the pair."""
        self.impact, self.urgency = impact, urgency
        self.priority = priority_of(impact, urgency)

    def allowed(self, roles: Collection[Role], *, now: datetime, reopen_days: int) -> list[Action]:
        """The actions open now to somebody with these roles: what a card or a detail offers."""
        return [
            action
            for action, line in TRANSITIONS.items()
            if self.status in line.sources
            and line.roles.intersection(roles)
            and (action is not Action.REOPEN or self.may_reopen(now, reopen_days))
        ]

    def check(
        self,
        action: Action,
        *,
        roles: Collection[Role],
        now: datetime,
        reopen_days: int,
        resolution: int | None = None,
    ) -> None:
        """Raise why `action` cannot be done now by somebody with these roles, if it cannot.

        `RoleRefused` when they may not; `TransitionRefused` when the state forbids it, or when they answer
        another `resolution` than the one that stands; `ReopeningTooLate`.
        """
        line = TRANSITIONS[action]
        if not line.roles.intersection(roles):
            raise RoleRefused(action)
        if self.status not in line.sources or (resolution is not None and resolution != self.resolution):
            raise self._refusal(action)
        if action is Action.REOPEN and not self.may_reopen(now, reopen_days):
            raise ReopeningTooLate(self.id, reopen_days)

    def apply(
        self,
        action: Action,
        *,
        actor: Person,
        roles: Collection[Role],
        now: datetime,
        surface: str,
        said: str | None = None,
        reopen_days: int = 0,
        resolution: int | None = None,
    ) -> Event:
        """Do `action` and return its line of history, to be added to the session.

        Raises what `check` raises, and `FieldRefused` when the action needs words and has none.
        """
        self.check(action, roles=roles, now=now, reopen_days=reopen_days, resolution=resolution)
        line = TRANSITIONS[action]
        words = (said or "").strip()
        if line.needs_text and not words:
            raise FieldRefused("text", "missing")
        before = self.status
        self.status = line.target
        self._follow(action, actor, words, now)
        return self.record(action, actor=actor, now=now, surface=surface, before=before, said=words or None)

    def record(
        self,
        action: Action,
        *,
        actor: Person,
        now: datetime,
        surface: str,
        before: Status | None,
        said: str | None = None,
    ) -> Event:
        """The next line of the ticket's history."""
        self.event_count += 1
        self.changed_at = now
        return Event(
            ticket=self,
            number=self.event_count,
            at=now,
            actor=actor,
            action=action,
            from_status=before,
            to_status=self.status,
            surface=surface,
            text=said,
        )

    def _follow(self, action: Action, actor: Person, said: str, now: datetime) -> None:
        """What an action changes beside the status."""
        match action:
            case Action.TAKE:
                self._give_to(actor, now)
            case Action.RESOLVE:
                self.solution, self.resolved_at = said, now
                self.resolution = self.event_count + 1  # the event about to be recorded
                if self.assignee is None:
                    self._give_to(actor, now)
            case Action.REFUSE:
                self._withdraw_solution()
            case Action.APPROVE:
                self.ending, self.closed_at = Ending.APPROVED, now
            case Action.CANCEL:
                self.ending, self.closed_at = Ending.CANCELLED, now
            case Action.REOPEN:
                self.ending = self.closed_at = None
                self._withdraw_solution()
                if self.assignee is None:
                    self.status = Status.NEW

    def _withdraw_solution(self) -> None:
        """The old solution leaves the ticket; it stays in its history."""
        self.solution = self.resolved_at = self.resolution = None

    def _give_to(self, technician: Person, now: datetime) -> None:
        self.assignee, self.taken_at = technician, now

    def may_reopen(self, now: datetime, reopen_days: int) -> bool:
        """Whether it was closed at most `reopen_days` ago."""
        return self.closed_at is not None and now <= self.closed_at + timedelta(days=reopen_days)

    def _refusal(self, action: Action) -> TransitionRefused:
        last = self.last_event
        return TransitionRefused(
            number=self.id,
            action=action,
            status=self.status,
            ending=self.ending,
            last_action=last.action if last else None,
            last_actor=last.actor.name if last else None,
            last_at=last.at if last else None,
        )
