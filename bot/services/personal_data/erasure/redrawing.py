"""Messages in Slack that name them: what can be edited is drawn anew, the rest of ours is deleted."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, Select, Text, cast, delete, func, or_, select, union

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.cards import refresh_card, refresh_home, refresh_requester_card, refresh_resolution
from bot.notifications.comments import announce_edit
from bot.notifications.outages import refresh_outage
from bot.notifications.waits.approvals import redraw_approvals
from bot.services.approvals.rows import last_event
from bot.services.personal_data.erasure.erased import Erased
from bot.services.removals.queue import remove_message
from models.approvals.approval import Approval, Approver
from models.lifecycle import Status
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.message_reference import MessageReference
from models.removals.ticket_message import TicketMessage
from models.search.text import update_search_texts
from models.tickets.comment import Comment
from models.tickets.event import Event
from models.tickets.outage import Outage
from models.tickets.ticket import Ticket

PORTION = 10
APART = timedelta(seconds=3)
"""Between closed tickets: to redraw years of them must not keep live messages waiting."""
_LINES = (DeliveryKind.THREAD, DeliveryKind.TARGET)
_ANSWERS = (DeliveryKind.DECISION, DeliveryKind.PROMPT, DeliveryKind.MOVED)


def redraw_tickets(uow: UnitOfWork, erased: Erased, after: int) -> int | None:
    """Queue what shows the tickets in which they are named, the newest first, and compose their search
    texts."""
    if not after:
        _begin_again(uow, erased)
    below = after or (uow.session.scalar(select(func.max(Ticket.id))) or 0) + 1
    named = select(Ticket).where(Ticket.id.in_(_numbers(erased.person.id)), Ticket.id < below)
    tickets = uow.session.scalars(named.order_by(Ticket.id.desc()).limit(PORTION)).all()
    update_search_texts(uow.session.connection(), sorted(each.id for each in tickets))
    due_at, homes = _last_due(uow, erased), set[str]()
    for ticket in tickets:
        if ticket.forgotten_at is not None:
            continue
        is_closed = ticket.status is Status.CLOSED
        due_at += APART if is_closed else timedelta()
        at = replace(uow, now=due_at if is_closed else uow.now)
        _redraw(at, erased, ticket)
        remove_lines(uow, ticket, _named(erased))
        if ticket.requester.slack_id not in homes:
            homes.add(ticket.requester.slack_id)
            refresh_home(at, ticket.requester.slack_id)
    return tickets[-1].id if tickets else None


def redraw_outages(uow: UnitOfWork, erased: Erased, after: int) -> int | None:
    """Queue the cards of the outages that they declared, updated or ended."""
    by_them = [Outage.declared_by_id, Outage.resolved_by_id, Outage.updated_by_id]
    theirs = or_(*(column == erased.person.id for column in by_them))
    query = select(Outage).where(theirs, Outage.id > after).order_by(Outage.id)
    outages = uow.session.scalars(query.limit(PORTION)).all()
    for outage in outages:
        refresh_outage(uow, outage, why=_why(erased))
    return outages[-1].id if outages else None


def _numbers(person_id: int) -> Select[tuple[int]]:
    """The numbers of the tickets in which they are named."""
    on_ticket = or_(Ticket.assignee_id == person_id, Ticket.filed_by_id == person_id)
    asked = or_(Approver.person_id == person_id, Approver.for_id == person_id)
    named = union(
        select(Ticket.id.label("number")).where(on_ticket),
        select(Event.ticket_id).where(Event.actor_id == person_id),
        select(Approval.ticket_id).where(Approval.requested_by_id == person_id),
        select(Approval.ticket_id).join(Approver, Approver.approval_id == Approval.id).where(asked),
    ).subquery()
    return select(named.c.number)


def _last_due(uow: UnitOfWork, erased: Erased) -> datetime:
    """When the last of what is queued already is due."""
    last = uow.session.scalar(select(func.max(Delivery.due_at)).where(*_ours(erased)))
    return max(last, uow.now) if last else uow.now


def _begin_again(uow: UnitOfWork, erased: Erased) -> None:
    """Delete what an erasure that was interrupted has queued: it is queued once more."""
    waits = (*_ours(erased), Delivery.lease_until.is_(None))
    uow.session.execute(delete(Delivery).where(*waits), execution_options={"synchronize_session": False})


def _ours(erased: Erased) -> tuple[ColumnElement[bool], ...]:
    key = Delivery.key.contains(f":erased {erased.person.id}:")
    return Delivery.state == DeliveryState.PENDING, key


def _why(erased: Erased) -> str:
    """What tells the keys of the deliveries from others."""
    return f"erased {erased.person.id}:{uuid4()}"


def _redraw(uow: UnitOfWork, erased: Erased, ticket: Ticket) -> None:
    event, why = last_event(uow.session, ticket), _why(erased)
    refresh_card(uow, ticket, event, why=why)
    refresh_requester_card(uow, event, why=why)
    refresh_resolution(uow, event, why=why)
    redraw_approvals(uow, event, why=why)
    shown = (Comment.ticket_id == ticket.id) & Comment.deleted_at.is_(None)
    if not erased.is_technician:  # the team's copies mention who has the ticket
        shown &= Comment.author_id == erased.person.id
    for comment in uow.session.scalars(select(Comment).where(shown).order_by(Comment.id)):
        comment.revision += 1
        announce_edit(uow, comment)


def remove_lines(uow: UnitOfWork, ticket: Ticket, named: ColumnElement[bool]) -> None:
    """Have the lines about these events deleted that are never edited: in the thread of the team's card as
    long as it is known what they say; of a closed ticket also what told its requester who decided."""
    session = uow.session
    lines = (
        select(TicketMessage)
        .join(
            Delivery,
            (Delivery.ticket_id == TicketMessage.ticket_id) & (Delivery.remote_id == TicketMessage.ts),
        )
        .join(Event, Event.id == Delivery.event_id)
        .where(TicketMessage.ticket_id == ticket.id, Delivery.kind.in_(_LINES), named)
    )
    answers = (
        select(MessageReference)
        .join(
            Event,
            (Event.ticket_id == MessageReference.ticket_id) & (Event.number == MessageReference.event_number),
        )
        .where(MessageReference.ticket_id == ticket.id, MessageReference.kind.in_(_ANSWERS), named)
    )
    found: list[TicketMessage | MessageReference] = [*session.scalars(lines).all()]
    if ticket.status is Status.CLOSED:
        found += session.scalars(answers).all()
    for each in found:
        remove_message(uow, each.channel, each.ts)
        session.delete(each)


def _named(erased: Erased) -> ColumnElement[bool]:
    """Whether an event is by them, or names somebody who was erased."""
    says = cast(Event.details, Text).contains(erased.neutral.fr)
    return or_(Event.actor_id == erased.person.id, says)
