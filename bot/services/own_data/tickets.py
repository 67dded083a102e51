"""A person's tickets, as they may read them; all of each for the officer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from bot.services.tickets.attachments import attachments
from bot.services.tickets.history import history
from models.approvals.approval import Approval, StepState
from models.lifecycle import Role
from models.tickets.attachment import Attachment
from models.tickets.event import Line
from models.tickets.ticket import Ticket

PORTION = 50
_SEEN = frozenset(StepState) - {StepState.LATER, StepState.LOOKUP}


@dataclass(frozen=True)
class OwnTicket:
    """A ticket with what belongs to it."""

    ticket: Ticket
    lines: Sequence[Line]
    files: Sequence[Attachment]
    approvals: Sequence[Approval]


def own_tickets(session: Session, person_id: int, role: Role) -> Iterator[OwnTicket]:
    """The person's tickets, the newest first, as somebody in this role reads them. Portions are read one
    after the other, and expire from the session."""
    last = None
    while portion := _portion(session, Ticket.requester_id == person_id, last):
        approvals = _approvals(session, portion)
        for ticket in portion:
            yield OwnTicket(
                ticket,
                history(session, ticket, {role}),
                attachments(session, ticket, {role}),
                approvals.get(ticket.id, []),
            )
        last = portion[-1].id
        session.expunge_all()


def _portion(session: Session, whose: ColumnElement[bool], last: int | None) -> Sequence[Ticket]:
    query = select(Ticket).where(whose).order_by(Ticket.id.desc()).limit(PORTION)
    if last is not None:
        query = query.where(Ticket.id < last)
    beside = (Ticket.site, Ticket.service, Ticket.team, Ticket.filed_by, Ticket.assignee, Ticket.outage)
    return session.scalars(query.options(*(joinedload(each) for each in beside))).all()


def _approvals(session: Session, tickets: Sequence[Ticket]) -> Mapping[int, list[Approval]]:
    rows = session.scalars(
        select(Approval)
        .where(Approval.ticket_id.in_([each.id for each in tickets]), Approval.state.in_(_SEEN))
        .order_by(Approval.ticket_id, Approval.position)
        .options(selectinload(Approval.approvers))
    )
    found: dict[int, list[Approval]] = {}
    for each in rows:
        found.setdefault(each.ticket_id, []).append(each)
    return found
