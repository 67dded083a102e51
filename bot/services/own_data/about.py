"""What is known of a person beside their tickets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from models.approvals.approval import Absence, Approval, Approver
from models.audit.entry import AuditEntry, Deed
from models.base import LocalizedText
from models.catalogue import Site, Team
from models.message_draft import MessageDraft
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.person import ChannelMember, Person
from models.search.gap import SearchGap
from models.tickets.event import Event
from models.tickets.ticket import Ticket

_UNSEEN = (DeliveryKind.HOME,)
"""What is sent to somebody, and is no message."""


@dataclass(frozen=True)
class Decided:
    """What somebody was asked to agree to: of another's ticket, the number only."""

    ticket_id: int
    approver: Approver

    @property
    def own_text(self) -> str | None:
        """What they wrote; what a technician recorded for them is the technician's."""
        return None if self.approver.recorded_by_id is not None else self.approver.text


@dataclass(frozen=True)
class Message:
    """A message, a file or an e-mail that Guichet sent."""

    kind: DeliveryKind
    ticket_id: int | None
    at: datetime


@dataclass(frozen=True)
class Work:
    """What somebody did about another person's ticket, without a word of it."""

    ticket_id: int
    actions: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class Reading:
    """How often others opened a ticket of theirs, counted once each hour and reader."""

    ticket_id: int
    count: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class About:
    """What is known of a person beside their tickets."""

    person: Person
    site: LocalizedText | None
    teams: Sequence[LocalizedText]
    absence: Absence | None
    decided: Sequence[Decided]
    drafts: Sequence[MessageDraft]
    searches: Sequence[SearchGap]
    """Of the catalogue, that found nothing."""
    messages: Sequence[Message]
    work: Sequence[Work]
    readings: Sequence[Reading]


def about(session: Session, person_id: int) -> About:
    """Read it. Raises `NoResultFound`."""
    person = session.get_one(Person, person_id)
    site = session.get(Site, person.last_site_id) if person.last_site_id else None
    absence = select(Absence).where(Absence.person_id == person_id).options(joinedload(Absence.substitute))
    return About(
        person=person,
        site=site.name if site else None,
        teams=_teams(session, person),
        absence=session.scalars(absence).one_or_none(),
        decided=_decided(session, person_id),
        drafts=session.scalars(
            select(MessageDraft).where(MessageDraft.person_id == person_id).order_by(MessageDraft.id)
        ).all(),
        searches=session.scalars(
            select(SearchGap).where(SearchGap.person_id == person_id).order_by(SearchGap.at)
        ).all(),
        messages=_messages(session, person_id),
        work=_work(session, person_id),
        readings=_readings(session, person_id),
    )


def _teams(session: Session, person: Person) -> Sequence[LocalizedText]:
    member = select(ChannelMember.channel).where(ChannelMember.slack_id == person.slack_id)
    return session.scalars(
        select(Team.name).where(Team.channel_id.in_(member), ~Team.archived).order_by(Team.position)
    ).all()


def _decided(session: Session, person_id: int) -> Sequence[Decided]:
    rows = session.execute(
        select(Approval.ticket_id, Approver)
        .join(Approver, Approver.approval_id == Approval.id)
        .where(Approver.person_id == person_id)
        .order_by(Approver.id)
        .options(joinedload(Approver.approval))
    )
    return [Decided(row.ticket_id, row.Approver) for row in rows]


def _messages(session: Session, person_id: int) -> Sequence[Message]:
    rows = session.execute(
        select(Delivery.kind, Delivery.ticket_id, Delivery.completed_at)
        .where(
            Delivery.person_id == person_id,
            Delivery.state == DeliveryState.SENT,
            Delivery.kind.not_in(_UNSEEN),
            Delivery.completed_at.is_not(None),
        )
        .order_by(Delivery.id)
    )
    return [Message(row.kind, row.ticket_id, row.completed_at) for row in rows]


def _work(session: Session, person_id: int) -> Sequence[Work]:
    rows = session.execute(
        select(Event.ticket_id, func.count(), func.min(Event.at), func.max(Event.at))
        .join(Ticket, Ticket.id == Event.ticket_id)
        .where(Event.actor_id == person_id, Ticket.requester_id != person_id)
        .group_by(Event.ticket_id)
        .order_by(Event.ticket_id)
    )
    return [Work(*row) for row in rows]


def _readings(session: Session, person_id: int) -> Sequence[Reading]:
    rows = session.execute(
        select(AuditEntry.ticket_id, func.count(), func.min(AuditEntry.at), func.max(AuditEntry.at))
        .join(Ticket, Ticket.id == AuditEntry.ticket_id)
        .where(
            Ticket.requester_id == person_id,
            AuditEntry.deed == Deed.READ,
            AuditEntry.actor_id != person_id,
        )
        .group_by(AuditEntry.ticket_id)
        .order_by(AuditEntry.ticket_id)
    )
    return [Reading(number, count, first, last) for number, count, first, last in rows if number]
