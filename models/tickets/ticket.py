"""The ticket: its fields, and what may happen to it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from models.base import Base, JsonColumn, UtcDateTime, enum_column, partial_index
from models.catalogue import Service, Site, Team
from models.characters import is_blank
from models.details import EventDetails
from models.errors import RatedAlready, ReopeningTooLate, RoleRefused, TransitionRefused
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import (
    CONVERSATION,
    TARGETS,
    TITLE_MAX,
    TRANSITIONS,
    Action,
    Ending,
    HoldReason,
    Impact,
    Kind,
    Priority,
    Rating,
    Role,
    Status,
    Urgency,
    priority_of,
)
from models.person import Person
from models.search_words import TEXT_MAX, search_words
from models.tickets.answer import Answer
from models.tickets.event import Change, Event

if TYPE_CHECKING:
    from models.tickets.outage import Outage


class Ticket(Base):
    """An incident or a service request. Its number, "n° 1042", is its primary key."""

    __tablename__ = "ticket"
    __table_args__ = (
        UniqueConstraint("requester_id", "submission", name="uq_ticket_submission"),
        partial_index("ix_ticket_open", "requester_id", "id", where="status != 'closed'"),
        partial_index("ix_ticket_closed", "requester_id", "id", where="status = 'closed'"),
        # The queue of each team: what stands behind an outage's card has no place in it.
        partial_index(
            "ix_ticket_queue",
            "team_id",
            "status",
            "priority",
            "due_at",
            "id",
            where="status != 'closed' AND NOT is_outage_child",
        ),
        partial_index(
            "ix_ticket_mine",
            "assignee_id",
            "priority",
            "due_at",
            "id",
            where="status NOT IN ('resolved', 'closed')",
        ),
        partial_index(
            "ix_ticket_service", "service_id", "team_id", where="status != 'closed' AND NOT is_outage_child"
        ),
        Index("ix_ticket_team_id", "team_id", "id"),
        partial_index("ix_ticket_hold", "hold_until", where="hold_until IS NOT NULL"),
        partial_index("ix_ticket_outage_id", "outage_id", where="outage_id IS NOT NULL"),
        {"sqlite_autoincrement": True},  # a number is never reused
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(enum_column(Kind))
    title: Mapped[str] = mapped_column(String(TITLE_MAX))
    description: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[Status] = mapped_column(enum_column(Status), default=Status.NEW)
    ending: Mapped[Ending | None] = mapped_column(enum_column(Ending))
    requester_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id"))
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))
    service_id: Mapped[str | None] = mapped_column(ForeignKey("service.id"))
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    """The closed ticket that this one continues."""
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    outage_id: Mapped[int | None] = mapped_column(ForeignKey("outage.id"))
    """The known outage that it follows."""
    is_outage_child: Mapped[bool] = mapped_column(default=False)
    """It stands behind its outage's card, without one of its own, until its requester has more to say."""
    filed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """The technician who filed it on behalf of its requester."""
    source: Mapped[str | None] = mapped_column(String(3000))
    """The address of the Slack message that it was made from."""
    answers: Mapped[Sequence[Answer]] = mapped_column(JsonColumn(list[Answer]), default=list)
    declared_impact: Mapped[Impact] = mapped_column(enum_column(Impact))
    declared_urgency: Mapped[Urgency] = mapped_column(enum_column(Urgency))
    impact: Mapped[Impact] = mapped_column(enum_column(Impact))
    urgency: Mapped[Urgency] = mapped_column(enum_column(Urgency))
    priority: Mapped[Priority] = mapped_column(enum_column(Priority))
    solution: Mapped[str | None] = mapped_column(Text)
    resolution: Mapped[int | None]
    """The number of the event that proposed the solution: what an approval request asks about."""
    hold_reason: Mapped[HoldReason | None] = mapped_column(enum_column(HoldReason))
    hold_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hold_day: Mapped[date | None]
    """The day of it, as it was chosen: the moment is another day's in some zones."""
    rating: Mapped[Rating | None] = mapped_column(enum_column(Rating))
    rating_comment: Mapped[str | None] = mapped_column(Text)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it becomes late: by its priority, counted from when it was filed or last reopened."""
    search_text: Mapped[str] = mapped_column(Text, default="")
    """Title, description, solution and requester, as a search compares them; "" between the change of a
    text and the next line of history."""
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submission: Mapped[str] = mapped_column(String(36))
    """A uuid drawn with the form: the same submission twice is one ticket."""
    mail_root: Mapped[str | None] = mapped_column(String(320))
    """The Message-ID that its first e-mail left under: the thread of them all, whatever MAIL_FROM becomes."""
    event_count: Mapped[int] = mapped_column(default=0)
    state_event: Mapped[int] = mapped_column(default=0)
    """The number of the event that led to its present state: who was faster."""
    version: Mapped[int] = mapped_column()

    requester: Mapped[Person] = relationship(foreign_keys=[requester_id])
    assignee: Mapped[Person | None] = relationship(foreign_keys=[assignee_id])
    filed_by: Mapped[Person | None] = relationship(foreign_keys=[filed_by_id])
    team: Mapped[Team] = relationship()
    site: Mapped[Site] = relationship()
    service: Mapped[Service | None] = relationship()
    outage: Mapped["Outage | None"] = relationship()
    turning_point: Mapped[Event | None] = relationship(
        primaryjoin="and_(Event.ticket_id == Ticket.id, Event.number == Ticket.state_event)",
        foreign_keys=[Event.ticket_id, Event.number],
        viewonly=True,
        uselist=False,
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it from the class)

    def set_priority(self, impact: Impact, urgency: Urgency) -> None:
        """Qualify the ticket; its priority follows from the pair."""
        self.impact, self.urgency = impact, urgency
        self.priority = priority_of(impact, urgency)
        if self.due_at is None:
            self.due_at = self.opened_at + TARGETS[self.priority]

    def allowed(self, roles: Collection[Role], *, now: datetime, reopen_days: int) -> list[Action]:
        """The actions open now to somebody with these roles: what a card or a detail offers."""
        return [
            action
            for action, line in TRANSITIONS.items()
            if self.status in line.sources
            and line.roles.intersection(roles)
            and (action is not Action.REOPEN or self.may_reopen(now, reopen_days))
            and (action is not Action.RATE or self.may_be_rated)
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
        another `resolution` than the one that stands; `ReopeningTooLate`; `RatedAlready`.
        """
        line = TRANSITIONS[action]
        if not line.roles.intersection(roles):
            raise RoleRefused(action)
        if self.status not in line.sources or (resolution is not None and resolution != self.resolution):
            raise self.refusal(action)
        if action is Action.REOPEN and not self.may_reopen(now, reopen_days):
            raise ReopeningTooLate(self.id, reopen_days)
        if action is Action.RATE and not self.may_be_rated:
            raise RatedAlready if self.rating else self.refusal(action)

    def apply(
        self,
        action: Action,
        *,
        actor: Person,
        roles: Collection[Role],
        now: datetime,
        surface: str,
        text: str | None = None,
        change: Change | None = None,
        reopen_days: int = 0,
        resolution: int | None = None,
    ) -> Event:
        """Do `action` and return its line of history, to be added to the session.

        Raises what `check` raises, and `FieldRefused` when the action needs words and has none.
        """
        self.check(action, roles=roles, now=now, reopen_days=reopen_days, resolution=resolution)
        line = TRANSITIONS[action]
        words = (text or "").strip()
        if line.needs_text and is_blank(words):
            raise FieldRefused(Field.TEXT, FieldReason.MISSING)
        before = self.status
        self.status = line.target or self.status
        follow(self, action, actor, words, now)
        details = change.make(self, now) if change else None
        # What is said to somebody stands in a comment, not in the history.
        kept = None if action in CONVERSATION else words or None
        return self.record(
            action, actor=actor, now=now, surface=surface, before=before, text=kept, details=details
        )

    def record(
        self,
        action: Action,
        *,
        actor: Person,
        now: datetime,
        surface: str,
        before: Status | None,
        text: str | None = None,
        details: EventDetails | None = None,
    ) -> Event:
        """The next line of the ticket's history."""
        self.event_count += 1
        self.changed_at = now
        if before is not self.status or action is Action.ASSIGN:
            self.state_event = self.event_count
        if not self._is_search_text_current():
            self.update_search_text()
        return Event(
            ticket=self,
            number=self.event_count,
            at=now,
            actor=actor,
            action=action,
            from_status=before,
            to_status=self.status,
            surface=surface,
            text=text,
            details=details or EventDetails(),
        )

    def update_search_text(self) -> None:
        """Bring the text that a search compares up to date."""
        text = (self.title, self.description, self.solution or "", self.requester.name)
        self.search_text = " ".join(search_words(" ".join(text[:TEXT_MAX] for text in text)))

    def _is_search_text_current(self) -> bool:
        """Whether the texts are as they were, and the requester's name is among them."""
        return bool(self.search_text) and set(search_words(self.requester.name)) <= set(
            self.search_text.split()
        )

    @validates("title", "description", "solution")
    def _clear_search_text(self, _field: str, text: str | None) -> str | None:
        self.search_text = ""
        return text

    @property
    def waits_until(self) -> date | None:
        """The day on which a ticket on hold wakes up."""
        return self.hold_day or (self.hold_until.date() if self.hold_until else None)

    @property
    def may_be_rated(self) -> bool:
        """Whether its requester may still say how satisfied they are."""
        return self.ending is Ending.APPROVED and self.rating is None

    def is_late(self, now: datetime) -> bool:
        """Whether it should have been resolved by now; while it waits for something it is not late."""
        return self.status in {Status.NEW, Status.IN_PROGRESS} and now > self.due_at

    def may_reopen(self, now: datetime, reopen_days: int) -> bool:
        """Whether it was closed at most `reopen_days` ago."""
        return self.closed_at is not None and now <= self.closed_at + timedelta(days=reopen_days)

    def refusal(self, action: Action) -> TransitionRefused:
        last = self.turning_point
        return TransitionRefused(
            number=self.id,
            action=action,
            status=self.status,
            ending=self.ending,
            last_action=last.action if last else None,
            last_actor=last.actor.name if last else None,
            last_at=last.at if last else None,
            last_details=last.details if last else EventDetails(),
        )


def follow(ticket: "Ticket", action: Action, actor: Person, text: str, now: datetime) -> None:
    """What the action itself changes, its status being the new one already."""
    if ticket.status is not Status.PENDING:
        ticket.hold_reason = ticket.hold_until = ticket.hold_day = None
    match action:
        case Action.TAKE:
            ticket.assignee, ticket.taken_at = actor, now
        case Action.ASK:
            ticket.hold_reason = HoldReason.REQUESTER
        case Action.RESOLVE:
            _propose(ticket, actor, text, now)
        case Action.REFUSE:
            _withdraw_solution(ticket)
            ticket.is_outage_child = False
        case Action.COMMENT | Action.ANSWER:
            ticket.is_outage_child = False
        case Action.APPROVE | Action.RECORD_APPROVAL:
            ticket.ending, ticket.closed_at = Ending.APPROVED, now
        case Action.CANCEL:
            ticket.ending, ticket.closed_at = Ending.CANCELLED, now
        case Action.REOPEN:
            _start_again(ticket, now)


def _propose(ticket: "Ticket", actor: Person, solution: str, now: datetime) -> None:
    ticket.solution, ticket.resolved_at = solution, now
    ticket.resolution = ticket.event_count + 1  # the event about to be recorded
    if ticket.assignee is None:
        ticket.assignee, ticket.taken_at = actor, now


def _withdraw_solution(ticket: "Ticket") -> None:
    """The old solution leaves the ticket; it stays in its history."""
    ticket.solution = ticket.resolved_at = ticket.resolution = None


def _start_again(ticket: "Ticket", now: datetime) -> None:
    ticket.due_at = now + TARGETS[ticket.priority]
    ticket.ending = ticket.closed_at = ticket.duplicate_of_id = None
    ticket.rating = ticket.rating_comment = None
    ticket.is_outage_child = False
    _withdraw_solution(ticket)
    if ticket.assignee is None:
        ticket.status = Status.NEW
