"""What approvers do: agree, decline, or ask for an information first."""

from sqlalchemy import select

from bot.catalogue.service_levels import StoredLevels
from bot.context.unit_of_work import UnitOfWork
from bot.notifications import enqueue
from bot.services.approvals.asking import bring_on
from bot.services.approvals.rows import approvals_of
from bot.services.tickets.actions import locked
from bot.services.tickets.waits.follow import follow
from models.approvals.approval import Approval, Decision
from models.approvals.changes import Decided
from models.approvals.process import ACTIONS, current, settled
from models.characters import is_blank
from models.errors import RoleRefused
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import TRANSITIONS, Role
from models.tickets import transitions
from models.tickets.ticket import Ticket
from models.tickets.transitions import Trigger


def decide_step(uow: UnitOfWork, approval_id: int, decision: Decision, text: str = "") -> Ticket:
    """Note what the actor decided in a step, and bring the ticket on.

    Raises `RoleRefused` for who is not asked, `AgreementSettled` when the step is decided or withdrawn, and
    `FieldRefused` when the decision needs words.
    """
    ticket_id = uow.session.scalar(select(Approval.ticket_id).where(Approval.id == approval_id))
    ticket = locked(uow, ticket_id or 0)
    approvals = approvals_of(uow.session, ticket.id)
    approval = next(each for each in approvals if each.id == approval_id)
    action = ACTIONS[decision]
    if TRANSITIONS[action].needs_text and is_blank(text):
        raise FieldRefused(Field.TEXT, FieldReason.MISSING)
    approver = next((each for each in approval.asked if each.person_id == uow.actor.id), None)
    if approver is None:  # how it ended is not for them
        raise RoleRefused(action)
    if approval is not current(approvals):
        raise settled(approval, approver, ticket.agreement)
    if decision is Decision.ASK and _has_asked(approval, uow, text):
        return ticket
    change = Decided(approvals, approval, uow.person, decision, text.strip() or None)
    event = transitions.apply(ticket, action, _as_approver(uow), text=text, change=change)
    follow(uow, ticket, event)
    uow.session.add(event)
    uow.session.flush()
    events = [event, *bring_on(uow, ticket, approvals)]
    for each in events:
        enqueue.announce(uow, ticket, each)
    return ticket


def _has_asked(approval: Approval, uow: UnitOfWork, text: str) -> bool:
    """Whether the actor waits for this information already: the same form was sent twice."""
    mine = [each for each in approval.asked if each.person_id == uow.actor.id]
    return any(each.decision is Decision.ASK and each.text == text.strip() for each in mine)


def _as_approver(uow: UnitOfWork) -> Trigger:
    return Trigger(uow.person, {Role.APPROVER}, uow.now, uow.surface, StoredLevels(uow.session))
