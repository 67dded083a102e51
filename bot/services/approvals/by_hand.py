"""An agreement that a technician asks for, or records: of whom, in which step."""

from bot.context.unit_of_work import UnitOfWork
from bot.services.approvals.changes import Asking
from bot.services.approvals.fitness import unfit
from bot.services.approvals.rows import approvals_of, subject_of
from models.approval_rule import ApprovalStep, Approvers, Source
from models.approvals.changes import Recorded
from models.base import LocalizedText
from models.characters import is_blank
from models.fields import Field, FieldReason, FieldRefused
from models.person import Person
from models.tickets.ticket import Ticket

ROLE = LocalizedText("Accord", "Agreement")
"""In which role somebody is asked, unless a technician names one."""
ROLE_MAX = 75


def check_approver(uow: UnitOfWork, ticket: Ticket, person: Person, *, own_is_recorded: bool = False) -> None:
    """Raise `FieldRefused` for whose agreement the actor neither asks for nor records: the requester, who
    filed it, themself, guests."""
    reason = unfit(ticket, person, own_is_recorded=own_is_recorded)
    if person.id == uow.actor.id and reason is not FieldReason.OWN_APPROVER:
        reason = FieldReason.YOURSELF
    if reason:
        raise FieldRefused(Field.APPROVER, reason)


def check_recorder(uow: UnitOfWork, ticket: Ticket) -> None:
    """Raise `FieldRefused` when the request is the actor's own."""
    if ticket.requester.id == uow.actor.id:
        raise FieldRefused(Field.APPROVER, FieldReason.OWN_REQUEST)


def step_by_hand(approver: Person, role: str) -> ApprovalStep:
    """A step that asks one person. Raises `FieldRefused`."""
    role = role.strip()
    if len(role) > ROLE_MAX:
        raise FieldRefused(Field.ROLE, FieldReason.TOO_LONG)
    name = ROLE if is_blank(role) else LocalizedText(role, role)
    return ApprovalStep(Approvers(Source.PEOPLE, (approver.slack_id,)), name)


def recorded(uow: UnitOfWork, ticket: Ticket, approver: Person, where: str, role: str = "") -> Asking:
    """The change that records an agreement in the present step, or in one of its own. Raises
    `FieldRefused`."""
    approvals = list(approvals_of(uow.session, ticket.id))
    subject, rule = subject_of(uow.session, ticket), step_by_hand(approver, role)
    change = Recorded(approvals, rule, approver, uow.person, where.strip(), subject)
    return Asking(uow, change, approvals)
