"""The rows of a ticket's agreement, and what its approvers are asked to agree to."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.approvals.approval import AgreedTo, Approval
from models.approvals.request import files_of_request
from models.tickets.event import Event
from models.tickets.ticket import Ticket


def approvals_of(session: Session, ticket_id: int) -> Sequence[Approval]:
    """Its steps, in order."""
    rows = select(Approval).where(Approval.ticket_id == ticket_id).order_by(Approval.position)
    return session.scalars(rows).all()


def subject_of(session: Session, ticket: Ticket) -> AgreedTo:
    """What the request says now. A file is named by its id in Slack: another file has another one."""
    files = session.scalars(files_of_request(ticket.id))
    return AgreedTo(
        ticket.title,
        ticket.description,
        tuple(ticket.answers),
        tuple(sorted(each.slack_file_id for each in files)),
    )


def last_event(session: Session, ticket: Ticket) -> Event:
    """The newest event of a ticket's history."""
    return session.scalars(
        select(Event).where(Event.ticket_id == ticket.id, Event.number == ticket.event_count)
    ).one()
