"""What a ticket's requester is promised: by when somebody takes it in charge, then by when it is resolved.

Pure. Nothing is promised while the ticket waits for somebody, for something or for an agreement, once it is
resolved, and to a grouped follower of an outage, whose targets are the outage's.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.calendar.calendar import Calendar
from models.tickets.ticket import Ticket


class Aim(StrEnum):
    """What a promise is about."""

    RESPONSE = "response"  # the first human answer or assignment
    RESOLUTION = "resolution"


class MoveReason(StrEnum):
    """Why a promise has moved later by no act of the requester's."""

    RECLASSIFIED = "reclassified"
    TRANSFERRED = "transferred"
    HOURS = "hours"  # the opening hours, or the targets, are others


@dataclass(frozen=True)
class Promise:
    aim: Aim
    at: datetime

    def is_missed(self, now: datetime) -> bool:
        return now >= self.at


@dataclass(frozen=True)
class ShownPromise:
    """A promise as its requester reads it."""

    promise: Promise
    is_missed: bool
    opens_at: datetime | None = None
    """When the desk opened, or opens, after a ticket was filed outside of its hours; until it responds."""


def promise_of(ticket: Ticket) -> Promise | None:
    """What is promised now, if anything is."""
    if not ticket.is_worked_on or ticket.is_outage_child or ticket.taken_due_at is None:
        return None
    if ticket.responded_at is None:
        return Promise(Aim.RESPONSE, ticket.taken_due_at)
    return Promise(Aim.RESOLUTION, ticket.promised_at)


def shown(ticket: Ticket, calendar: Calendar, now: datetime) -> ShownPromise | None:
    """The same, for its requester."""
    promise = promise_of(ticket)
    if promise is None:
        return None
    is_missed, opens_at = promise.is_missed(now), None
    if promise.aim is Aim.RESPONSE and not is_missed and not calendar.is_open(ticket.begins_at):
        opens_at = calendar.next_opening(ticket.begins_at)
    return ShownPromise(promise, is_missed, opens_at)


def has_moved_later(before: Promise | None, after: Promise | None) -> bool:
    """Whether the same thing is promised for later."""
    return before is not None and after is not None and before.aim is after.aim and after.at > before.at


def watch(ticket: Ticket, calendar: Calendar, now: datetime) -> None:
    """Note when the requester's card has to say that the promise is missed, within opening hours; not again
    once it says so."""
    promise = promise_of(ticket)
    if promise is None:
        ticket.late_at = None
    elif not promise.is_missed(now):
        ticket.late_at = calendar.next_opening(promise.at)
    elif ticket.late_at is not None:
        ticket.late_at = calendar.next_opening(now)
