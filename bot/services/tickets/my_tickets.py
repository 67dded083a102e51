"""Somebody's own tickets: one of them, and the lists."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.services.audit.reading import saw
from bot.services.paging import Page, read_page
from bot.services.tickets.history import questions
from bot.services.tickets.waits.dates import closing_day
from models.errors import TicketForgotten, TicketNotFound
from models.lifecycle import Status
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference
from models.outbox.recipient import Recipient
from models.pages import COUNT_MAX, Waiting, WaitingTicket
from models.tickets.ticket import Ticket
from models.tickets.transitions import is_reopenable


def ticket_for(uow: UnitOfWork, ticket_id: int) -> Ticket:
    """The ticket, when it is the actor's or their team's. Raises `TicketNotFound`, and `TicketForgotten` to
    anybody: whose it was is not known any more."""
    ticket = uow.session.get(Ticket, ticket_id)
    if ticket is not None and ticket.forgotten_at is not None:
        raise TicketForgotten(ticket.id, ticket.forgotten_at)
    if ticket is None or not uow.actor.roles(ticket):
        raise TicketNotFound
    saw(uow, ticket)
    return ticket


def card_for(session: Session, ticket: Ticket, recipient: Recipient) -> MessageReference | None:
    """The message of the card that somebody, or a team, has of a ticket."""
    kinds = [DeliveryKind.CARD, DeliveryKind.TRIAGE_CARD]
    query = select(MessageReference).where(
        MessageReference.ticket_id == ticket.id,
        MessageReference.recipient == str(recipient),
        MessageReference.kind.in_(kinds),
    )
    return session.scalars(query.limit(1)).one_or_none()


def is_visible(uow: UnitOfWork, ticket_id: int) -> bool:
    """Whether the ticket is the actor's or their team's."""
    ticket = uow.session.get(Ticket, ticket_id)
    return ticket is not None and bool(uow.actor.roles(ticket))


def is_past_reopening(uow: UnitOfWork, ticket_id: int) -> bool:
    """Whether the actor's ticket was closed too long ago to be reopened. Raises `TicketNotFound`."""
    ticket = ticket_for(uow, ticket_id)
    days = uow.settings.days_to_reopen(ticket.ending)
    return ticket.status is Status.CLOSED and not is_reopenable(ticket, uow.now, days)


def page_of(session: Session, requester_id: int, *, closed: bool, page: int, size: int) -> Page[Ticket]:
    """Page `page` (from 0) of the tickets that this person filed, newest first."""
    rows = session.scalars(
        select(Ticket)
        .where(*_filed_by(requester_id, closed=closed))
        .order_by(Ticket.id.desc())
        .offset(max(page, 0) * size)
        .limit(size + 1)
    ).all()
    return read_page(rows, page, size)


def last_page_of(session: Session, requester_id: int, *, closed: bool, size: int) -> int:
    """The number (from 0) of the last page of the same."""
    count = session.scalar(select(func.count(Ticket.id)).where(*_filed_by(requester_id, closed=closed)))
    return max((count or 0) - 1, 0) // size


def waiting_for(uow: UnitOfWork, requester_id: int, *, most: int) -> Waiting:
    """The newest `most` of this person's tickets that wait for them: solutions to sign off, questions to
    answer."""
    waits = Ticket.awaits_answer | (Ticket.status == Status.RESOLVED)
    rows = uow.session.scalars(
        select(Ticket)
        .where(Ticket.requester_id == requester_id, waits)
        .order_by(Ticket.id.desc())
        .limit(COUNT_MAX)
    ).all()
    return Waiting(_waiting_tickets(uow, rows[:most]), len(rows[most:]))


def reminded_of(uow: UnitOfWork, requester_id: int, first: Collection[int], *, most: int) -> Waiting:
    """What waits for this person's answer, and not for the team's: at most `most`, those with the numbers
    `first` before all others."""
    rows = uow.session.scalars(
        select(Ticket)
        .where(
            Ticket.requester_id == requester_id,
            Ticket.status.in_([Status.PENDING, Status.RESOLVED]),
            Ticket.wait_event.is_not(None),
        )
        .order_by(Ticket.id.in_(first).desc(), Ticket.id.desc())
        .limit(COUNT_MAX)
    ).all()
    return Waiting(_waiting_tickets(uow, rows[:most]), len(rows[most:]))


def _waiting_tickets(uow: UnitOfWork, rows: Sequence[Ticket]) -> Sequence[WaitingTicket]:
    asked = questions(uow.session, [each.id for each in rows if each.status is Status.PENDING])
    return [
        WaitingTicket(each, each.solution or asked.get(each.id, ""), closing_day(uow, each)) for each in rows
    ]


def _filed_by(requester_id: int, *, closed: bool) -> tuple[ColumnElement[bool], ...]:
    in_state = Ticket.status == Status.CLOSED if closed else Ticket.status != Status.CLOSED
    return Ticket.requester_id == requester_id, in_state
