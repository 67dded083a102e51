"""A request as one of its approvers is shown it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select

from models.approvals.approval import Approval, Approver
from models.tickets.attachment import Attachment
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
    """What came with the form of a request, or completed it; what came with a comment or a reply is between
    the requester and the team."""
    files = select(Attachment).where(Attachment.ticket_id == ticket_id, Attachment.comment_id.is_(None))
    return files.order_by(Attachment.id)
