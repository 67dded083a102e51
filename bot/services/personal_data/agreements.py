"""Forgets who was asked to agree to a ticket, and what was said: how each step ended, and when, stays."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.services.personal_data.nobody import nobody
from models.approval_rule import ApprovalStep, Approvers
from models.approvals.approval import Approval, Approver


def forget_agreements(session: Session, ticket_id: int) -> None:
    """Forget the words and the people of a ticket's agreements."""
    for step in session.scalars(select(Approval).where(Approval.ticket_id == ticket_id)):
        session.execute(delete(Approver).where(Approver.approval_id == step.id))
        rule = step.rule
        step.rule = ApprovalStep(
            who=Approvers(rule.who.source), name=rule.name, quorum=rule.quorum, within=rule.within
        )
        step.subject = step.subject_before = step.words = step.remind_at = None
        step.requested_by_id = nobody(session).id if step.requested_by_id is not None else None
