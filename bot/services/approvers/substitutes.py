"""Asks who decides for an approver whose absence has begun."""

from functools import partial

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.waits.approvals import show_approvals
from bot.services.approvals.asking import ask_substitutes_in, is_absent
from bot.services.approvals.fitness import has_unfit_account
from bot.services.approvals.rows import approvals_of, last_event
from bot.services.tickets.waits.apart import do_apart
from models.approvals.approval import Absence, Approval, Approver, StepState
from models.approvals.process import current
from models.person import Person
from models.tickets.ticket import Ticket

PORTION = 50
"""Tickets in one transaction: a click on one of them waits for it."""


def ask_substitutes(uow: UnitOfWork) -> None:
    """Ask a portion of the substitutes whom a step has not asked yet; the rest is left to the next run."""
    ask_for_absent(uow, None)


def ask_for_absent(uow: UnitOfWork, person_id: int | None) -> None:
    """The same for one absent person. A substitute is asked once in a step."""
    numbers = sorted(_tickets(uow, person_id))[:PORTION]
    tickets = uow.session.scalars(
        select(Ticket).where(Ticket.id.in_(numbers)).order_by(Ticket.id).with_for_update(skip_locked=True)
    ).all()
    do_apart(uow, tickets, partial(_look_at, uow))


def _tickets(uow: UnitOfWork, person_id: int | None) -> set[int]:
    """The numbers of the tickets with an absent approver whose substitute was not asked, and may be."""
    other, substitute = aliased(Approver), aliased(Person)
    rows = (
        select(Approval.ticket_id, Person, Absence)
        .join(Ticket, Ticket.id == Approval.ticket_id)
        .join(Approver, Approver.approval_id == Approval.id)
        .join(Person, Person.id == Approver.person_id)
        .join(Absence, Absence.person_id == Person.id)
        .join(substitute, substitute.id == Absence.substitute_id)
        .where(
            Approver.dropped_at.is_(None),
            Approver.is_open,
            Approver.for_id.is_(None),
            Approval.state == StepState.ASKED,
            ~has_unfit_account(substitute),
            Absence.substitute_id != Ticket.requester_id,
            Absence.substitute_id.is_distinct_from(Ticket.filed_by_id),
            ~exists().where(other.approval_id == Approval.id, other.person_id == Absence.substitute_id),
        )
    )
    if person_id is not None:
        rows = rows.where(Person.id == person_id)
    found = uow.session.execute(rows)
    return {number for number, person, absence in found if is_absent(absence, person, uow.now)}


def _look_at(uow: UnitOfWork, ticket: Ticket) -> None:
    approval = current(approvals_of(uow.session, ticket.id))
    if approval is None or approval.state is not StepState.ASKED:
        return
    if ask_substitutes_in(uow, ticket, approval):
        why = f"absence:{uow.now.timestamp():.0f}"
        show_approvals(uow, last_event(uow.session, ticket), why=why)
