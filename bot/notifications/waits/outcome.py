"""What follows for the tickets of a reminder once it was sent, or was not."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.cards import refresh_card, refresh_requester_card
from bot.notifications.children.follow import bring_in_line
from bot.notifications.rows import event_delivery
from models.outbox.delivery import Delivery
from models.outbox.details import ReminderDetails, UnheardDetails
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import Reason, Undelivered
from models.outbox.recipient import team_recipient
from models.tickets.event import Event
from models.tickets.ticket import Ticket

_OWN = {"synchronize_session": False}


def count_warnings(session: Session, delivery: Delivery, *, now: datetime) -> None:
    """A reminder arrived. What the tickets show does not change: their versions stay."""
    for number, wait in sorted(delivery.details_as(ReminderDetails).waits):
        session.execute(
            update(Ticket)
            .where(Ticket.id == number, Ticket.wait_event == wait, Ticket.warned < Ticket.reminded)
            .values(warned=Ticket.warned + 1, warned_at=now),
            execution_options=_OWN,
        )


def remind_again(session: Session, delivery: Delivery, reason: Reason | None, *, now: datetime) -> None:
    """A reminder was not sent, though nothing failed: its tickets are due again."""
    if reason is Reason.ANSWERED_BEFORE:
        return
    for number, wait in sorted(delivery.details_as(ReminderDetails).waits):
        session.execute(
            update(Ticket)
            .where(Ticket.id == number, Ticket.wait_event == wait, Ticket.warned < Ticket.reminded)
            .values(reminded=Ticket.reminded - 1, remind_requester_at=now),
            execution_options=_OWN,
        )


def keep_open(uow: UnitOfWork, delivery: Delivery, why: Undelivered) -> None:
    """A reminder never arrived: its tickets are not closed by silence, and their teams are told."""
    waits = delivery.details_as(ReminderDetails).waits
    for number, wait in sorted(waits):
        ticket = uow.session.scalars(
            select(Ticket)
            .where(Ticket.id == number, Ticket.wait_event == wait)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one_or_none()
        if ticket is not None:
            keep_ticket_open(uow, ticket, why)


def keep_ticket_open(uow: UnitOfWork, ticket: Ticket, why: Undelivered) -> None:
    """No more reminders and no closing in this wait; a line for the team, once. A ticket behind an
    outage or another gets a card of its own for it: nobody would see else that it stays open."""
    if ticket.is_kept_open:
        return
    ticket.is_kept_open, ticket.remind_requester_at, ticket.close_at = True, None, None
    event = uow.session.scalars(
        select(Event).where(Event.ticket_id == ticket.id, Event.number == ticket.wait_event)
    ).one()
    if ticket.is_outage_child:
        parent_id, ticket.is_outage_child, ticket.parent_id = ticket.parent_id, False, None
        refresh_card(uow, ticket, event, why="unheard")
        if parent_id is not None:
            refresh_requester_card(uow, event, why="unheard")
            bring_in_line(uow, parent_id, event, why="unheard")
    line = event_delivery(uow, event, DeliveryKind.THREAD, team_recipient(ticket.team_id))
    line.details, line.key = UnheardDetails(why), f"{ticket.id}:{ticket.wait_event}:unheard"
    uow.session.add(line)
