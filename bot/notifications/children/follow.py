"""Queues the work that an event leaves for the worker: on its ticket's parent, or on its ticket's children.

It is not done in the event's own transaction: that would lock the other tickets out of the order of their
numbers, and two hundred of them take longer than a click may.
"""

from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.cards import refresh_requester_card
from bot.notifications.rows import event_delivery
from models.lifecycle import Action, Status
from models.outbox.children import ChildrenDetails
from models.outbox.kinds import DeliveryKind, Queue
from models.outbox.recipient import Recipient
from models.tickets.event import Event
from models.tickets.ticket import Ticket


def follow_children(uow: UnitOfWork, event: Event) -> None:
    """Queue what an event of a ticket means for its parent, and for its children."""
    ticket = event.ticket
    if (parent_id := event.details.left or ticket.parent_id) is not None:
        bring_in_line(uow, parent_id, event)
    if event.details.left is not None and event.action is Action.COMMENT:  # others show their card anyway
        refresh_requester_card(uow, event, why="left")
    if _leaves_them(event) and not _is_queued(uow, ticket.id) and has_children(uow, ticket.id):
        queue_children(uow, event, ChildrenDetails(frees=True))


def queue_children(uow: UnitOfWork, event: Event, details: ChildrenDetails, *, cause: str = "") -> None:
    """Queue a portion of work on the children of the event's ticket. `cause`: part of the delivery's key."""
    ticket = event.ticket
    uow.queued.add(children_mark(ticket.id))
    recipient = Recipient(Queue.CHILDREN, ticket.id)
    delivery = event_delivery(uow, event, DeliveryKind.CHILDREN, recipient)
    delivery.details = details
    delivery.key = f"{ticket.id}:{event.number}:{DeliveryKind.CHILDREN}:{cause}{details.number}"
    uow.session.add(delivery)


def bring_in_line(uow: UnitOfWork, parent_id: int, event: Event, *, why: str = "") -> None:
    """Have a ticket due with the first of those attached to it, and its card list them. `event`, and `why`
    when nothing is written in the history: what happened to one of them; parts of the delivery's key."""
    if _is_queued(uow, parent_id):
        return
    last = select(Event).where(Event.ticket_id == parent_id).order_by(Event.number.desc()).limit(1)
    cause = f"{event.ticket_id}.{event.number}{why}:"
    queue_children(uow, uow.session.scalars(last).one(), ChildrenDetails(), cause=cause)


def has_children(uow: UnitOfWork, ticket_id: int) -> bool:
    """Whether an open ticket is attached to it."""
    attached = select(Ticket.id).where(Ticket.parent_id == ticket_id, Ticket.status != Status.CLOSED)
    return uow.session.scalar(attached.limit(1)) is not None


def _leaves_them(event: Event) -> bool:
    """Whether its ticket can no longer resolve those that are attached to it: nothing is attached to a
    confidential one."""
    is_closed_unsolved = event.to_status is Status.CLOSED and event.from_status not in {
        Status.RESOLVED,
        Status.CLOSED,
    }
    is_hidden = event.action is Action.REQUALIFY and event.ticket.is_confidential
    return is_closed_unsolved or is_hidden or event.action in {Action.TRANSFER, Action.RESOLVE}


def _is_queued(uow: UnitOfWork, ticket_id: int) -> bool:
    return children_mark(ticket_id) in uow.queued


def children_mark(ticket_id: int) -> tuple[DeliveryKind, int]:
    """What `UnitOfWork.queued` has once work on a ticket's children is queued."""
    return DeliveryKind.CHILDREN, ticket_id
