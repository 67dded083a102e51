"""Looks for approvers who can no longer decide, and drops them."""

from functools import partial

from sqlalchemy import or_, select

from bot.context.unit_of_work import UnitOfWork
from bot.services.approvals.asking import is_fit
from bot.services.approvals.dropping import drop_approvers
from bot.services.approvals.rows import approvals_of
from bot.services.tickets.waits.apart import do_apart
from models.approvals.approval import Approval, Approver
from models.approvals.process import current
from models.person import Person
from models.tickets.ticket import Ticket

PORTION = 50
"""Tickets in one transaction: a click on one of them waits for it."""
_UNFIT = or_(Person.is_deactivated, Person.is_bot, Person.is_workflow, Person.is_guest, Person.is_stranger)


def drop_unfit(uow: UnitOfWork) -> None:
    """Drop a portion of the approvers whose accounts are deactivated, bots', guests' or of elsewhere; the
    rest is left to the next run."""
    _drop(uow)


def drop_person(uow: UnitOfWork, slack_id: str) -> None:
    """The same of one person."""
    _drop(uow, slack_id)


def _drop(uow: UnitOfWork, slack_id: str | None = None) -> None:
    of_open_rows = (
        select(Approval.ticket_id)
        .join(Approver, Approver.approval_id == Approval.id)
        .join(Person, Person.id == Approver.person_id)
        .where(Approver.dropped_at.is_(None), Approver.is_open, _UNFIT)
    )
    if slack_id is not None:
        of_open_rows = of_open_rows.where(Person.slack_id == slack_id)
    tickets = uow.session.scalars(
        select(Ticket)
        .where(Ticket.id.in_(of_open_rows))
        .order_by(Ticket.id)
        .limit(PORTION)
        .with_for_update(skip_locked=True)
    ).all()
    do_apart(uow, tickets, partial(_look_at, uow), lambda _ticket, _until: None)


def _look_at(uow: UnitOfWork, ticket: Ticket) -> None:
    approval = current(approvals_of(uow.session, ticket.id))
    if approval is not None:
        unfit = [each for each in approval.asked if each.is_open and not is_fit(ticket, each.person)]
        drop_approvers(uow, ticket, approval, unfit)
