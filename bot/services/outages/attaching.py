"""Putting a ticket of the team's behind a known outage, as a follower's, and taking it out again.

Imports nothing of Slack. A use case raises a `HelpDeskError` and never commits.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from bot.context.unit_of_work import UnitOfWork
from bot.db.session import begin_writing
from bot.notifications.children.follow import has_children
from bot.notifications.outages import refresh_outage
from bot.services.outages.actions import of_team
from bot.services.tickets.actions import act, locked
from models.errors import OutageNotFound, RoleRefused, TicketNotFound, TransitionRefused
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import TRANSITIONS, Action, Agreement, Role, Status
from models.tickets.changes.links import BehindOutage, FreeOfOutage
from models.tickets.outage import Outage
from models.tickets.ticket import Ticket
from models.tickets.transitions import refusal

PROPOSED_FOR = timedelta(days=1)
PROPOSED_MAX = 50
"""Each is changed in the transaction of one click."""


def attach(uow: UnitOfWork, ticket_id: int, outage_id: int) -> Ticket:
    """Put an open ticket behind a known outage: no card of its own, and not in the queue, until its requester
    writes. It is resolved with the outage. A requester may have several behind one.

    Raises `TicketNotFound`, `OutageNotFound`, what `transitions.check` raises of who may not, and
    `FieldRefused` when the outage is over or another team's, or the ticket is confidential, waits for an
    agreement, is attached already, or others are attached to it.
    """
    begin_writing(uow.session)
    # As a follower does: resolving the outage waits. Before the ticket, as the resolution locks them.
    outage = uow.session.get(Outage, outage_id, with_for_update={"read": True})
    if outage is None:
        raise OutageNotFound
    ticket = locked(uow, ticket_id)
    _check(uow, ticket, outage)
    return act(uow, ticket_id, Action.ATTACH, change=BehindOutage(outage))


def detach(uow: UnitOfWork, ticket_id: int) -> Ticket:
    """Free a ticket from its outage: it has a card of its own, and is in its team's queue.

    Raises `TicketNotFound`, and what `transitions.check` raises."""
    outage = locked(uow, ticket_id).outage
    ticket = act(uow, ticket_id, Action.DETACH, change=FreeOfOutage())
    assert outage is not None
    refresh_outage(uow, outage, why=f"detached:{ticket.id}:{ticket.event_count}")
    return ticket


def proposed(uow: UnitOfWork, outage_id: int) -> Sequence[Ticket]:
    """The tickets in the team's queue that its outage may explain: opened within `PROPOSED_FOR` before it was
    declared, at its sites and for its services; the newest first, `PROPOSED_MAX` at most."""
    outage, child = of_team(uow, outage_id), aliased(Ticket)
    has_any = exists().where(child.parent_id == Ticket.id, child.status != Status.CLOSED)
    found = select(Ticket).where(
        Ticket.team_id == outage.team_id,
        Ticket.status.in_(TRANSITIONS[Action.ATTACH].sources),
        Ticket.opened_at >= outage.declared_at - PROPOSED_FOR,
        Ticket.outage_id.is_(None),
        Ticket.parent_id.is_(None),
        ~has_any,
        ~Ticket.is_kept_from_team,
        Ticket.agreement != Agreement.ASKED,
        ~Ticket.is_confidential,
    )
    if outage.site_ids:
        found = found.where(Ticket.site_id.in_(outage.site_ids))
    if outage.service_ids:  # a ticket without a service may be about any
        found = found.where(Ticket.service_id.in_(outage.service_ids) | Ticket.service_id.is_(None))
    return uow.session.scalars(found.order_by(Ticket.id.desc()).limit(PROPOSED_MAX)).all()


def attach_all(uow: UnitOfWork, outage_id: int, numbers: Sequence[int]) -> int:
    """Attach those that still can be, in the order of their numbers. Returns how many were. Raises as
    `of_team` does."""
    of_team(uow, outage_id)
    done = 0
    for number in sorted(set(numbers))[:PROPOSED_MAX]:
        try:
            attach(uow, number, outage_id)
        except (FieldRefused, TransitionRefused, RoleRefused, TicketNotFound):
            continue  # somebody was faster; nothing of it is changed
        done += 1
    return done


def refused_because(ticket: Ticket, outage: Outage) -> FieldReason | None:
    """Why an open ticket cannot be put behind the outage; `None` when it can."""
    if outage.is_over:
        return FieldReason.OUTAGE_OVER
    if ticket.outage_id is not None:
        return FieldReason.ATTACHED_ALREADY
    if ticket.team_id != outage.team_id:
        return FieldReason.OTHER_TEAM_FIRST
    if ticket.is_confidential:
        return FieldReason.IS_CONFIDENTIAL
    if ticket.agreement is Agreement.ASKED:
        return FieldReason.AWAITS_AGREEMENT
    return None


def _check(uow: UnitOfWork, ticket: Ticket, outage: Outage) -> None:
    if Role.TECHNICIAN not in uow.actor.roles(ticket):
        raise RoleRefused(Action.ATTACH)
    if ticket.status not in TRANSITIONS[Action.ATTACH].sources:
        raise refusal(ticket, Action.ATTACH)
    if reason := refused_because(ticket, outage):
        raise _refused(reason)
    if has_children(uow, ticket.id):
        raise _refused(FieldReason.HAS_CHILDREN)


def _refused(reason: FieldReason) -> FieldRefused:
    return FieldRefused(Field.ATTACH_TO, reason)
