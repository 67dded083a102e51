"""How satisfied requesters are: asked once, after their approval. Imports nothing of Slack."""

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.cards import opinion_line, refresh_card
from bot.services.tickets.actions import act, locked
from bot.services.tickets.history import last_of
from models.errors import RatedAlready, RoleRefused, StalePayload
from models.lifecycle import Action, Rating, Role
from models.tickets.changes.content import Satisfaction
from models.tickets.ticket import Ticket

SURFACE = "message"


def rate(uow: UnitOfWork, ticket_id: int, rating: Rating) -> Ticket:
    """Save the requester's rating. Raises `RatedAlready` at the second one, and what `act` raises."""
    return act(uow.at(SURFACE), ticket_id, Action.RATE, change=Satisfaction(rating))


def comment(uow: UnitOfWork, ticket_id: int, text: str) -> Ticket:
    """Save what the requester adds to their rating, once. Raises `StalePayload` without a rating."""
    ticket = locked(uow, ticket_id)
    if Role.REQUESTER not in uow.actor.roles(ticket):
        raise RoleRefused(Action.RATE)
    if ticket.rating is None:
        raise StalePayload
    if ticket.rating_comment is not None:
        raise RatedAlready
    ticket.rating_comment = text.strip()
    ticket.changed_at = uow.now
    event = last_of(uow.session, ticket, Action.RATE)
    uow.session.flush()
    refresh_card(uow, ticket, event, why="opinion")
    if ticket.rating is Rating.BAD and ticket.has_card:
        uow.session.add(opinion_line(uow, event))
    return ticket
