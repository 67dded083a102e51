"""What can be done with a ticket: act on it, read it, find it.

No Slack in here. A use case raises a `HelpDeskError` and never commits.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.context.actor import Asker
from bot.context.rules import Rules
from bot.notifications import enqueue as notifications
from models.errors import TicketNotFound
from models.lifecycle import Action
from models.person import Person
from models.tickets.event import Change
from models.tickets.ticket import Ticket


def act(
    session: Session,
    asker: Asker,
    ticket_id: int,
    action: Action,
    *,
    said: str | None = None,
    change: Change | None = None,
    surface: str,
    rules: Rules,
    now: datetime,
    resolution: int | None = None,
) -> Ticket:
    """Do `action` to a ticket, write its history and queue what people are told.

    Raises `TicketNotFound` when there is none, and what `Ticket.apply` raises.
    """
    ticket = locked(session, ticket_id)
    event = ticket.apply(
        action,
        actor=session.get_one(Person, asker.id),
        roles=asker.roles(ticket),
        now=now,
        surface=surface,
        said=said,
        change=change,
        reopen_days=rules.reopen_days,
        resolution=resolution,
    )
    session.add(event)
    session.flush()
    notifications.announce(session, ticket, event, now=now)
    return ticket


def locked(session: Session, ticket_id: int) -> Ticket:
    """The ticket, which nobody else changes until the transaction ends. Raises `TicketNotFound`."""
    ticket = session.get(Ticket, ticket_id, with_for_update=True)
    if ticket is None:
        raise TicketNotFound
    return ticket


def check(
    session: Session,
    asker: Asker,
    ticket_id: int,
    action: Action,
    *,
    rules: Rules,
    now: datetime,
    resolution: int | None = None,
) -> Ticket:
    """The ticket, when the asker may do `action` to it now; otherwise raises as `act` would."""
    ticket = session.get(Ticket, ticket_id)
    if ticket is None:
        raise TicketNotFound
    roles = asker.roles(ticket)
    ticket.check(action, roles=roles, now=now, reopen_days=rules.reopen_days, resolution=resolution)
    return ticket
