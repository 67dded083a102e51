"""What an event of a ticket means for its agreement."""

from bot.context.unit_of_work import UnitOfWork
from bot.services.approvals.days import pause_days, resume_days
from bot.services.approvals.rows import approvals_of
from models.approvals.approval import StepState
from models.approvals.process import current, withdraw
from models.lifecycle import Action, Agreement
from models.tickets.event import Event
from models.tickets.ticket import Ticket

_MOVES = frozenset({Action.QUERY, Action.COMPLETE, Action.AGREE, Action.RECORD_AGREEMENT})


def follow_agreement(uow: UnitOfWork, ticket: Ticket, event: Event) -> None:
    """Close the steps of a ticket whose agreement the event has withdrawn; stop their days while an
    information is missing."""
    step = current(approvals_of(uow.session, ticket.id)) if event.action in _MOVES else None
    if step is not None and event.action is Action.QUERY:
        pause_days(uow, ticket, step)
    elif step is not None and (event.action is Action.COMPLETE or step.state is StepState.ASKED):
        resume_days(uow, ticket, step)
    if event.details.agreement is Agreement.NOT_NEEDED:
        withdraw(approvals_of(uow.session, ticket.id), uow.now)
