"""Taking a ticket together with the first thing that is done to it."""

from bot.context.unit_of_work import UnitOfWork
from bot.services.tickets.actions import act, check, locked
from bot.services.tickets.technician_forms.meanwhile import OpenedForm, check_seen
from models.lifecycle import Action, Status


def begin(uow: UnitOfWork, ticket_id: int, action: Action, form: OpenedForm) -> None:
    """Before `action`: lock the ticket, and take it if that is asked for and nobody has.

    Raises as `check` does, and `ActedMeanwhile`."""
    ticket = locked(uow, ticket_id)
    check(uow, ticket_id, action)
    check_seen(uow, ticket_id, form)
    if form.takes and ticket.status is Status.NEW and ticket.assignee is None:
        act(uow, ticket_id, Action.TAKE)
