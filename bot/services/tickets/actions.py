"""What can be done with a ticket: one action at a time, as the table of transitions allows it.

No Slack in here. A use case raises a `HelpDeskError` and never commits.
"""

from bot.context.unit_of_work import UnitOfWork
from bot.notifications import enqueue
from models.errors import TicketNotFound
from models.lifecycle import Action
from models.tickets.event import Change
from models.tickets.ticket import Ticket


def act(
    uow: UnitOfWork,
    ticket_id: int,
    action: Action,
    *,
    text: str | None = None,
    change: Change | None = None,
    resolution: int | None = None,
) -> Ticket:
    """Do `action` to a ticket, write its history and queue what people are told.

    Raises `TicketNotFound` when there is none, and what `Ticket.apply` raises.
    """
    ticket = locked(uow, ticket_id)
    event = ticket.apply(
        action,
        actor=uow.person,
        roles=uow.actor.roles(ticket),
        now=uow.now,
        surface=uow.surface,
        text=text,
        change=change,
        reopen_days=uow.rules.reopen_days,
        resolution=resolution,
    )
    uow.session.add(event)
    uow.session.flush()
    enqueue.announce(uow, ticket, event)
    return ticket


def locked(uow: UnitOfWork, ticket_id: int) -> Ticket:
    """The ticket, which nobody else changes until the transaction ends. Raises `TicketNotFound`."""
    ticket = uow.session.get(Ticket, ticket_id, with_for_update=True)
    if ticket is None:
        raise TicketNotFound
    return ticket


def check(uow: UnitOfWork, ticket_id: int, action: Action, *, resolution: int | None = None) -> Ticket:
    """The ticket, when the actor may do `action` to it now; otherwise raises as `act` would."""
    ticket = uow.session.get(Ticket, ticket_id)
    if ticket is None:
        raise TicketNotFound
    ticket.check(
        action,
        roles=uow.actor.roles(ticket),
        now=uow.now,
        reopen_days=uow.rules.reopen_days,
        resolution=resolution,
    )
    return ticket
