"""Attaching a ticket to another, which is resolved for both, and detaching it. Imports nothing of Slack."""

from sqlalchemy.orm.attributes import flag_modified

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.children.follow import has_children
from bot.services.audit.reading import saw
from bot.services.outages import attaching as outages
from bot.services.tickets.actions import act, check
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import TRANSITIONS, Action, Role
from models.tickets.changes.links import Attached, Detached
from models.tickets.outage import Outage
from models.tickets.ticket import Ticket


def attach(uow: UnitOfWork, ticket_id: int, parent_id: int) -> Ticket:
    """Attach the ticket to an open one of its team: it stays open behind that, and is resolved with it.

    Raises `FieldRefused` when the other cannot take it, and what `act` raises."""
    for number in sorted({ticket_id, parent_id}):  # always in one order, against deadlocks
        uow.session.get(Ticket, number, with_for_update=True, populate_existing=True)
    ticket = check(uow, ticket_id, Action.ATTACH)
    parent = check_target(uow, ticket, parent_id)
    flag_modified(parent, "changed_at")  # raises its version: of two that are attached to each other, one is
    return act(uow, ticket_id, Action.ATTACH, change=Attached(parent_id))


def attach_to_outage(uow: UnitOfWork, ticket_id: int, outage_id: int) -> Ticket:
    """Put the ticket behind a known outage of its team. Raises what `bot.services.outages.attaching.attach`
    raises."""
    return outages.attach(uow, ticket_id, outage_id)


def check_outage(uow: UnitOfWork, ticket: Ticket, outage_id: int) -> Outage:
    """The outage that a ticket may be attached to. Raises `FieldRefused`."""
    outage = uow.session.get(Outage, outage_id)
    if outage is None:
        raise FieldRefused(Field.ATTACH_TO, FieldReason.UNKNOWN)
    why = outages.refused_because(ticket, outage)
    if why is None and has_children(uow, ticket.id):
        why = FieldReason.HAS_CHILDREN
    if why is not None:
        raise FieldRefused(Field.ATTACH_TO, why)
    return outage


def detach(uow: UnitOfWork, ticket_id: int) -> Ticket:
    """Give the ticket a card of its own again, and its place in the queue; what it is attached to may be an
    outage. Raises what `act` raises."""
    if check(uow, ticket_id, Action.DETACH).parent_id is None:
        return outages.detach(uow, ticket_id)
    return act(uow, ticket_id, Action.DETACH, change=Detached())


def check_target(uow: UnitOfWork, ticket: Ticket, parent_id: int) -> Ticket:
    """The ticket that another may be attached to. Raises `FieldRefused`."""
    parent = uow.session.get(Ticket, parent_id)
    if parent is None or Role.TECHNICIAN not in uow.actor.roles(parent):
        raise FieldRefused(Field.ATTACH_TO, FieldReason.NO_SUCH_TICKET)
    if (why := _refusal(uow, ticket, parent)) is not None:
        raise FieldRefused(Field.ATTACH_TO, why)
    saw(uow, parent)
    return parent


def _refusal(uow: UnitOfWork, ticket: Ticket, parent: Ticket) -> FieldReason | None:
    if parent is ticket:
        return FieldReason.SAME_TICKET
    if parent.team_id != ticket.team_id:
        return FieldReason.OTHER_TEAM_FIRST
    if parent.status not in TRANSITIONS[Action.RESOLVE].sources:
        return FieldReason.NOT_OPEN
    if not parent.has_card:
        return FieldReason.ITSELF_ATTACHED
    if parent.is_confidential or ticket.is_confidential:
        return FieldReason.IS_CONFIDENTIAL
    return FieldReason.HAS_CHILDREN if has_children(uow, ticket.id) else None
