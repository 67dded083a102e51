"""The dates of a ticket that waits, computed when its wait begins: when its requester is reminded, when it is
closed if they stay silent, when a hold ends.

A wait for a requester begins with a word of the team's, and ends with one of theirs.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.catalogue.calendar.stored import calendar_of
from bot.context.settings import UseCaseSettings
from bot.context.unit_of_work import UnitOfWork
from bot.notifications.waits.reminders import QUESTION_STEPS, SOLUTION_STEPS, refresh_reminder
from models.calendar.calendar import BeyondCalendar, Calendar
from models.calendar.working_days import add_working_days
from models.lifecycle import Action, HoldReason, Status
from models.tickets.event import Event
from models.tickets.ticket import Ticket

WEEK = timedelta(days=7)
BEGINS = frozenset({Action.ASK, Action.HOLD, Action.REPLY, Action.ASK_AGAIN, Action.RESOLVE})
_REVIEWED = frozenset({HoldReason.SUPPLIER, HoldReason.PART})


def follow(uow: UnitOfWork, ticket: Ticket, event: Event) -> None:
    """Begin, go on with or end the ticket's wait, as the event that was just recorded asks for."""
    with uow.session.no_autoflush:  # the event is written with the dates
        before = ticket.wait_event
        if event.action is Action.HOLD:
            plan_hold(uow, ticket, event.at)
        if not is_waiting(ticket):
            end(ticket)
        elif event.action in BEGINS:
            begin(uow, ticket, event.number, event.at)
        elif ticket.wait_event is not None and event.action in {Action.REQUALIFY, Action.POSTPONE}:
            plan(uow, ticket)
        if event.action is Action.POSTPONE or (before and before != ticket.wait_event):
            refresh_reminder(uow, ticket.requester_id, why=f"{ticket.id}:{event.number}")


def is_waiting(ticket: Ticket) -> bool:
    """Whether the last word is the team's, and an answer to it is awaited."""
    is_asked = ticket.status is Status.RESOLVED or ticket.awaits_answer
    return is_asked and ticket.requester_wrote_at is None


def begin(uow: UnitOfWork, ticket: Ticket, number: int, since: datetime) -> None:
    """A new count, from the event of this number."""
    end(ticket)
    ticket.wait_event, ticket.waits_since = number, since
    plan(uow, ticket)


def end(ticket: Ticket) -> None:
    ticket.wait_event = ticket.waits_since = ticket.remind_requester_at = ticket.close_at = (
        ticket.warned_at
    ) = None
    ticket.reminded = ticket.warned = ticket.postponed = 0
    ticket.is_kept_open = False


def plan(uow: UnitOfWork, ticket: Ticket) -> None:
    """When it is reminded of next, and when it closes, by the calendar and the settings as they are."""
    calendar, after, due = calendar_for(uow, ticket), close_after(ticket, uow.settings), steps(ticket, uow)
    has_more = ticket.reminded < len(due) and not ticket.is_kept_open
    ticket.remind_requester_at = _date(calendar, ticket, due[ticket.reminded]) if has_more else None
    # With a date the technician looks at it again then.
    closes = after and not ticket.is_kept_open and ticket.hold_until is None
    ticket.close_at = _date(calendar, ticket, after) if closes else None


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
    calendar = calendar_for(uow, ticket)
    if ticket.hold_until is not None:
        ticket.wakes_at = opening_of(calendar, ticket.hold_day or calendar.local(ticket.hold_until).date())
    elif ticket.hold_reason in _REVIEWED and uow.settings.review_hold_after:
        ticket.wakes_at = later(calendar, since, uow.settings.review_hold_after)
    else:
        ticket.wakes_at = None


def calendar_for(uow: UnitOfWork, ticket: Ticket) -> Calendar:
    """The calendar of the ticket's team and service."""
    team_id = ticket.team.id if ticket.team else ticket.team_id  # a relationship may be newer than its key
    return calendar_of(uow.session, team_id, ticket.service.id if ticket.service else None)


def later(calendar: Calendar, since: datetime, days: int) -> datetime | None:
    """The time of day of `since` so many working days later; `None` when the calendar does not open again."""
    try:
        return add_working_days(calendar, since, days)
    except BeyondCalendar:
        return None


def opening_of(calendar: Calendar, day: date) -> datetime | None:
    """When a local day opens, or the next one that does; `None` when none does."""
    try:
        return calendar.next_opening(datetime.combine(day, time(), calendar.zone))
    except BeyondCalendar:
        return None


def opening_after_today(calendar: Calendar, now: datetime) -> datetime | None:
    return opening_of(calendar, calendar.local(now).date() + timedelta(days=1))


def closing_day(uow: UnitOfWork, ticket: Ticket) -> date | None:
    """The day on which it is closed if its requester stays silent: not before the next working day."""
    if ticket.close_at is None:
        return None
    calendar = calendar_for(uow, ticket)
    at = max(filter(None, (ticket.close_at, later(calendar, uow.now, 1))))
    return calendar.local(at).date()


def _date(calendar: Calendar, ticket: Ticket, days: int) -> datetime | None:
    assert ticket.waits_since is not None
    at = later(calendar, ticket.waits_since, days)
    if at is None or not ticket.postponed:
        return at
    return later(calendar, at + ticket.postponed * WEEK, 0)
