"""The ticket: its fields, and what follows from them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, ForeignKey, SmallInteger, String, Text, false, func, select
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Duration, JsonColumn, UtcDateTime, enum_column
from models.catalogue import Service, Site, Team
from models.lifecycle import (
    TITLE_MAX,
    Agreement,
    Ending,
    HoldReason,
    Impact,
    Kind,
    Priority,
    Rating,
    Status,
    Urgency,
    priority_of,
)
from models.person import Person
from models.tickets.answer import Answer
from models.tickets.event import Event
from models.tickets.indexes import TICKET_INDEXES

if TYPE_CHECKING:
    from models.tickets.outage import Outage

# The states in which the clock of its resolution runs.
RUNNING = frozenset({Status.NEW, Status.IN_PROGRESS})
# How long the team's card of a closed ticket stays whole after the last event.
SHORT_AFTER = timedelta(days=1)
FORGOTTEN_TITLE = "—"
"""The title of a ticket whose contents were erased; screens say so in words."""


class Ticket(Base):
    """An incident or a service request. Its number, "n° 1042", is its primary key."""

    __tablename__ = "ticket"
    __table_args__ = (
        *TICKET_INDEXES,
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
    """It has no card of its own and is not in the queue until its requester writes (ITIL: a child incident):
    it follows an outage, or is attached to another ticket."""
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    """The ticket that it is attached to, and resolved with (ITIL: the parent incident); one that is closed
    keeps it. While it is attached and open, `is_outage_child` holds too."""
    agreement: Mapped[Agreement] = mapped_column(
        enum_column(Agreement), default=Agreement.NOT_NEEDED, server_default=Agreement.NOT_NEEDED
    )
    """While it is asked, nobody resolves the ticket and the clock of its resolution has not begun."""
    is_kept_from_team: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Until its agreement is given, or one of its team does something with it, it has no card and is not in
    the queue (`Service.approval_before_team`)."""
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was last given, or withdrawn for another service: both targets are counted from then."""
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
    """The day of it, as it was chosen: `hold_until` is on another day in some time zones."""
    wakes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a hold ends by itself: `hold_until`; of a supplier or a part without a date, when it is looked at
    again."""
    wait_event: Mapped[int | None]
    """The number of the team's word that its requester has not answered; `None` while the desk has the
    ball."""
    waits_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When that was. Reminders and the closing are counted from it."""
    reminded: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many reminders of this wait were queued."""
    warned: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many of them arrived."""
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the last of them did."""
    postponed: Mapped[int] = mapped_column(default=0, server_default="0")
    """By how many weeks its requester put off this wait's reminders and closing."""
    remind_requester_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    close_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it is closed if its requester stays silent; `None`: never."""
    is_kept_open: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A reminder of this wait did not arrive: it is not closed by silence."""
    chased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its requester last chased it; `None` once the team has answered."""
    rating: Mapped[Rating | None] = mapped_column(enum_column(Rating))
    rating_comment: Mapped[str | None] = mapped_column(Text)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it becomes late, by its target. While its clock stands, as if it went on when it stopped; while an
    agreement is asked, in the year 9999.
    `models.tickets.clocks.clock` keeps this column and the following ones."""
    own_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it would become late by itself, while a ticket attached to it is due earlier."""
    children_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the first of the open tickets attached to it becomes late."""
    clock_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when the clock of the resolution runs; `None` while it stands."""
    time_used: Mapped[timedelta] = mapped_column(Duration, default=timedelta(), server_default="0")
    """The working time that it had run before; of a resolved ticket, until its resolution."""
    time_granted: Mapped[timedelta] = mapped_column(Duration, default=timedelta(), server_default="0")
    """What refusals and reopenings have added to its target."""
    taken_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """By when it should be taken in charge; `None` of tickets of version 0.2 that were not made anew."""
    responded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When somebody of the team first answered its requester, or it was first taken or assigned."""
    time_to_respond: Mapped[timedelta | None] = mapped_column(Duration)
    """The working time until then."""
    taken_reminded: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    """The percentage of the first target, 0, 75 or 100, of which technicians were reminded."""
    due_reminded: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    """The same, of the second."""
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the next percentage is reached, within opening hours; `None` when none is left or it stands."""
    late_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its requester's card is to say that a promise is late (`models.tickets.clocks.promise`)."""
    requester_wrote_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its requester last wrote; `None` once the team has answered."""
    search_text: Mapped[str] = mapped_column(Text, default="")
    """What its requester and its team find it by, as a search compares it (`models.search.text`)."""
    internal_search_text: Mapped[str] = mapped_column(Text, default="")
    """What only its team finds it by: the words of the notes."""
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    shortens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its team's card becomes short; `None` while it is open, and once it was queued."""
    submission: Mapped[str] = mapped_column(String(36))
    """A uuid made with the form: the same submission twice is one ticket."""
    mail_root: Mapped[str | None] = mapped_column(String(320))
    """The Message-ID of its first e-mail, which the later ones refer to, whatever MAIL_FROM becomes."""
    event_count: Mapped[int] = mapped_column(default=0)
    state_event: Mapped[int] = mapped_column(default=0)
    """The number of the event that led to its present state."""
    files_forgotten_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its files and notes were erased."""
    forgotten_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When all was erased that it says and whom it leads to; nothing is done with it any more."""
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

    @property
    def is_worked_on(self) -> bool:
        """Whether the desk has the ball: it is open, waits for nobody, and no agreement is asked."""
        return self.status in RUNNING and self.agreement is not Agreement.ASKED

    @property
    def has_card(self) -> bool:
        """Whether its team has a card of its own for it."""
        return not (self.is_outage_child or self.is_kept_from_team)

    @hybrid_property
    def is_confidential(self) -> bool:
        """Whether its team or its service is: messages about it have its number and state only."""
        return any(each is not None and each.is_confidential for each in (self.team, self.service))

    @is_confidential.inplace.expression
    @classmethod
    def _is_confidential(cls) -> ColumnElement[bool]:
        teams = select(Team.id).where(Team.is_confidential)
        services = select(Service.id).where(Service.is_confidential)
        return cls.team_id.in_(teams) | func.coalesce(cls.service_id, "").in_(services)

    @property
    def promised_at(self) -> datetime:
        """When it becomes late by its own target, whatever is attached to it."""
        return self.own_due_at or self.due_at

    @property
    def begins_at(self) -> datetime:
        """Since when the desk may work on it."""
        return self.agreed_at or self.opened_at

    @property
    def waits_until(self) -> date | None:
        """The day on which a ticket on hold is resumed."""
        return self.hold_day or (self.hold_until.date() if self.hold_until else None)

    @hybrid_property
    def awaits_answer(self) -> bool:
        """Whether it waits for its requester to write; in a query, the condition for it."""
        return self.status is Status.PENDING and self.hold_reason is HoldReason.REQUESTER

    @awaits_answer.inplace.expression
    @classmethod
    def _awaits_answer(cls) -> ColumnElement[bool]:
        return (cls.status == Status.PENDING) & (cls.hold_reason == HoldReason.REQUESTER)

    @property
    def may_be_rated(self) -> bool:
        """Whether its requester may still say how satisfied they are."""
        return self.ending is Ending.APPROVED and self.rating is None

    def has_short_card(self, now: datetime) -> bool:
        """Whether its team's card has two lines: it is closed, and nothing has happened to it for a day."""
        return self.status is Status.CLOSED and now >= self.changed_at + SHORT_AFTER

    def is_late(self, now: datetime) -> bool:
        """Whether it should have been resolved by now; never while it waits."""
        return self.is_worked_on and now > self.due_at
