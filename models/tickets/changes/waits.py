"""What a ticket waits for, and that it no longer does."""

from dataclasses import dataclass
from datetime import datetime

from models.details import EventDetails
from models.lifecycle import (
    HoldReason,
)
from models.tickets.ticket import Ticket


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
class Woken:
    """A hold without a date has lasted so long that the team looks at it again."""

    reason: HoldReason

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        return EventDetails(reason=self.reason)
