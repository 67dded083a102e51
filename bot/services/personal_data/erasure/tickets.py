"""Their own tickets, those that they work on, and those that wait for their agreement."""

from dataclasses import replace

from sqlalchemy import select

from bot.catalogue.service_levels import StoredLevels
from bot.context.actor import Actor
from bot.context.unit_of_work import UnitOfWork
from bot.services.approvals.dropping import drop_approvers
from bot.services.approvals.rows import approvals_of
from bot.services.departures.leaving import HELD
from bot.services.personal_data.erasure.erased import Erased
from bot.services.personal_data.forgetting import forget_ticket
from bot.services.tickets.actions import act, write_events
from models.approvals.approval import Approval, Approver
from models.approvals.process import current
from models.lifecycle import Action, Role, Status
from models.tickets.changes.holder import Unassignment
from models.tickets.ticket import Ticket
from models.tickets.transitions import Trigger, apply

SURFACE = "erasure"
FORGOTTEN_AT_ONCE = 3
"""Tickets in one transaction: each takes its comments, files and messages with it."""
PORTION = 50


def forget_own(uow: UnitOfWork, erased: Erased, after: int) -> int | None:
    """Close what is open of their own tickets without telling them, and forget all of them."""
    own = select(Ticket.id).where(Ticket.requester_id == erased.person.id).order_by(Ticket.id)
    numbers = uow.session.scalars(own.limit(FORGOTTEN_AT_ONCE)).all()
    for number in numbers:
        _close(uow, erased, number)
        forget_ticket(uow, number)
        uow.session.flush()
    return 0 if numbers else None


def _close(uow: UnitOfWork, erased: Erased, number: int) -> None:
    """Close a ticket as its requester can; what would be sent about it is forgotten with it."""
    ticket = uow.session.get_one(Ticket, number)
    if ticket.status is Status.CLOSED:
        return
    person = erased.person
    requester = Actor(person.id, person.slack_id, person.name, person.locale, person.time_zone)
    action = Action.APPROVE if ticket.status is Status.RESOLVED else Action.CANCEL
    act(replace(uow, by=requester, surface=SURFACE), number, action, text="—")


def release_held(uow: UnitOfWork, erased: Erased, after: int) -> int | None:
    """Return the open tickets that they work on to their teams' queues."""
    held = select(Ticket).where(Ticket.assignee_id == erased.person.id, HELD).order_by(Ticket.id)
    tickets = uow.session.scalars(held.limit(PORTION).with_for_update(of=Ticket)).all()
    trigger = Trigger(erased.person, {Role.DESK}, uow.now, SURFACE, StoredLevels(uow.session))
    events = [apply(ticket, Action.UNASSIGN, trigger, change=Unassignment()) for ticket in tickets]
    write_events(uow, events)
    return 0 if tickets else None


def drop_from_agreements(uow: UnitOfWork, erased: Erased, after: int) -> int | None:
    """No longer ask for their agreement: others decide, the fallback is asked, or somebody is chosen."""
    asked = (
        select(Approval.ticket_id)
        .join(Approver, Approver.approval_id == Approval.id)
        .where(Approver.person_id == erased.person.id, Approver.dropped_at.is_(None), Approver.is_open)
    )
    waiting = select(Ticket).where(Ticket.id.in_(asked), Ticket.id > after).order_by(Ticket.id)
    tickets = uow.session.scalars(waiting.limit(PORTION).with_for_update(of=Ticket)).all()
    for ticket in tickets:
        approval = current(approvals_of(uow.session, ticket.id))
        if approval is not None:
            theirs = [each for each in approval.asked if each.person_id == erased.person.id]
            drop_approvers(uow, ticket, approval, theirs)
    return tickets[-1].id if tickets else None
