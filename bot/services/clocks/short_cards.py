"""The cards of tickets that were closed a day ago become short."""

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.cards import shorten_card
from models.tickets.event import Event
from models.tickets.ticket import Ticket

PORTION = 200
"""Tickets in one run of the job."""


def shorten_cards(uow: UnitOfWork) -> bool:
    """Queue the cards that are due to become short. Returns whether others may be left."""
    tickets = uow.session.scalars(
        select(Ticket)
        .where(Ticket.shortens_at.is_not(None), Ticket.shortens_at <= uow.now)
        .options(joinedload(Ticket.team))
        .order_by(Ticket.shortens_at, Ticket.id)
        .limit(PORTION)
        .with_for_update(of=Ticket, skip_locked=True)
    ).all()
    done = [ticket.id for ticket in tickets]
    is_last = (Ticket.id == Event.ticket_id) & (Ticket.event_count == Event.number)
    last = select(Event).join(Ticket, is_last).where(Ticket.id.in_(done)).order_by(Ticket.id)
    for event in uow.session.scalars(last):
        if event.ticket.shortens_at is not None:
            shorten_card(uow, event.ticket, event, at=event.ticket.shortens_at)
    uow.session.execute(  # their versions stay: nothing that a click could contradict changes
        update(Ticket)
        .where(Ticket.id.in_(done))
        .values(shortens_at=None)
        .execution_options(synchronize_session=False)
    )
    return len(tickets) == PORTION
