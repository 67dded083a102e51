"""What a ticket is linked to: the one that it is a duplicate of or attached to, a known outage."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from models.details import EventDetails
from models.lifecycle import (
    Ending,
)
from models.tickets.ticket import Ticket

if TYPE_CHECKING:
    from models.tickets.outage import Outage


@dataclass(frozen=True)
class Duplicate:
    """The ticket is closed as a duplicate of another, which stays open."""

    of: int

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        ticket.duplicate_of_id = self.of
        ticket.ending, ticket.closed_at = Ending.DUPLICATE, now
        return EventDetails(of=self.of)


@dataclass(frozen=True)
class OriginalResolved:
    """The ticket that it is a duplicate of is resolved; it stays as it is."""

    original: int

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        return EventDetails(of=self.original)


@dataclass(frozen=True)
class BehindOutage:
    """The ticket is attached to a known outage, as its followers' are."""

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
        ungroup(ticket)
        return EventDetails(parent=before)


def ungroup(ticket: Ticket) -> None:
    """It gets a card of its own, and is attached to no other ticket."""
    ticket.is_outage_child, ticket.parent_id = False, None
