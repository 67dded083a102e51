"""Follows the waits of tickets: an event begins one, ends it or moves its dates; so does another calendar.

A wait for a requester begins with a word of the team's, and ends with one of theirs.
"""

from datetime import datetime

from sqlalchemy import func, select

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.cards import refresh_card
from bot.notifications.waits.reminders import refresh_reminder
from bot.services.approvals.follow import follow_agreement
from bot.services.tickets.waits.dates import closing_day, plan, plan_hold, steps
from models.lifecycle import TEAM_ANSWERS, Action, Status
from models.tickets.event import Event
from models.tickets.ticket import Ticket

BEGINS = frozenset({Action.ASK, Action.HOLD, Action.REPLY, Action.ASK_AGAIN, Action.RESOLVE})


def follow(uow: UnitOfWork, ticket: Ticket, event: Event) -> None:
    """Begin, go on with or end the ticket's wait, as the event that was just recorded asks for."""
    before = ticket.wait_event
    if event.action is Action.POSTPONE:
        uow.session.add(event)  # its time counts
    with uow.session.no_autoflush:  # the event is written with the dates
        follow_agreement(uow, ticket, event)
        if not is_waiting(ticket):
            end(ticket)
        elif event.action in BEGINS and _is_asked(uow, ticket, event.action):
            begin(uow, ticket, event.number, event.at)
        if event.action is Action.HOLD:
            plan_hold(uow, ticket, event.at)
        if event.action is Action.REQUALIFY:
            plan_anew(uow, ticket, why=str(event.number))
        if before and before != ticket.wait_event:
            refresh_reminder(uow, ticket.requester_id, why=f"{ticket.id}:{event.number}")
    if event.action is Action.POSTPONE:
        plan(uow, ticket)
        refresh_reminder(uow, ticket.requester_id, why=f"{ticket.id}:{event.number}")


def hear_edit(uow: UnitOfWork, ticket: Ticket, edited: Event) -> None:
    """The requester edited what they wrote, perhaps into an answer: their word is the last."""
    if ticket.wait_event is None:
        return
    why = f"{edited.number}:edited:{uow.now.timestamp()}"
    ticket.requester_wrote_at = uow.now
    end(ticket)
    refresh_card(uow, ticket, edited, why=why)
    refresh_reminder(uow, ticket.requester_id, why=f"{ticket.id}:{why}")


def is_waiting(ticket: Ticket) -> bool:
    """Whether the last word is the team's, and an answer to it is awaited."""
    is_asked = ticket.status is Status.RESOLVED or ticket.awaits_answer
    return is_asked and ticket.requester_wrote_at is None


def _is_asked(uow: UnitOfWork, ticket: Ticket, action: Action) -> bool:
    """Whether the requester has a word of the team's to answer: a hold alone is none."""
    if action is not Action.HOLD:
        return True
    words = select(Event.id).where(Event.ticket_id == ticket.id, Event.action.in_(TEAM_ANSWERS)).limit(1)
    return uow.session.scalar(words) is not None


def begin_late(uow: UnitOfWork, ticket: Ticket) -> None:
    """Begin the count of what has waited since before the upgrade: its requester gets all warnings."""
    last = Action.HOLD if ticket.status is Status.PENDING else Action.RESOLVE
    if ticket.wait_event is None and is_waiting(ticket) and _is_asked(uow, ticket, last):
        begin(uow, ticket, ticket.state_event, uow.now)


def begin(uow: UnitOfWork, ticket: Ticket, number: int, since: datetime) -> None:
    """A new count, from the event of this number."""
    end(ticket)
    ticket.wait_event, ticket.waits_since = number, since
    if ticket.hold_until is None:
        ticket.wakes_at = None
    plan(uow, ticket)


def end(ticket: Ticket) -> None:
    """The count is over."""
    ticket.wait_event = ticket.waits_since = ticket.remind_requester_at = ticket.close_at = (
        ticket.warned_at
    ) = None
    ticket.reminded = ticket.warned = ticket.postponed = 0
    ticket.is_kept_open = False


def plan_anew(uow: UnitOfWork, ticket: Ticket, *, why: str) -> None:
    """By a calendar or settings that have changed: when its hold ends, when it is reminded of and closed. The
    reminder that stands names the new day; of an earlier one than it named there is another reminder."""
    if ticket.status is Status.PENDING and (ticket.hold_until is not None or ticket.wait_event is None):
        held = (Event.ticket_id == ticket.id, Event.action == Action.HOLD)
        since = uow.session.scalar(select(func.max(Event.at)).where(*held))
        plan_hold(uow, ticket, since or ticket.changed_at)
    if ticket.wait_event is None:
        return
    before = closing_day(uow, ticket)
    plan(uow, ticket)
    after, is_last = closing_day(uow, ticket), ticket.remind_requester_at is None
    if after and (before is None or after < before) and is_last and ticket.reminded:
        ticket.reminded = max(len(steps(ticket, uow)) - 1, 0)
        ticket.warned = min(ticket.warned, ticket.reminded)
        plan(uow, ticket)
    elif after != before:
        refresh_reminder(uow, ticket.requester_id, why=f"{ticket.id}:dates:{why}")
