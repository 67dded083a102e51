"""Look-ups of approvers in Slack, queued for the worker: no request waits for them."""

from collections.abc import Mapping
from uuid import uuid4

from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from models.approval_rule import Source
from models.approvals.approval import Approval
from models.outbox.delivery import Delivery
from models.outbox.details import ApproversDetails
from models.outbox.kinds import DeliveryKind, DeliveryState, Queue
from models.outbox.recipient import Recipient

METHODS: Mapping[Source, str] = {
    Source.PEOPLE: "users.info",
    Source.GROUP: "usergroups.users.list",
    Source.CHANNEL: "users.conversations",
    Source.MANAGER: "users.profile.get",
}
"""The first Web API method that each needs."""


def look_up(uow: UnitOfWork, approval: Approval, *, is_fallback: bool = False) -> None:
    """Have the worker find the approvers of a step and ask them: now those of its rule, or those of its
    fallback, which it must have. One look-up that has not begun is enough."""
    who = approval.rule.fallback if is_fallback else approval.rule.who
    assert who is not None
    approval.has_fallback = approval.has_fallback or is_fallback
    uow.session.flush()  # the id of a new step
    details = ApproversDetails(approval.id, is_fallback)
    recipient = Recipient(Queue.APPROVERS, str(approval.id))
    if _is_queued(uow, recipient, details):
        return
    uow.session.add(
        Delivery(
            kind=DeliveryKind.APPROVERS,
            recipient=str(recipient),
            method=METHODS[who.source],
            ticket_id=approval.ticket_id,
            details=details,
            key=f"{recipient}:{uuid4()}",
            created_at=uow.now,
            due_at=uow.now,
        )
    )


def _is_queued(uow: UnitOfWork, recipient: Recipient, details: ApproversDetails) -> bool:
    waiting = select(Delivery).where(
        Delivery.state == DeliveryState.PENDING,
        Delivery.recipient == str(recipient),
        Delivery.started_at.is_(None),
    )
    return any(each.details == details for each in uow.session.scalars(waiting))
