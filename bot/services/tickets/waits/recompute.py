"""Computes the dates of waiting tickets anew once a calendar or a setting has changed, some in each
transaction; at the first run of this version, those of what waits already."""

from hashlib import sha256

from sqlalchemy import select, update

from bot.context.unit_of_work import UnitOfWork
from bot.services.tickets.waits.follow import begin_late, plan_anew
from models.approvals.approval import Approval
from models.catalogue import CatalogueState
from models.lifecycle import Status
from models.outbox.reminder import WaitDates
from models.tickets.ticket import Ticket

PORTION = 50
"""Tickets in one transaction: a click on one of them waits for it, and a listener has 0.7 s for the
database."""


def recompute_waits(uow: UnitOfWork) -> bool:
    """Compute a portion, if one is left. Returns whether others may be."""
    _begin(uow)
    progress = uow.session.get(WaitDates, 1, with_for_update=True)
    if progress is None or progress.above is None:
        return False
    tickets = uow.session.scalars(
        select(Ticket)
        .where(Ticket.id > progress.above, Ticket.status.in_([Status.PENDING, Status.RESOLVED]))
        .order_by(Ticket.id)
        .limit(PORTION)
        .with_for_update()
    ).all()
    for ticket in tickets:
        _recompute(uow, ticket)
    progress.above = tickets[-1].id if len(tickets) == PORTION else None
    return progress.above is not None


def _begin(uow: UnitOfWork) -> None:
    """Begin anew when a calendar or a setting has changed."""
    loaded, rules = uow.session.get(CatalogueState, 1), uow.settings
    numbers = (rules.close_solution_after, rules.close_question_after, rules.review_hold_after)
    text = f"{loaded.fingerprint if loaded else ''} {numbers}"
    fingerprint = sha256(text.encode()).hexdigest()
    progress = uow.session.get(WaitDates, 1, with_for_update=True)
    if progress is None:
        uow.session.add(WaitDates(fingerprint=fingerprint, above=0))
    elif progress.fingerprint != fingerprint:
        progress.fingerprint, progress.above = fingerprint, 0
        _look_at_approvals(uow)


def _look_at_approvals(uow: UnitOfWork) -> None:
    """Have the reminders of approvers looked at: what is not due gets the date that it has now."""
    uow.session.execute(
        update(Approval).where(Approval.remind_at > uow.now).values(remind_at=uow.now),
        execution_options={"synchronize_session": False},
    )


def _recompute(uow: UnitOfWork, ticket: Ticket) -> None:
    begin_late(uow, ticket)
    plan_anew(uow, ticket, why=f"{uow.now.timestamp():.0f}")
