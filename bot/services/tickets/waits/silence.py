"""Closes what its requester never answered, after warnings that arrived."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.catalogue.calendar.stored import calendar_for
from bot.catalogue.service_levels import StoredLevels
from bot.context.unit_of_work import UnitOfWork
from bot.notifications import enqueue
from bot.notifications.waits.outcome import keep_ticket_open
from bot.notifications.waits.reminders import is_queued
from bot.services.tickets.history import event_numbered
from bot.services.tickets.waits.apart import do_apart
from bot.services.tickets.waits.dates import plan
from bot.services.tickets.waits.follow import end, follow, is_waiting
from models.calendar.calendar import Calendar
from models.calendar.working_days import is_open, later
from models.lifecycle import Action, Role
from models.message_draft import MessageDraft
from models.outbox.reasons import Undelivered
from models.tickets.ticket import Ticket
from models.tickets.transitions import Trigger, apply

JUST = timedelta(hours=1)
PORTION = 50
"""Tickets in one transaction: a click on one of them waits for it."""


def close_silent(uow: UnitOfWork) -> bool:
    """Close a portion of the tickets whose time has come. Returns whether others may be left."""
    due = uow.session.scalars(
        select(Ticket)
        .where(Ticket.close_at.is_not(None), Ticket.close_at <= uow.now)
        .order_by(Ticket.close_at, Ticket.id)
        .limit(PORTION)
        .with_for_update(skip_locked=True)
    ).all()
    do_apart(uow, due, partial(_look_at, uow), _put_off)
    return len(due) == PORTION


def _look_at(uow: UnitOfWork, ticket: Ticket) -> None:
    if is_waiting(ticket):
        _close_if_due(uow, ticket)
    else:
        end(ticket)


def _put_off(ticket: Ticket, until: datetime) -> None:
    ticket.close_at = until


def _close_if_due(uow: UnitOfWork, ticket: Ticket) -> None:
    """Close it, or set when it is looked at again: settings and calendar may have changed, a warning may be
    late, or may never have arrived."""
    plan(uow, ticket)
    if ticket.close_at is None or ticket.close_at > uow.now:
        return
    calendar = calendar_for(uow.session, ticket)
    if not (is_open(calendar, uow.now) or _has_just_passed(ticket.close_at, uow.now, calendar)):
        ticket.close_at = later(calendar, uow.now, 0)
    elif ticket.remind_requester_at is not None or _is_something_under_way(uow.session, ticket):
        ticket.close_at = later(calendar, uow.now, 1)
    elif ticket.warned < max(ticket.reminded, 1) or ticket.warned_at is None:
        keep_ticket_open(uow, ticket, Undelivered.TOO_LATE)
    else:
        ticket.close_at = later(calendar, ticket.warned_at, 1)
        if ticket.close_at is not None and ticket.close_at <= uow.now:
            close(uow, ticket)


def _has_just_passed(moment: datetime, now: datetime, calendar: Calendar) -> bool:
    """Whether the moment was in opening hours, though the job, which runs every few minutes, comes after it:
    the requester has read the day."""
    return is_open(calendar, moment) and now - moment <= JUST


def _is_something_under_way(session: Session, ticket: Ticket) -> bool:
    """Whether its requester has still to be sent a reminder, or has written to Guichet since the wait began,
    perhaps about it, and not yet said what for."""
    written = select(MessageDraft.id).where(
        MessageDraft.person_id == ticket.requester_id,
        MessageDraft.written_at > ticket.waits_since,
        MessageDraft.ticket_id.is_(None),
    )
    is_written = session.scalar(written.limit(1)) is not None
    return is_written or is_queued(session, ticket.requester_id)


def close(uow: UnitOfWork, ticket: Ticket) -> None:
    """Close it now. The history names who wrote the word that was not answered."""
    assert ticket.wait_event is not None
    asked = event_numbered(uow.session, ticket, ticket.wait_event)
    assert asked is not None
    by_the_desk = Trigger(asked.actor, {Role.DESK}, uow.now, "calendar", StoredLevels(uow.session))
    event = apply(ticket, Action.CLOSE, by_the_desk)
    follow(uow, ticket, event)
    uow.session.add(event)
    uow.session.flush()
    enqueue.announce(uow, ticket, event)
