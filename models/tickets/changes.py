"""What the form of an action changes in a ticket: one `Change` each."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from models.base import LocalizedText
from models.catalogue import Service, Site, Team
from models.details import EventDetails
from models.lifecycle import TARGETS, Ending, HoldReason, Impact, Priority, Rating, Status, Urgency
from models.person import Person

if TYPE_CHECKING:
    from models.tickets.ticket import Ticket


@dataclass(frozen=True)
class Assignment:
    """The ticket is given to a technician."""

    to: Person

    def make(self, ticket: "Ticket", now: datetime) -> EventDetails:
        before = ticket.assignee
        ticket.assignee, ticket.taken_at = self.to, now
        if ticket.status is Status.NEW:
            ticket.status = Status.IN_PROGRESS
        if before is None:
            return EventDetails(to=self.to.name)
        return EventDetails(from_=before.name, to=self.to.name, from_slack_id=before.slack_id)


@dataclass(frozen=True)
class Hold:
    """The ticket waits for something, or until a date: a morning in the technician's time zone."""

    reason: HoldReason
    until: datetime | None = None

    def make(self, ticket: "Ticket", now: datetime) -> EventDetails:
        ticket.hold_reason, ticket.hold_until = self.reason, self.until
        ticket.hold_day = self.until.date() if self.until else None
        return EventDetails(reason=self.reason, until=self.until)


@dataclass(frozen=True)
class Qualification:
    """The technician sets impact, urgency, site and service; what the requester declared is kept."""

    impact: Impact
    urgency: Urgency
    site: Site
    service: Service | None

    def make(self, ticket: "Ticket", now: datetime) -> EventDetails:
        before = _qualified(ticket)
        ticket.set_priority(self.impact, self.urgency)
        ticket.due_at += TARGETS[ticket.priority] - TARGETS[before.priority]
        ticket.site, ticket.service = self.site, self.service
        return EventDetails.between(before, _qualified(ticket))


class _Qualified(NamedTuple):
    impact: Impact
    urgency: Urgency
    site: LocalizedText
    service: LocalizedText | None
    priority: Priority


def _qualified(ticket: "Ticket") -> _Qualified:
    return _Qualified(
        impact=ticket.impact,
        urgency=ticket.urgency,
        site=ticket.site.name,
        service=ticket.service.name if ticket.service else None,
        priority=ticket.priority,
    )


@dataclass(frozen=True)
class Transfer:
    """The ticket goes to another team, where nobody has it yet."""

    to: Team

    def make(self, ticket: "Ticket", now: datetime) -> EventDetails:
        before = ticket.team
        ticket.team, ticket.assignee, ticket.taken_at = self.to, None, None
        ticket.is_outage_child = False
        return EventDetails(team=before.id, from_=before.name, to=self.to.name)


@dataclass(frozen=True)
class Duplicate:
    """The ticket is closed as a duplicate of another, which stays open."""

    of: int

    def make(self, ticket: "Ticket", now: datetime) -> EventDetails:
        ticket.duplicate_of_id = self.of
        ticket.ending, ticket.closed_at = Ending.DUPLICATE, now
        return EventDetails(of=self.of)


@dataclass(frozen=True)
class Satisfaction:
    """The requester rates how their ticket was handled."""

    rating: Rating

    def make(self, ticket: "Ticket", now: datetime) -> EventDetails:
        ticket.rating = self.rating
        return EventDetails(rating=self.rating)
