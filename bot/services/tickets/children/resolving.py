"""Resolving a ticket, with those that are attached to it. Imports nothing of Slack."""

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.children.follow import children_mark, queue_children
from bot.services.tickets.actions import check
from bot.services.tickets.children.queries import to_resolve
from bot.services.tickets.duplicates import resolution as duplicates
from bot.services.tickets.duplicates.resolution import Solution
from bot.services.tickets.history import event_numbered
from bot.services.tickets.technician_forms.meanwhile import NO_FORM, OpenedForm
from models.characters import is_blank
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import Action
from models.outbox.children import ChildrenDetails
from models.tickets.ticket import Ticket


def resolve(uow: UnitOfWork, ticket_id: int, solution: Solution, form: OpenedForm = NO_FORM) -> Ticket:
    """Propose a solution. The worker resolves the tickets attached to this one, in portions.

    Raises what `duplicates.resolve` raises, and `FieldRefused` when the words for their requesters are
    missing: nobody reads what was written to somebody else."""
    check(uow, ticket_id, Action.RESOLVE)
    duplicates.lock_with_duplicates(uow.session, [ticket_id])  # none is attached from here on
    people, _asked = to_resolve(uow.session, check(uow, ticket_id, Action.RESOLVE))
    if not people:
        return duplicates.resolve(uow, ticket_id, solution, form)
    if solution.to_children is None:  # one was attached since the form was opened
        raise FieldRefused(Field.TEXT, FieldReason.CHANGED_MEANWHILE)
    if is_blank(solution.to_children):
        raise FieldRefused(Field.TO_CHILDREN, FieldReason.MISSING)
    uow.queued.add(children_mark(ticket_id))  # else they would be freed
    ticket = duplicates.resolve(uow, ticket_id, solution, form)
    event = event_numbered(uow.session, ticket, ticket.event_count)
    assert event is not None
    queue_children(uow, event, ChildrenDetails(words=solution.to_children.strip()))
    return ticket
