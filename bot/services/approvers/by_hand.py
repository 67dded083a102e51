"""What technicians do about agreements: ask for one by hand, or record one that was given elsewhere."""

from dataclasses import dataclass

from bot.context.actor import Actor
from bot.context.unit_of_work import UnitOfWork
from bot.services.approvals.by_hand import check_approver, check_recorder, recorded, step_by_hand
from bot.services.approvals.changes import Asking
from bot.services.approvals.rows import approvals_of
from bot.services.tickets.actions import act, check, locked
from models.approvals.changes import Requested
from models.approvals.process import current
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import Action
from models.person import Person
from models.tickets.ticket import Ticket


def request_agreement(uow: UnitOfWork, ticket_id: int, of: Actor, role: str, words: str) -> Ticket:
    """Ask somebody for their agreement; `words` tell them why. Raises `FieldRefused` for whom nobody asks:
    the requester, who filed it, the technician themself, guests; and what `act` raises."""
    ticket = check(uow, locked(uow, ticket_id).id, Action.REQUEST_AGREEMENT)
    approver = uow.session.get_one(Person, of.id)
    check_approver(uow, ticket, approver)
    approvals, step = list(approvals_of(uow.session, ticket.id)), step_by_hand(approver, role)
    change = Requested(approvals, step, approver, uow.person, words.strip())
    return act(uow, ticket_id, Action.REQUEST_AGREEMENT, text=words, change=Asking(uow, change, approvals))


@dataclass(frozen=True)
class Given:
    """An agreement that was given elsewhere."""

    where: str
    """And when."""
    role: str = ""
    step: int | None = None
    """The id of the step that was asked when it was recorded."""


def record_agreement(uow: UnitOfWork, ticket_id: int, of: Actor, given: Given) -> Ticket:
    """Record that somebody agreed: in the present step, or beside those that were given.

    Nobody records an agreement to a request of their own, nor their own. Raises as `request_agreement`, and
    `FieldRefused` when another step is asked meanwhile."""
    ticket = check(uow, locked(uow, ticket_id).id, Action.RECORD_AGREEMENT)
    check_recorder(uow, ticket)
    present = current(approvals_of(uow.session, ticket.id))
    if (present.id if present else None) != given.step:
        raise FieldRefused(Field.APPROVER, FieldReason.CHANGED_MEANWHILE)
    approver = uow.session.get_one(Person, of.id)
    check_approver(uow, ticket, approver, own_is_recorded=bool(present and present.rule.own_is_recorded))
    change = recorded(uow, ticket, approver, given.where, given.role)
    return act(uow, ticket_id, Action.RECORD_AGREEMENT, text=given.where, change=change)
