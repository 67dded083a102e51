"""What an action changes in a ticket beside its status: always the same, or as a `Change` says."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from models.base import LocalizedText
from models.catalogue import Service, Site, Team
from models.details import EventDetails
from models.lifecycle import (
    REQUESTER_WRITES,
    TEAM_ANSWERS,
    Action,
    Ending,
    HoldReason,
    Impact,
    Priority,
    Rating,
    Status,
    Urgency,
)
from models.person import Person
from models.tickets.ticket import Ticket

if TYPE_CHECKING:
    from models.tickets.outage import Outage


_ENDS_WAIT = frozenset({Action.ANSWER, Action.WAKE})


def apply_effects(ticket: Ticket, action: Action, actor: Person, text: str, now: datetime) -> None:
    """Change what the action always changes beside the status, which is the new one already."""
    if ticket.status is not Status.PENDING:
        ticket.hold_reason = ticket.hold_until = ticket.hold_day = ticket.wakes_at = None
    if action in _ENDS_WAIT and ticket.assignee is None:
        ticket.status = Status.NEW  # it waited without anybody having taken it
    if action in REQUESTER_WRITES:
        ticket.requester_wrote_at = now
    elif action in TEAM_ANSWERS:
        ticket.requester_wrote_at = ticket.chased_at = None
    if action in {Action.ANSWER, Action.WAKE} and ticket.assignee is None:
        ticket.status = Status.NEW  # nobody has it: who had it has left the team
    match action:
        case Action.TAKE:
            ticket.assignee, ticket.taken_at = actor, now
        case Action.RESUME if ticket.assignee is None:
            ticket.assignee, ticket.taken_at = actor, now
        case Action.ASK:
            ticket.hold_reason = HoldReason.REQUESTER
        case Action.RESOLVE:
            _propose(ticket, actor, text, now)
        case Action.REFUSE:
            _withdraw_solution(ticket)
            _ungroup(ticket)
        case Action.COMMENT | Action.ANSWER:
            _ungroup(ticket)
        case Action.APPROVE | Action.RECORD_APPROVAL:
            ticket.ending, ticket.closed_at = Ending.APPROVED, now
        case Action.CANCEL:
            ticket.ending, ticket.closed_at = Ending.CANCELLED, now
        case Action.CLOSE:
            ticket.ending, ticket.closed_at = Ending.SILENCE, now
        case Action.DECLINE:
            ticket.ending, ticket.closed_at = Ending.DECLINED, now
        case Action.POSTPONE:
            _postpone(ticket)
        case Action.CHASE:
            ticket.chased_at = now
        case Action.REOPEN | Action.UNDO_CLOSING:
            _reopen(ticket)


def _propose(ticket: Ticket, actor: Person, solution: str, now: datetime) -> None:
    ticket.solution, ticket.resolved_at = solution, now
    ticket.resolution = ticket.event_count + 1  # the event about to be recorded
    if ticket.assignee is None:
        ticket.assignee, ticket.taken_at = actor, now


def _postpone(ticket: Ticket) -> None:
    """A week more: the last reminder is sent again then, once however often they ask before."""
    ticket.postponed += 1
    if ticket.warned_at is not None or ticket.warned < ticket.reminded:
        ticket.reminded -= 1
        ticket.warned, ticket.warned_at = min(ticket.warned, ticket.reminded), None


def _withdraw_solution(ticket: Ticket) -> None:
    """The old solution leaves the ticket; it stays in its history."""
    ticket.solution = ticket.resolved_at = ticket.resolution = None


def _ungroup(ticket: Ticket) -> None:
    """It gets a card of its own, and is attached to no other ticket."""
    ticket.is_outage_child, ticket.parent_id = False, None


def _reopen(ticket: Ticket) -> None:
    ticket.ending = ticket.closed_at = ticket.duplicate_of_id = None
    ticket.rating = ticket.rating_comment = None
    _ungroup(ticket)
    _withdraw_solution(ticket)
    if ticket.assignee is None:
        ticket.status = Status.NEW


@dataclass(frozen=True)
class Assignment:
    """The ticket is given to a technician."""

    to: Person

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        before = ticket.assignee
        ticket.assignee, ticket.taken_at = self.to, now
        if ticket.status is Status.NEW:
            ticket.status = Status.IN_PROGRESS
        if before is None:
            return EventDetails(to=self.to.name)
        return EventDetails(from_=before.name, to=self.to.name, from_slack_id=before.slack_id)


@dataclass(frozen=True)
class Unassignment:
    """Who has the ticket is no longer of its team. On hold, it goes on waiting."""

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        before = ticket.assignee
        ticket.assignee = ticket.taken_at = None
        if ticket.status is Status.IN_PROGRESS:
            ticket.status = Status.NEW
        if before is None:
            return EventDetails()
        return EventDetails(from_=before.name, from_slack_id=before.slack_id)


@dataclass(frozen=True)
class Hold:
    """The ticket waits for something, or until a day: when the desk opens then, in its own time zone."""

    reason: HoldReason
    until: datetime | None = None

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        ticket.hold_reason, ticket.hold_until = self.reason, self.until
        ticket.hold_day = self.until.date() if self.until else None
        ticket.wakes_at = self.until
        return EventDetails(reason=self.reason, until=self.until)


@dataclass(frozen=True)
class Qualification:
    """The technician sets impact, urgency, site and service; what the requester declared is kept."""

    impact: Impact
    urgency: Urgency
    site: Site
    service: Service | None

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        before = _qualified(ticket)
        ticket.set_priority(self.impact, self.urgency)
        ticket.site, ticket.service = self.site, self.service
        return EventDetails.between(before, _qualified(ticket))


class _Qualified(NamedTuple):
    impact: Impact
    urgency: Urgency
    site: LocalizedText
    service: LocalizedText | None
    priority: Priority


def _qualified(ticket: Ticket) -> _Qualified:
    return _Qualified(
        impact=ticket.impact,
        urgency=ticket.urgency,
        site=ticket.site.name,
        service=ticket.service.name if ticket.service else None,
        priority=ticket.priority,
    )


@dataclass(frozen=True)
class Edit:
    """The requester corrects what they declared."""

    title: str
    description: str
    impact: Impact
    urgency: Urgency
    site: Site

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        before, is_described_anew = _declared(ticket), self.description != ticket.description
        ticket.title, ticket.description, ticket.site = self.title, self.description, self.site
        if self.impact is not ticket.impact:
            ticket.declared_impact = self.impact
        if self.urgency is not ticket.urgency:
            ticket.declared_urgency = self.urgency
        ticket.set_priority(self.impact, self.urgency)
        details = EventDetails.between(before, _declared(ticket))
        return details.model_copy(update={"description": True}) if is_described_anew else details


class _Declared(NamedTuple):
    title: str
    impact: Impact
    urgency: Urgency
    site: LocalizedText
    priority: Priority


def _declared(ticket: Ticket) -> _Declared:
    return _Declared(ticket.title, ticket.impact, ticket.urgency, ticket.site.name, ticket.priority)


@dataclass(frozen=True)
class Transfer:
    """The ticket goes to another team, where nobody has it yet."""

    to: Team

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        before, holder = ticket.team, ticket.assignee
        ticket.team, ticket.assignee, ticket.taken_at = self.to, None, None
        _ungroup(ticket)
        return EventDetails(
            team=before.id,
            from_=before.name,
            to=self.to.name,
            former_holder=holder.slack_id if holder else None,
        )


@dataclass(frozen=True)
class Duplicate:
    """The ticket is closed as a duplicate of another, which stays open."""

    of: int

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        ticket.duplicate_of_id = self.of
        ticket.ending, ticket.closed_at = Ending.DUPLICATE, now
        return EventDetails(of=self.of)


@dataclass(frozen=True)
class BehindOutage:
    """The ticket is put behind a known outage, as its followers' are."""

    outage: "Outage"

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        ticket.outage, ticket.outage_id, ticket.is_outage_child = self.outage, self.outage.id, True
        return EventDetails(outage=self.outage.id, to=self.outage.title)


@dataclass(frozen=True)
class FreeOfOutage:
    """The ticket no longer follows its outage, and has a card of its own."""

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        outage = ticket.outage
        assert outage is not None
        ticket.outage = ticket.outage_id = None
        ticket.is_outage_child = False
        return EventDetails(outage=outage.id, to=outage.title)


@dataclass(frozen=True)
class Woken:
    """A hold without a date has lasted so long that the team looks at it again."""

    reason: HoldReason

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        return EventDetails(reason=self.reason)


@dataclass(frozen=True)
class OriginalResolved:
    """The ticket that it is a duplicate of is resolved; it stays as it is."""

    original: int

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        return EventDetails(of=self.original)


@dataclass(frozen=True)
class Attached:
    """The ticket is resolved with another from now on, behind which it has no card of its own."""

    to: int

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        ticket.parent_id, ticket.is_outage_child = self.to, True
        return EventDetails(parent=self.to)


@dataclass(frozen=True)
class Detached:
    """The ticket stands for itself again, and has a card."""

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        before = ticket.parent_id
        _ungroup(ticket)
        return EventDetails(parent=before)


@dataclass(frozen=True)
class Satisfaction:
    """The requester rates how their ticket was handled."""

    rating: Rating

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        ticket.rating = self.rating
        return EventDetails(rating=self.rating)
