"""Reminds technicians of targets that are nearly or wholly over, within the opening hours of each ticket.

Imports nothing of Slack. A ticket says itself when the next reminder is due (`Ticket.remind_at`), so that no
ticket is looked at before. What was reminded of is noted in the transaction that queues the reminder.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bot.catalogue.service_levels import StoredLevels
from bot.context.unit_of_work import UnitOfWork
from bot.notifications.maintenance import reminders
from models.lifecycle import Priority
from models.tickets.clocks import clock
from models.tickets.ticket import Ticket

PORTION = 50
"""Tickets in one transaction: a click on one of them waits for it."""


def remind_technicians(uow: UnitOfWork) -> bool:
    """Remind of the tickets that are due longest, at most `PORTION`. Returns whether others may be."""
    tickets = _due(uow.session, uow.now)
    levels, untaken = StoredLevels(uow.session), defaultdict[str, list[Ticket]](list)
    for ticket in tickets:
        level = levels.of(ticket)
        opening = level.calendar.next_opening(uow.now)
        if opening > uow.now:  # no worker ran at the time
            ticket.remind_at = opening
        elif ticket.assignee is not None and not ticket.assignee.is_deactivated:
            _remind_assignee(uow, ticket, levels)
        elif _may_be_listed(uow, ticket):
            if clock.reach(ticket, level, uow.now):
                untaken[ticket.team_id].append(ticket)
        else:
            ticket.remind_at = level.calendar.next_opening(next_hour(uow.now))
    for team_id, some in untaken.items():
        reminders.list_untaken(uow, team_id, some)
    uow.session.flush()
    return len(tickets) == PORTION


def _due(session: Session, now: datetime) -> Sequence[Ticket]:
    query = select(Ticket).where(Ticket.remind_at.is_not(None), Ticket.remind_at <= now)
    query = query.options(*map(joinedload, (Ticket.team, Ticket.service, Ticket.assignee)))
    query = query.order_by(Ticket.remind_at, Ticket.id).limit(PORTION)
    return session.scalars(query.with_for_update(of=Ticket, skip_locked=True)).all()


def _remind_assignee(uow: UnitOfWork, ticket: Ticket, levels: StoredLevels) -> None:
    before = ticket.due_reminded
    clock.reach(ticket, levels.of(ticket), uow.now)
    if ticket.due_reminded > before:
        reminders.remind_assignee(uow, ticket)


def _may_be_listed(uow: UnitOfWork, ticket: Ticket) -> bool:
    """Whether it may be in a list now: its team had none in this hour, or it is too urgent to wait."""
    return ticket.priority is Priority.P1 or not reminders.is_listed(uow, ticket.team_id)


def next_hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
