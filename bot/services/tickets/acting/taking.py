"""Taking a ticket together with the first thing that is done to it."""

from bot.context.unit_of_work import UnitOfWork
from bot.services.tickets.acting.seen import Acting, check_seen
from bot.services.tickets.actions import act, check, locked
from models.lifecycle import Action, Status


def begin(uow: UnitOfWork, ticket_id: int, action: Action, acting: Acting) -> None:
    """Before `action`: lock the ticket, and take it if that is asked for and nobody has.

    Raises as `check` does, and `ActedMeanwhile`."""
    ticket = locked(uow, ticket_id)
    check(uow, ticket_id, action)
    check_seen(uow, ticket_id, acting)
    if acting.takes and ticket.status is Status.NEW and ticket.assignee is None:
        act(uow, ticket_id, Action.TAKE)
