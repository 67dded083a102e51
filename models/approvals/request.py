"""A request as one of its approvers is shown it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, or_, select

from models.approvals.approval import Approval, Approver
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference
from models.tickets.attachment import Attachment
from models.tickets.comment import Comment
from models.tickets.event import Event
from models.tickets.ticket import Ticket


@dataclass(frozen=True)
class AgreementRequest:
    """Nothing else of the ticket: no note, no reply of the team's, no file of either."""

    ticket: Ticket
    approval: Approval
    approver: Approver
    said: Sequence[Event] = ()
    """What approvers needed to know, and how the requester completed the request, oldest first."""
    files: Sequence[Attachment] = ()


def files_of_request(ticket_id: int) -> Select[Attachment]:
    """What came with the form of a request, or completed it, in a form or below the message that asks for
    that; what came with another comment or a reply is between the requester and the team."""
    completing = (
        select(Comment.id)
        .join(
            MessageReference,
            (MessageReference.channel == Comment.channel) & (MessageReference.ts == Comment.thread_ts),
        )
        .where(Comment.ticket_id == ticket_id, MessageReference.kind == DeliveryKind.AGREEMENT_WAIT)
    )
    is_theirs = or_(Attachment.comment_id.is_(None), Attachment.comment_id.in_(completing))
    return select(Attachment).where(Attachment.ticket_id == ticket_id, is_theirs).order_by(Attachment.id)
