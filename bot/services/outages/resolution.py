"""Resolves the tickets of an outage's followers, a portion in each transaction.

The click that resolves the outage queues the first portion; the worker does the rest. Which tickets are left
follows from the tickets alone, so that a portion whose transaction failed starts again.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import joinedload

from bot.catalogue.service_levels import StoredLevels
from bot.context.unit_of_work import UnitOfWork
from bot.notifications.cards import refresh_card
from bot.notifications.outages import announce_portion, queue_portion
from bot.services.tickets.actions import write_events
from bot.services.tickets.duplicates.resolution import lock_with_duplicates, tell, to_tell
from bot.services.tickets.history import event_numbered
from models.lifecycle import TRANSITIONS, Action, Agreement, Role
from models.tickets.event import Event
from models.tickets.outage import Outage, Portion
from models.tickets.ticket import Ticket
from models.tickets.transitions import Trigger, apply

SURFACE = "outage"
PORTION = 50
"""Tickets in one transaction, of less than 0.1 s: a click on one of them waits for it, and a listener has
0.7 s for the database."""


def begin(uow: UnitOfWork, outage: Outage) -> int:
    """Queue the first portion, if there is a follower. Returns how many there are.

    Those whose agreement is asked are not resolved: they get cards of their own."""
    _part_from_it(uow, outage)
    people = uow.session.scalar(_left(outage).with_only_columns(func.count()).order_by(None)) or 0
    if people:
        queue_portion(uow, outage, Portion(number=1, told=0, of=people))
    return people


def go_on(uow: UnitOfWork, outage_id: int, portion: Portion) -> None:
    """Resolve a portion, and queue the next one if there may be one.

    Each ticket gets its own event and messages, as if it were resolved alone, now, by who resolved the
    outage; also a ticket that has its own card since its requester wrote.
    """
    outage = uow.session.get_one(Outage, outage_id)
    assert outage.resolved_by is not None
    numbers = uow.session.scalars(_left(outage).with_only_columns(Ticket.id).limit(PORTION)).all()
    duplicates = lock_with_duplicates(uow.session, numbers)
    tickets = uow.session.scalars(
        _left(outage)
        .where(Ticket.id.in_(numbers))
        .options(joinedload(Ticket.requester), joinedload(Ticket.assignee))
    ).all()
    _resolve(uow, outage, tickets)
    tell(uow.at(SURFACE), to_tell(tickets, duplicates), outage.resolved_by)
    is_last = len(numbers) < PORTION
    announce_portion(uow, outage, portion, is_last=is_last)
    if not is_last:
        told = portion.told + len(tickets)
        queue_portion(uow, outage, replace(portion, number=portion.number + 1, told=told))


def _left(outage: Outage) -> Select[Ticket]:
    """The tickets that are still to be resolved, in their order.

    Not those that were handed to another team, not those that were resolved, refused or reopened by
    themselves since the outage was resolved, and not those whose agreement is asked.
    """
    answered = exists().where(
        Event.ticket_id == Ticket.id,
        Event.action.in_([Action.RESOLVE, Action.REFUSE, Action.REOPEN]),
        Event.at >= outage.resolved_at,
    )
    return (
        select(Ticket)
        .where(
            Ticket.outage_id == outage.id,
            Ticket.team_id == outage.team_id,
            Ticket.status.in_(TRANSITIONS[Action.RESOLVE].sources),
            Ticket.agreement != Agreement.ASKED,
            ~answered,
        )
        .order_by(Ticket.id)
    )


def _part_from_it(uow: UnitOfWork, outage: Outage) -> None:
    """A card of its own for each grouped follower that is not resolved: nobody would see it else."""
    asked = select(Ticket).where(
        Ticket.outage_id == outage.id, Ticket.is_outage_child, Ticket.agreement == Agreement.ASKED
    )
    for ticket in uow.session.scalars(asked.order_by(Ticket.id).with_for_update()).all():
        last = event_numbered(uow.session, ticket, ticket.event_count)
        assert last is not None
        ticket.is_outage_child = False
        refresh_card(uow, ticket, last, why="outage")


def _resolve(uow: UnitOfWork, outage: Outage, tickets: Sequence[Ticket]) -> None:
    assert outage.resolved_by is not None
    levels = StoredLevels(uow.session)
    trigger = Trigger(outage.resolved_by, {Role.TECHNICIAN}, uow.now, SURFACE, levels)
    write_events(uow, [apply(ticket, Action.RESOLVE, trigger, text=outage.solution) for ticket in tickets])
