"""How satisfied requesters are: asked once, after their approval. No Slack in here."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.context.actor import Asker
from bot.context.rules import Rules
from bot.notifications import enqueue as notifications
from bot.services.tickets import actions as tickets
from bot.services.tickets import history
from models.errors import OutOfDate, RatedAlready, RoleRefused
from models.lifecycle import Action, Rating, Role
from models.tickets.changes import Satisfaction
from models.tickets.ticket import Ticket


def rate(
    session: Session, asker: Asker, ticket_id: int, rating: Rating, *, rules: Rules, now: datetime
) -> Ticket:
    """Keep the requester's rating. Raises `RatedAlready` at the second one, and what `tickets.act` raises."""
    change = Satisfaction(rating)
    return tickets.act(
        session, asker, ticket_id, Action.RATE, change=change, surface="message", rules=rules, now=now
    )


def comment(session: Session, asker: Asker, ticket_id: int, words: str, *, now: datetime) -> Ticket:
    """Keep what the requester adds to their rating, once. Raises `OutOfDate` without a rating."""
    ticket = tickets.locked(session, ticket_id)
    if Role.REQUESTER not in asker.roles(ticket):
        raise RoleRefused(Action.RATE)
    if ticket.rating is None:
        raise OutOfDate
    if ticket.rating_comment is not None:
        raise RatedAlready
    ticket.rating_comment = words.strip()
    ticket.changed_at = now
    event = history.last_of(session, ticket, Action.RATE)
    session.flush()
    notifications.redraw_card(session, ticket, event, why="opinion", now=now)
    return ticket
