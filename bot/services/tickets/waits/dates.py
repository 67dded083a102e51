"""When a waiting ticket's requester is reminded, when it is closed if they stay silent, when a hold ends."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select

from bot.catalogue.calendar.stored import calendar_for
from bot.context.settings import UseCaseSettings
from bot.context.unit_of_work import UnitOfWork
from bot.notifications.waits.reminders import QUESTION_STEPS, SOLUTION_STEPS
from models.calendar.calendar import BeyondCalendar, Calendar
from models.calendar.working_days import later
from models.lifecycle import Action, HoldReason, Status
from models.tickets.event import Event
from models.tickets.ticket import Ticket

WEEK = timedelta(days=7)
_REVIEWED = frozenset({HoldReason.SUPPLIER, HoldReason.PART})


def plan(uow: UnitOfWork, ticket: Ticket) -> None:
    """When it is reminded of next, and when it closes, by the calendar and the settings as they are: not
    before the working day after the reminders that are left."""
    after, due = close_after(ticket, uow.settings), steps(ticket, uow)
    has_more = ticket.reminded < len(due) and not ticket.is_kept_open
    ticket.remind_requester_at = _date(uow, ticket, due[ticket.reminded]) if has_more else None
    # With a date the technician looks at it again then.
    closes = after and not ticket.is_kept_open and ticket.hold_until is None
    ticket.close_at = _date(uow, ticket, after) if closes else None
    if ticket.close_at and (reminded_at := ticket.remind_requester_at):
        ticket.close_at = max(
            ticket.close_at, later(calendar_for(uow.session, ticket), reminded_at, 1) or reminded_at
        )


def steps(ticket: Ticket, uow: UnitOfWork) -> Sequence[int]:
    """After how many working days its requester is reminded: before it closes."""
    after = close_after(ticket, uow.settings)
    every = SOLUTION_STEPS if ticket.status is Status.RESOLVED else QUESTION_STEPS
    return [each for each in every if not after or each < after]


def close_after(ticket: Ticket, settings: UseCaseSettings) -> int:
    """After how many working days of silence it closes; 0: never."""
    return (
        settings.close_solution_after if ticket.status is Status.RESOLVED else settings.close_question_after
    )


def plan_hold(uow: UnitOfWork, ticket: Ticket, since: datetime) -> None:
    """When a hold ends: as its day opens; without a day, once it is to be reviewed."""
    calendar = calendar_for(uow.session, ticket)
    if ticket.hold_until is not None:
        ticket.wakes_at = opening_of(calendar, ticket.hold_day or calendar.local(ticket.hold_until).date())
    elif uow.settings.review_hold_after and _is_reviewed(ticket):
        ticket.wakes_at = later(calendar, since, uow.settings.review_hold_after)
    else:
        ticket.wakes_at = None


def _is_reviewed(ticket: Ticket) -> bool:
    """Whether nobody is reminded of the hold: it waits for others, or the requester was asked nothing."""
    return ticket.hold_reason in _REVIEWED or ticket.wait_event is None


def opening_of(calendar: Calendar, day: date) -> datetime | None:
    """When a local day opens, or the next one that does; `None` when none does."""
    try:
        return calendar.next_opening(datetime.combine(day, time(), calendar.zone))
    except BeyondCalendar:
        return None


def opening_after_today(calendar: Calendar, now: datetime) -> datetime | None:
    return opening_of(calendar, calendar.local(now).date() + timedelta(days=1))


def closing_day(uow: UnitOfWork, ticket: Ticket) -> date | None:
    """The day on which it is closed if its requester stays silent: not before the working day after the last
    warning, which is sent now unless it was before."""
    if ticket.close_at is None:
        return None
    calendar = calendar_for(uow.session, ticket)
    is_warned = ticket.remind_requester_at is None and ticket.warned >= ticket.reminded
    warned_at = ticket.warned_at if is_warned and ticket.warned_at else uow.now
    at = max(filter(None, (ticket.close_at, later(calendar, warned_at, 1))))
    return calendar.local(at).date()


def _date(uow: UnitOfWork, ticket: Ticket, days: int) -> datetime | None:
    """So many working days after the wait began; put off by its requester, that many weeks later, and not
    within a week of their asking."""
    assert ticket.waits_since is not None
    calendar = calendar_for(uow.session, ticket)
    at = later(calendar, ticket.waits_since, days)
    if at is None or not ticket.postponed:
        return at
    asked_at = uow.session.scalar(
        select(func.max(Event.at)).where(Event.ticket_id == ticket.id, Event.action == Action.POSTPONE)
    )
    return later(calendar, max(at + ticket.postponed * WEEK, (asked_at or ticket.waits_since) + WEEK), 0)
