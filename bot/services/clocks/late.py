"""The cards that say that a promise is missed.

Imports nothing of Slack.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from bot.catalogue.service_levels import StoredLevels
from bot.context.unit_of_work import UnitOfWork
from bot.notifications.cards import refresh_requester_card
from bot.services.tickets.history import event_numbered
from models.tickets.clocks.promise import promise_of
from models.tickets.ticket import Ticket

PORTION = 200
"""Tickets in one run of the job."""


def show_late(uow: UnitOfWork) -> None:
    """Update the cards of the tickets whose promise is missed since they were last looked at. While the
    calendar of one is closed it waits for the opening."""
    levels = StoredLevels(uow.session)
    for ticket in _late(uow):
        opens_at = levels.of(ticket).calendar.next_opening(uow.now)
        is_open = opens_at <= uow.now
        _look_again(uow.session, ticket, None if is_open else opens_at)
        promised = promise_of(ticket)
        if is_open and promised and promised.is_missed(uow.now):
            event = event_numbered(uow.session, ticket, ticket.event_count)
            assert event is not None
            # With the time: hours that are changed and changed back miss the same promise again.
            refresh_requester_card(uow, event, why=f"late:{promised.aim}:{uow.now.timestamp()}")


def _late(uow: UnitOfWork) -> Sequence[Ticket]:
    return uow.session.scalars(
        select(Ticket)
        .where(Ticket.late_at.is_not(None), Ticket.late_at <= uow.now)
        .options(joinedload(Ticket.team), joinedload(Ticket.service))
        .order_by(Ticket.late_at, Ticket.id)
        .limit(PORTION)
        .with_for_update(of=Ticket, skip_locked=True)
    ).all()


def _look_again(session: Session, ticket: Ticket, at: datetime | None) -> None:
    """The ticket's version stays: nothing that a click could contradict changes."""
    session.execute(
        update(Ticket)
        .where(Ticket.id == ticket.id)
        .values(late_at=at)
        .execution_options(synchronize_session=False)
    )
