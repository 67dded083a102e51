"""Requests as their approvers are shown them, and the step that a ticket's agreement waits for."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.services.audit.reading import saw
from models.approvals.approval import CURRENT, Approval, Approver, StepState
from models.approvals.process import settled
from models.approvals.request import AgreementRequest, files_of_request
from models.errors import RoleRefused
from models.lifecycle import Action, Agreement
from models.tickets.event import Event
from models.tickets.ticket import Ticket

# As text: with bound values SQLite does not use the partial index.
_IS_OPEN = text("approver.dropped_at IS NULL AND approver.is_open")
_SAID = (Action.QUERY, Action.COMPLETE)


def request_of(session: Session, approver: Approver) -> AgreementRequest:
    """What this approver is shown."""
    approval = approver.approval
    ticket = session.get_one(Ticket, approval.ticket_id)
    said = select(Event).where(Event.ticket_id == ticket.id, Event.action.in_(_SAID)).order_by(Event.number)
    agreed_to = approval.subject.files if approval.subject else ()
    files = session.scalars(files_of_request(ticket.id))
    return AgreementRequest(
        ticket,
        approval,
        approver,
        session.scalars(said).all(),
        [each for each in files if each.slack_file_id in agreed_to],
    )


def request_for(uow: UnitOfWork, approval_id: int) -> AgreementRequest:
    """The request of a step that asks the actor now. Raises `RoleRefused` for who was never asked, or is not
    any more, and `AgreementSettled` once it is decided or withdrawn."""
    approver = uow.session.scalars(
        select(Approver).where(
            Approver.approval_id == approval_id,
            Approver.person_id == uow.actor.id,
            Approver.dropped_at.is_(None),
        )
    ).one_or_none()
    if approver is None:
        raise RoleRefused(Action.AGREE)
    if not approver.may_decide:
        ticket = uow.session.get_one(Ticket, approver.approval.ticket_id)
        raise settled(approver.approval, approver, ticket.agreement)
    request = request_of(uow.session, approver)
    saw(uow, request.ticket)
    return request


def is_asked(session: Session, ticket_id: int, person_id: int) -> bool:
    """Whether a step of the ticket waits for this person's agreement."""
    rows = select(Approver.id).join(Approval, Approval.id == Approver.approval_id)
    rows = rows.where(Approval.ticket_id == ticket_id, Approver.person_id == person_id, _IS_OPEN)
    return session.scalar(rows.limit(1)) is not None


def asked_of(session: Session, person_id: int, *, most: int) -> Sequence[AgreementRequest]:
    """The oldest `most` of the requests that wait for this person's agreement."""
    rows = session.scalars(
        select(Approver)
        .join(Approval, Approval.id == Approver.approval_id)
        .where(Approver.person_id == person_id, _IS_OPEN)
        .order_by(Approval.asked_at, Approval.id)
        .limit(most)
    ).all()
    return [request_of(session, each) for each in rows]


def count_asked(session: Session, person_id: int) -> int:
    """How many requests wait for this person's agreement in all."""
    return (
        session.scalar(select(func.count(Approver.id)).where(Approver.person_id == person_id, _IS_OPEN)) or 0
    )


def to_complete(session: Session, person_id: int, *, most: int) -> Sequence[tuple[Ticket, Approval]]:
    """The newest `most` of this person's requests that they are to complete, or to name an approver for."""
    waits = Approval.state.in_([StepState.INCOMPLETE, StepState.CHOICE])
    rows = session.execute(
        select(Ticket, Approval)
        .join(Approval, Approval.ticket_id == Ticket.id)
        .where(Ticket.requester_id == person_id, Ticket.agreement == Agreement.ASKED, waits)
        .order_by(Ticket.id.desc())
        .limit(most)
    ).all()
    return [(ticket, approval) for ticket, approval in rows]


def current_steps(session: Session, numbers: Collection[int]) -> Mapping[int, Approval]:
    """Of each of these tickets, the step that its agreement waits for."""
    rows = select(Approval).where(Approval.ticket_id.in_(numbers), Approval.state.in_(CURRENT))
    return {each.ticket_id: each for each in session.scalars(rows)} if numbers else {}


def current_step(session: Session, ticket: Ticket) -> Approval | None:
    """The step that a ticket's agreement waits for."""
    return current_steps(session, [ticket.id]).get(ticket.id)
