"""What a worker does to the tickets attached to another, a portion in each transaction: they are resolved
with it, or stand for themselves again; and it is due with the first of them.

Which tickets are left follows from the tickets alone: a portion whose transaction failed starts again.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from bot.catalogue.service_levels import StoredLevels
from bot.context.unit_of_work import UnitOfWork
from bot.notifications.cards import refresh_card
from bot.notifications.children.follow import children_mark, queue_children
from bot.services.tickets.actions import write_events
from bot.services.tickets.children.queries import is_attached
from bot.services.tickets.duplicates.resolution import lock_with_duplicates, tell, to_tell
from models.lifecycle import TRANSITIONS, Action, Agreement, Role
from models.outbox.children import ChildrenDetails
from models.tickets.changes.links import Detached
from models.tickets.clocks import clock
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from models.tickets.transitions import Trigger, apply

SURFACE = "parent"
PORTION = 50
"""Tickets in one transaction, of less than 0.1 s: a click on one of them waits for it, and a listener has
0.7 s for the database."""


def go_on(uow: UnitOfWork, event_id: int, details: ChildrenDetails, *, key: str) -> None:
    """Do a portion of what an event of the parent means for its children, and queue the next one if there may
    be one. Each ticket gets its own event and messages, by who acted on the parent. `key`: of
    the delivery, which no other has."""
    event = uow.session.get_one(Event, event_id)
    parent_id, uow = event.ticket_id, uow.at(SURFACE)
    is_change = details.frees or details.words is not None
    query = _open_children(parent_id).with_only_columns(Ticket.id).limit(PORTION)
    numbers = list(uow.session.scalars(query)) if is_change else []
    duplicates = lock_with_duplicates(uow.session, [parent_id, *numbers])
    tickets = uow.session.scalars(_open_children(parent_id).where(Ticket.id.in_(numbers))).all()
    if len(numbers) == PORTION:
        queue_children(uow, event, replace(details, number=details.number + 1))
    else:
        uow.queued.add(children_mark(parent_id))
    solved = [] if details.words is None else [each for each in tickets if _may_be_resolved(each)]
    _resolve(uow, event, solved, details.words)
    _free(uow, event, [each for each in tickets if each not in solved])
    tell(uow, to_tell(solved, duplicates), event.actor)
    _bring_in_line(uow, event, key)


def _open_children(parent_id: int) -> Select[Ticket]:
    """The tickets whose solution is still to be proposed."""
    query = select(Ticket).where(
        *is_attached(parent_id), Ticket.status.in_(TRANSITIONS[Action.RESOLVE].sources)
    )
    return query.order_by(Ticket.id).options(joinedload(Ticket.requester), joinedload(Ticket.assignee))


def _may_be_resolved(ticket: Ticket) -> bool:
    return ticket.agreement is not Agreement.ASKED


def _resolve(uow: UnitOfWork, cause: Event, tickets: Sequence[Ticket], words: str | None) -> None:
    """Propose `words` as the solution of each, as if it were resolved alone."""
    trigger = Trigger(cause.actor, {Role.TECHNICIAN}, uow.now, SURFACE, StoredLevels(uow.session))
    write_events(uow, [apply(ticket, Action.RESOLVE, trigger, text=words) for ticket in tickets])


def _free(uow: UnitOfWork, cause: Event, tickets: Sequence[Ticket]) -> None:
    trigger = Trigger(cause.actor, {Role.DESK}, uow.now, SURFACE, StoredLevels(uow.session))
    write_events(uow, [apply(ticket, Action.FREE, trigger, change=Detached()) for ticket in tickets])


def _bring_in_line(uow: UnitOfWork, event: Event, key: str) -> None:
    """Have the parent due with the first of its children, and its card list those that are left."""
    parent = uow.session.get_one(Ticket, event.ticket_id)
    uow.session.flush()
    earliest = uow.session.scalar(
        select(func.min(Ticket.due_at)).where(
            *is_attached(parent.id), Ticket.status.in_(TRANSITIONS[Action.RESOLVE].sources)
        )
    )
    if earliest != parent.children_due_at:
        parent.children_due_at = earliest
        clock.aim(parent, StoredLevels(uow.session).of(parent), uow.now)
    refresh_card(uow, parent, event, why=key)
