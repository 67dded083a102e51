"""Tickets that a team handed over: found by their numbers, with their state and present team only."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bot.context.actor import Actor
from models.lifecycle import Action
from models.pages import HandedOver
from models.tickets.event import Event
from models.tickets.ticket import Ticket


def handed_over(session: Session, actor: Actor, numbers: Sequence[int]) -> Sequence[HandedOver]:
    """Those of the numbers that the actor's teams have handed over to others; no confidential ones."""
    if not numbers or not actor.teams:
        return []
    events = select(Event).where(Event.ticket_id.in_(numbers), Event.action == Action.TRANSFER)
    events = events.options(joinedload(Event.ticket).joinedload(Ticket.team)).order_by(Event.number)
    last = {event.ticket_id: event for event in session.scalars(events) if event.details.team in actor.teams}
    found = [last[number] for number in dict.fromkeys(numbers) if number in last]
    return [_known(event) for event in found if _is_elsewhere(event.ticket, actor)]


def _is_elsewhere(ticket: Ticket, actor: Actor) -> bool:
    return ticket.team_id not in actor.teams and not ticket.is_confidential


def _known(event: Event) -> HandedOver:
    return HandedOver(event.ticket_id, event.ticket.status, event.ticket.team, event.at)
