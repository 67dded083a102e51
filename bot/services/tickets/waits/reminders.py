"""Reminds requesters of what waits for them: one message a person and day, in opening hours."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.catalogue.calendar.stored import calendar_for, calendar_of
from bot.context.unit_of_work import UnitOfWork
from bot.notifications.comments import question_before
from bot.notifications.waits.reminders import is_queued, queue_mail, queue_reminder
from bot.services.tickets.history import event_numbered
from bot.services.tickets.waits.apart import do_apart
from bot.services.tickets.waits.dates import opening_after_today, plan, steps
from bot.services.tickets.waits.follow import end, is_waiting
from models.calendar.working_days import is_open, later
from models.lifecycle import Status
from models.outbox.reminder import Reminder
from models.tickets.ticket import Ticket

PORTION = 100
"""Tickets in one transaction: a click on one of them waits for it."""
MESSAGE_MAX = 8
"""Tickets in one message, which holds 50 blocks: a reminder that nobody sees is none."""


def remind(uow: UnitOfWork) -> bool:
    """Queue a portion of the reminders that are due. Returns whether others may be left."""
    due = uow.session.scalars(
        select(Ticket)
        .where(Ticket.remind_requester_at.is_not(None), Ticket.remind_requester_at <= uow.now)
        .order_by(Ticket.remind_requester_at, Ticket.id)
        .limit(PORTION)
        .with_for_update(skip_locked=True)
    ).all()
    of_people = defaultdict[int, list[Ticket]](list)
    for ticket in due:
        if not is_waiting(ticket):
            end(ticket)
        elif not is_open(calendar_for(uow.session, ticket), uow.now):
            ticket.remind_requester_at = later(calendar_for(uow.session, ticket), uow.now, 0)
        else:
            of_people[ticket.requester_id].append(ticket)
    do_apart(uow, of_people.values(), partial(_remind, uow), _put_off)
    return len(due) == PORTION


def _put_off(tickets: Sequence[Ticket], until: datetime) -> None:
    for ticket in tickets:
        ticket.remind_requester_at = until


def _remind(uow: UnitOfWork, due: Sequence[Ticket]) -> None:
    """`due`: one person's."""
    person_id = due[0].requester_id
    is_told = was_reminded_today(uow.session, person_id, uow.now) or is_queued(uow.session, person_id)
    told, others = ([], due) if is_told else (due[:MESSAGE_MAX], due[MESSAGE_MAX:])
    for ticket in others:
        ticket.remind_requester_at = opening_after_today(calendar_for(uow.session, ticket), uow.now)
    if told:
        for ticket in told:
            _queue_mail(uow, ticket)
            ticket.reminded += 1
            plan(uow, ticket)
        queue_reminder(uow, person_id, told)


def _queue_mail(uow: UnitOfWork, ticket: Ticket) -> None:
    """With the first reminder of a question its e-mail, with the last of a solution the warning."""
    assert ticket.wait_event is not None
    is_last = ticket.reminded == len(steps(ticket, uow)) - 1
    if ticket.status is Status.PENDING and ticket.reminded == 0:
        waits = event_numbered(uow.session, ticket, ticket.event_count)
        question = question_before(uow.session, waits, inclusive=True) if waits else None
        if question is not None and question.deleted_at is None:
            queue_mail(uow, question.event, "question")
    elif ticket.status is Status.RESOLVED and is_last and ticket.close_at and ticket.resolution:
        resolution = event_numbered(uow.session, ticket, ticket.resolution)
        assert resolution is not None
        # Not again with the same reminder, which is queued anew while Slack is out of reach.
        last = ticket.warned_at.timestamp() if ticket.warned_at else 0
        key = f":closing:{ticket.wait_event}:{ticket.postponed}:{last:.0f}"
        queue_mail(uow, resolution, "closing", key=key)


def was_reminded_today(session: Session, person_id: int, now: datetime) -> bool:
    """Whether the person got a reminder message on this day, as the desk counts days."""
    last = session.get(Reminder, person_id, populate_existing=True)
    zone = calendar_of(session)
    return last is not None and zone.local(last.sent_at).date() == zone.local(now).date()
