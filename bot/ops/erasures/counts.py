"""How much there is of a person, without any words."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.services.departures.leaving import HELD
from models.approvals.approval import Absence, Approver
from models.lifecycle import Status
from models.message_draft import MessageDraft
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.person import ChannelMember, Person
from models.tickets.attachment import Attachment
from models.tickets.comment import Comment
from models.tickets.event import Event
from models.tickets.outage import Outage
from models.tickets.ticket import Ticket


def counted(session: Session, person: Person) -> Iterator[str]:
    """A line for each kind of which there is something."""
    for text, query in _queries(person):
        if count := session.scalar(query):
            yield f"{count:>8,}  {text}"


def _queries(person: Person) -> Iterator[tuple[str, Select[int]]]:
    own = select(Ticket.id).where(Ticket.requester_id == person.id)
    yield (
        "tickets of their own: words, answers, files and messages",
        _count(Ticket.id, Ticket.requester_id == person.id),
    )
    yield (
        "of them open: cancelled",
        _count(Ticket.id, Ticket.requester_id == person.id, Ticket.status != Status.CLOSED),
    )
    yield "files of these tickets", _count(Attachment.id, Attachment.ticket_id.in_(own))
    yield "messages of these tickets", _count(Comment.id, Comment.ticket_id.in_(own))
    yield (
        "open tickets that they work on: returned to the queue",
        _count(Ticket.id, Ticket.assignee_id == person.id, HELD),
    )
    yield (
        "agreements that wait for them: others are asked",
        _count(
            Approver.id,
            Approver.person_id == person.id,
            Approver.dropped_at.is_(None),
            Approver.is_open.is_(True),
        ),
    )
    yield (
        "tickets of others in which they are named",
        _count(Event.ticket_id.distinct(), Event.actor_id == person.id, Event.ticket_id.not_in(own)),
    )
    yield (
        "outages that they declared, updated or ended",
        _count(
            Outage.id,
            or_(
                *(
                    each == person.id
                    for each in (Outage.declared_by_id, Outage.resolved_by_id, Outage.updated_by_id)
                )
            ),
        ),
    )
    yield (
        "messages and e-mails that wait to be sent to them",
        _count(
            Delivery.id,
            Delivery.person_id == person.id,
            Delivery.state == DeliveryState.PENDING,
            Delivery.kind != DeliveryKind.HOME,
        ),
    )
    yield "drafts", _count(MessageDraft.id, MessageDraft.person_id == person.id)
    yield (
        "absences, with who stands in",
        _count(Absence.person_id, or_(Absence.person_id == person.id, Absence.substitute_id == person.id)),
    )
    yield (
        "channels of teams that they are in",
        _count(ChannelMember.channel, ChannelMember.slack_id == person.slack_id),
    )


def _count(
    column: InstrumentedAttribute[Any] | ColumnElement[Any], *which: ColumnElement[bool]
) -> Select[int]:
    return select(func.count(column)).where(*which)
