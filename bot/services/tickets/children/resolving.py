"""Resolving a ticket, with those that are attached to it. Imports nothing of Slack."""

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.children.follow import children_mark, queue_children
from bot.services.tickets.acting.seen import NOTHING_SEEN, Acting
from bot.services.tickets.actions import check
from bot.services.tickets.children.queries import to_resolve
from bot.services.tickets.duplicates import resolution as duplicates
from bot.services.tickets.history import event_numbered
from models.characters import is_blank
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import Action
from models.outbox.children import ChildrenDetails
from models.tickets.ticket import Ticket


def resolve(
    uow: UnitOfWork,
    ticket_id: int,
    solution: str,
    words: str = "",
    to_children: str | None = None,
    *,
    acting: Acting = NOTHING_SEEN,
) -> Ticket:
    """Propose a solution; `words` go to the requesters of the ticket's duplicates, and `to_children` is the
    solution for those of the tickets attached to it, which the worker resolves in portions.

    Raises what `act` raises, and `FieldRefused` when the latter is missing: nobody reads what was written to
    somebody else."""
    check(uow, ticket_id, Action.RESOLVE)
    duplicates.lock_with_duplicates(uow.session, [ticket_id])  # none is attached from here on
    people, _asked = to_resolve(uow.session, check(uow, ticket_id, Action.RESOLVE))
    if not people:
        return duplicates.resolve(uow, ticket_id, solution, words, acting=acting)
    if to_children is None:  # one was attached since the form was opened
        raise FieldRefused(Field.TEXT, FieldReason.CHANGED_MEANWHILE)
    if is_blank(to_children):
        raise FieldRefused(Field.TO_CHILDREN, FieldReason.MISSING)
    uow.queued.add(children_mark(ticket_id))  # else they would be freed
    ticket = duplicates.resolve(uow, ticket_id, solution, words, acting=acting)
    event = event_numbered(uow.session, ticket, ticket.event_count)
    assert event is not None
    queue_children(uow, event, ChildrenDetails(words=to_children.strip()))
    return ticket
