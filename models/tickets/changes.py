"""What an action changes beside the status: always the same, or as a `Change` says."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from models.base import LocalizedText
from models.catalogue import Service, Site, Team
from models.lifecycle import TARGETS, Ending, HoldReason, Impact, Rating, Status, Urgency
from models.person import Person

if TYPE_CHECKING:
    from models.tickets.ticket import Ticket
from models.tickets.event import Details


@dataclass(frozen=True)
class Assignment:
    """The ticket is given to a technician."""

    to: Person

    def make(self, ticket: "Ticket", now: datetime) -> Details:
        before = ticket.assignee
        ticket.assignee, ticket.taken_at = self.to, now
        if ticket.status is Status.NEW:
            ticket.status = Status.IN_PROGRESS
        had_it = {"from": before.name, "from_slack_id": before.slack_id} if before else {}
        return {"to": self.to.name, **had_it}


@dataclass(frozen=True)
class Hold:
    """The ticket waits for something; until a date, when that is what it waits for: a morning where its day
    was chosen."""

    reason: HoldReason
    until: datetime | None = None

    def make(self, ticket: "Ticket", now: datetime) -> Details:
        ticket.hold_reason, ticket.hold_until = self.reason, self.until
        ticket.hold_day = self.until.date() if self.until else None
        return {"reason": self.reason.value, "until": self.until.isoformat() if self.until else None}


@dataclass(frozen=True)
class Qualification:
    """The technician's word on impact, urgency, site and service; what was declared stays beside it."""

    impact: Impact
    urgency: Urgency
    site: Site
    service: Service | None

    def make(self, ticket: "Ticket", now: datetime) -> Details:
        before, was = _qualified(ticket), ticket.priority
        ticket.set_priority(self.impact, self.urgency)
        ticket.due_at += TARGETS[ticket.priority] - TARGETS[was]
        ticket.site, ticket.service = self.site, self.service
        after = _qualified(ticket)
        changed = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
        if was is not ticket.priority:
            changed["priority"] = [was.value, ticket.priority.value]
        return changed


def _qualified(ticket: "Ticket") -> Details:
    return {
        "impact": ticket.impact.value,
        "urgency": ticket.urgency.value,
        "site": _words(ticket.site.name),
        "service": _words(ticket.service.name if ticket.service else None),
    }


@dataclass(frozen=True)
class Transfer:
    """The ticket goes to another team, where nobody has it yet."""

    to: Team

    def make(self, ticket: "Ticket", now: datetime) -> Details:
        before = ticket.team
        ticket.team, ticket.assignee, ticket.taken_at = self.to, None, None
        ticket.is_outage_child = False
        return {"team": before.id, "from": _words(before.name), "to": _words(self.to.name)}


def _words(words: LocalizedText | None) -> dict[str, str] | None:
    """Names as they were: what a line of history says stays true when the catalogue changes."""
    return {"fr": words.fr, "en": words.en} if words else None


@dataclass(frozen=True)
class Duplicate:
    """The ticket says the same as another, which goes on."""

    of: int

    def make(self, ticket: "Ticket", now: datetime) -> Details:
        ticket.duplicate_of_id = self.of
        ticket.ending, ticket.closed_at = Ending.DUPLICATE, now
        return {"of": self.of}


@dataclass(frozen=True)
class Satisfaction:
    """How the requester liked it."""

    rating: Rating

    def make(self, ticket: "Ticket", now: datetime) -> Details:
        ticket.rating = self.rating
        return {"rating": self.rating.value}
