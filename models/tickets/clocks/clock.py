"""The clocks of a ticket, in working time: until it is taken in charge, and until it is resolved.

Pure. The clock of the resolution runs while a ticket is new or in progress, and stands while it waits for
somebody, for a date, for an agreement or for an approval, and once it is closed. The other one never stands:
it ends with the first human answer or assignment.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol

from models.calendar.service_level import ServiceLevel
from models.catalogue import Service, Team
from models.lifecycle import TEAM_ANSWERS, Action, Agreement, Priority
from models.tickets.clocks import children, promise
from models.tickets.ticket import Ticket

NEARLY, REACHED = 75, 100
"""The percentages of a target at which technicians are reminded."""
ASSIGNMENTS = frozenset({Action.TAKE, Action.ASSIGN})
"""What takes a ticket in charge; technicians do it, some with a ticket of their own."""
RESPONSES = TEAM_ANSWERS | {Action.CANCEL, Action.DUPLICATE, Action.RESUME}
"""What does so too, when somebody of the team does it who is not the requester."""
AGAIN = frozenset({Action.REFUSE, Action.REOPEN})
NO_TIME = timedelta()
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class LevelOf(Protocol):
    """Finds the service level of a team and a service."""

    def __call__(self, team: Team, service: Service | None) -> ServiceLevel: ...


class Basis(NamedTuple):
    """What the clocks of a ticket depend on."""

    is_running: bool
    is_outage_child: bool
    priority: Priority
    team: Team
    service: Service | None


def basis(ticket: Ticket) -> Basis:
    return Basis(ticket.is_worked_on, ticket.is_outage_child, ticket.priority, ticket.team, ticket.service)


def begin(ticket: Ticket, level: ServiceLevel) -> None:
    """Start both clocks of a new ticket."""
    ticket.time_used = ticket.time_granted = NO_TIME
    ticket.taken_reminded = ticket.due_reminded = 0
    ticket.clock_since = None if ticket.agreement is Agreement.ASKED else ticket.opened_at
    aim(ticket, level, ticket.opened_at)


@dataclass(frozen=True)
class Step:
    """An action that was done to a ticket."""

    action: Action
    at: datetime
    is_by_team: bool
    before: Basis


def follow(ticket: Ticket, step: Step, level_of: LevelOf) -> None:
    """Bring the clocks in line with what the step made of the ticket."""
    after = basis(ticket)
    responds = ticket.responded_at is None and _is_response(step.action, is_by_team=step.is_by_team)
    if after == step.before and not responds and step.action not in AGAIN:
        return
    level = level_of(after.team, after.service)
    note_response(ticket, step.action, step.at, level, is_by_team=step.is_by_team)
    before = level_of(step.before.team, step.before.service)
    if not after.is_running or before != level:  # what has passed counts as the former team's and service's
        stop(ticket, before, step.at)
    if step.action in AGAIN:
        grant(ticket, level)
    if after.is_running and ticket.clock_since is None:
        ticket.clock_since = step.at
    aim(ticket, level, step.at)


def note_response(
    ticket: Ticket, action: Action, at: datetime, level: ServiceLevel, *, is_by_team: bool
) -> None:
    """End the clock of being taken in charge, if the action does so."""
    if ticket.responded_at is None and _is_response(action, is_by_team=is_by_team):
        ticket.responded_at = at
        ticket.time_to_respond = max(level.calendar.elapsed(ticket.begins_at, at), NO_TIME)


def _is_response(action: Action, *, is_by_team: bool) -> bool:
    return action in ASSIGNMENTS or (is_by_team and action in RESPONSES)


def stop(ticket: Ticket, level: ServiceLevel, now: datetime) -> None:
    """Stop the clock of the resolution, if it runs."""
    if ticket.clock_since is not None:
        ticket.time_used += max(level.calendar.elapsed(ticket.clock_since, now), NO_TIME)
        ticket.clock_since = None


def grant(ticket: Ticket, level: ServiceLevel) -> None:
    """Refused or reopened: leave at least half of the target."""
    target = level.resolved(ticket.priority)
    ticket.time_granted = max(ticket.time_granted, ticket.time_used - target / 2)


def aim(ticket: Ticket, level: ServiceLevel, now: datetime) -> None:
    """Make the due moments and the next reminder anew, from the time used. While the clock stands, `due_at`
    is as if it went on now; of a late ticket it stays as it is."""
    calendar = level.calendar
    children.set_apart(ticket)
    if ticket.responded_at is None:
        ticket.taken_due_at = calendar.due(ticket.begins_at, level.taken(ticket.priority))
    left = level.resolved(ticket.priority) + ticket.time_granted - ticket.time_used
    since = ticket.clock_since or now
    if ticket.agreement is Agreement.ASKED:
        ticket.due_at = NEVER  # at the end of the queue, and in none of its tabs of what is due
    elif left > NO_TIME:
        ticket.due_at = calendar.due(since, left)
    else:
        ticket.due_at = min(ticket.due_at, now)
    promise.watch(ticket, calendar, now)
    children.draw_near(ticket)
    _set_reminders(ticket, level, now)


def reach(ticket: Ticket, level: ServiceLevel, now: datetime) -> bool:
    """Note which percentages of the targets are reached, and when the next one is. Returns whether one was
    that nobody has been reminded of."""
    before = (ticket.taken_reminded, ticket.due_reminded)
    ticket.taken_reminded, ticket.due_reminded = _reached(ticket, level, now)
    is_new = ticket.taken_reminded > before[0] or ticket.due_reminded > before[1]
    _set_reminders(ticket, level, now)
    return is_new


def _set_reminders(ticket: Ticket, level: ServiceLevel, now: datetime) -> None:
    taken, due = _reached(ticket, level, now)  # less than before when the target has moved on
    ticket.taken_reminded = min(ticket.taken_reminded, taken)
    ticket.due_reminded = min(ticket.due_reminded, due)
    ticket.remind_at = None
    if ticket.clock_since is not None and not ticket.is_outage_child:
        moments = [max(at, now) for at in _next(ticket, level, now)]
        ticket.remind_at = level.calendar.next_opening(min(moments)) if moments else None


def _next(ticket: Ticket, level: ServiceLevel, now: datetime) -> Iterator[datetime]:
    """When the next percentage of each target is reached, of which nobody was reminded."""
    taken, due = _nearly(ticket, level, now)
    if ticket.responded_at is None and ticket.taken_due_at and ticket.taken_reminded < REACHED:
        yield taken if ticket.taken_reminded < NEARLY else ticket.taken_due_at
    if ticket.due_reminded < REACHED:
        yield due if ticket.due_reminded < NEARLY else ticket.due_at


def _reached(ticket: Ticket, level: ServiceLevel, now: datetime) -> tuple[int, int]:
    nearly = _nearly(ticket, level, now)
    ends = (ticket.taken_due_at or now, ticket.due_at)
    taken, due = (
        REACHED if now >= end else NEARLY if now >= first else 0
        for first, end in zip(nearly, ends, strict=True)
    )
    return (taken if ticket.responded_at is None else 0), due


def _nearly(ticket: Ticket, level: ServiceLevel, now: datetime) -> tuple[datetime, datetime]:
    """When three quarters of each target are over; of the resolution's, the present moment or earlier when
    they are over already."""
    part = NEARLY / 100
    taken = level.calendar.due(ticket.begins_at, level.taken(ticket.priority) * part)
    whole = level.resolved(ticket.priority) + ticket.time_granted
    since = ticket.clock_since or now
    due = level.calendar.due(since, max(whole * part - ticket.time_used, NO_TIME))
    return taken, min(due, ticket.due_at) if ticket.own_due_at else due
