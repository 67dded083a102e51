"""What technicians do about agreements: ask for one by hand, or record one that was given elsewhere."""

from dataclasses import dataclass

from bot.context.actor import Actor
from bot.context.unit_of_work import UnitOfWork
from bot.services.approvals.begin import unfit
from bot.services.approvals.changes import Asking
from bot.services.approvals.rows import approvals_of, subject_of
from bot.services.tickets.actions import act, check, locked
from models.approval_rule import ApprovalStep, Approvers, Source
from models.approvals.changes import Recorded, Requested
from models.approvals.process import current
from models.base import LocalizedText
from models.characters import is_blank
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import Action
from models.person import Person
from models.tickets.ticket import Ticket

ROLE = LocalizedText("Accord", "Agreement")
"""In which role somebody is asked, unless a technician names one."""
ROLE_MAX = 75


def request_agreement(uow: UnitOfWork, ticket_id: int, of: Actor, role: str, words: str) -> Ticket:
    """Ask somebody for their agreement; `words` tell them why. Raises `FieldRefused` for whom nobody asks:
    the requester, who filed it, the technician themself, guests; and what `act` raises."""
    ticket = check(uow, locked(uow, ticket_id).id, Action.REQUEST_AGREEMENT)
    approver = _approver(uow, ticket, of)
    approvals = list(approvals_of(uow.session, ticket.id))
    change = Requested(approvals, _step(approver, role), approver, uow.person, words.strip())
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
    if ticket.requester_id == uow.actor.id:
        raise FieldRefused(Field.APPROVER, FieldReason.OWN_REQUEST)
    approvals = list(approvals_of(uow.session, ticket.id))
    present = current(approvals)
    if (present.id if present else None) != given.step:
        raise FieldRefused(Field.APPROVER, FieldReason.CHANGED_MEANWHILE)
    is_own_possible = present is not None and present.rule.own_is_recorded
    approver = _approver(uow, ticket, of, own_is_recorded=is_own_possible)
    subject, rule = subject_of(uow.session, ticket), _step(approver, given.role)
    change = Recorded(approvals, rule, approver, uow.person, given.where.strip(), subject)
    asking = Asking(uow, change, approvals)
    return act(uow, ticket_id, Action.RECORD_AGREEMENT, text=given.where, change=asking)


def _approver(uow: UnitOfWork, ticket: Ticket, of: Actor, *, own_is_recorded: bool = False) -> Person:
    if of.id == uow.actor.id:
        raise FieldRefused(Field.APPROVER, FieldReason.YOURSELF)
    person = uow.session.get_one(Person, of.id)
    if reason := unfit(ticket, person, own_is_recorded=own_is_recorded):
        raise FieldRefused(Field.APPROVER, reason)
    return person


def _step(approver: Person, role: str) -> ApprovalStep:
    role = role.strip()
    if len(role) > ROLE_MAX:
        raise FieldRefused(Field.ROLE, FieldReason.TOO_LONG)
    name = ROLE if is_blank(role) else LocalizedText(role, role)
    return ApprovalStep(Approvers(Source.PEOPLE, (approver.slack_id,)), name)
