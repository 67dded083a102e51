"""A request as one of its approvers is shown it."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.approvals.approval import Approval, Approver
from models.tickets.attachment import Attachment
from models.tickets.event import Event
from models.tickets.ticket import Ticket


@dataclass(frozen=True)
class AgreementRequest:
    """Nothing else of the ticket: no note, no reply of the team's."""

    ticket: Ticket
    approval: Approval
    approver: Approver
    said: Sequence[Event] = ()
    """What approvers needed to know, and how the requester completed the request, oldest first."""
    files: Sequence[Attachment] = ()
