"""Looks for approvers who can no longer decide, and drops them."""

from functools import partial

from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from bot.services.approvals.dropping import drop_approvers
from bot.services.approvals.fitness import has_unfit_account, unfit
from bot.services.approvals.rows import approvals_of
from bot.services.tickets.waits.apart import do_apart
from models.approvals.approval import Approval, Approver
from models.approvals.process import current
from models.person import Person
from models.tickets.ticket import Ticket

PORTION = 50
"""Tickets in one transaction: a click on one of them waits for it."""


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
        .where(Approver.dropped_at.is_(None), Approver.is_open, has_unfit_account(Person))
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
    do_apart(uow, tickets, partial(_look_at, uow))


def _look_at(uow: UnitOfWork, ticket: Ticket) -> None:
    approval = current(approvals_of(uow.session, ticket.id))
    if approval is not None:
        gone = [each for each in approval.asked if each.is_open and unfit(ticket, each.person)]
        drop_approvers(uow, ticket, approval, gone)
