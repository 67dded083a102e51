"""What requesters do about waits: put reminders off for a week, and chase the team."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.catalogue.calendar.stored import calendar_for
from bot.context.unit_of_work import UnitOfWork
from bot.services.tickets.actions import act, check, locked
from bot.services.tickets.waits.dates import opening_after_today
from models.calendar.calendar import Calendar
from models.calendar.working_days import later, working_days_between
from models.errors import ChasedToday, ChasedTooEarly
from models.lifecycle import Action
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from models.tickets.transitions import is_possible

CHASE_AFTER = 2
"""Working days without a word of the team's."""
# Since when the desk has the ball, and the team's words since.
_COUNTS = (
    *(Action.OPEN, Action.REOPEN, Action.REFUSE, Action.ANSWER, Action.WAKE, Action.RESUME),
    *(Action.REPLY, Action.ASK, Action.RESOLVE),
)


def postpone(uow: UnitOfWork, ticket_id: int) -> Ticket:
    """Put off the wait's reminders and closing by a week. Raises `PostponedEnough`, and what `act` raises."""
    return act(uow, ticket_id, Action.POSTPONE)


def chase(uow: UnitOfWork, ticket_id: int) -> Ticket:
    """Tell the team that its requester waits. Raises `ChasedTooEarly`, `ChasedToday`, and what `act`
    raises."""
    ticket = locked(uow, ticket_id)
    check(uow, ticket_id, Action.CHASE)
    counts = _counts(uow, [ticket])[ticket_id]
    if counts.is_chased_today(calendar_for(uow.session, ticket), uow.now):
        raise ChasedToday(opening_after_today(calendar_for(uow.session, ticket), uow.now))
    if (when := _chaseable_at(uow, ticket, counts)) is not None and uow.now < when:
        raise ChasedTooEarly(when)
    return act(uow, ticket_id, Action.CHASE)


def chaseable(uow: UnitOfWork, tickets: Sequence[Ticket]) -> frozenset[int]:
    """The numbers of those that their requester may chase now."""
    possible = [each for each in tickets if is_possible(each, Action.CHASE)]
    counts = _counts(uow, possible) if possible else {}
    return frozenset(
        each.id
        for each in possible
        if not counts[each.id].is_chased_today(calendar_for(uow.session, each), uow.now)
        and ((when := _chaseable_at(uow, each, counts[each.id])) is None or when <= uow.now)
    )


@dataclass(frozen=True)
class _Counts:
    """When the desk last got the ball or wrote, and when it was last chased."""

    since: datetime
    chased: datetime | None

    def is_chased_today(self, calendar: Calendar, now: datetime) -> bool:
        """Whether no working day has begun since."""
        return self.chased is not None and not working_days_between(calendar, self.chased, now)


def _counts(uow: UnitOfWork, tickets: Sequence[Ticket]) -> Mapping[int, _Counts]:
    rows = uow.session.execute(
        select(
            Event.ticket_id,
            func.max(Event.at).filter(Event.action.in_(_COUNTS)),
            func.max(Event.at).filter(Event.action == Action.CHASE),
        )
        .where(Event.ticket_id.in_([each.id for each in tickets]))
        .group_by(Event.ticket_id)
    )
    known = {number: (since, chased) for number, since, chased in rows}
    counts = {each.id: known.get(each.id, (None, None)) for each in tickets}
    return {each.id: _Counts(counts[each.id][0] or each.opened_at, counts[each.id][1]) for each in tickets}


def _chaseable_at(uow: UnitOfWork, ticket: Ticket, counts: _Counts) -> datetime | None:
    silent = later(calendar_for(uow.session, ticket), counts.since, CHASE_AFTER)
    return min(filter(None, (ticket.due_at, silent)), default=None)
