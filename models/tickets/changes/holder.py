"""Who has a ticket: a technician, a team, or nobody of it."""

from dataclasses import dataclass
from datetime import datetime

from models.catalogue import Team
from models.details import EventDetails
from models.lifecycle import (
    Status,
)
from models.person import Person
from models.tickets.changes.links import ungroup
from models.tickets.ticket import Ticket


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
class Transfer:
    """The ticket goes to another team, where nobody has it yet."""

    to: Team

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        before, holder = ticket.team, ticket.assignee
        ticket.team, ticket.assignee, ticket.taken_at = self.to, None, None
        ungroup(ticket)
        return EventDetails(
            team=before.id,
            from_=before.name,
            to=self.to.name,
            former_holder=holder.slack_id if holder else None,
        )
