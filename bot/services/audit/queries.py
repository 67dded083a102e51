"""What the audit trail says of a ticket, or of a requester. There is no query by who read: the trail is not
there to supervise how people work (CNIL, deliberation 2021-122)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from models.audit.entry import AuditEntry, Deed
from models.person import Person
from models.tickets.ticket import Ticket

AT_ONCE = 500  # rows in memory
_FOR_ALL = (Deed.LOAD, Deed.RETRY, Deed.RETENTION, Deed.UNKNOWN)


@dataclass(frozen=True)
class Subject:
    """Whose lines are asked for: exactly one of the two is given."""

    ticket_id: int | None = None
    requester_id: int | None = None


@dataclass(frozen=True)
class Found:
    """One line, with its people."""

    entry: AuditEntry
    actor: Person | None
    person: Person | None
    has_searched: bool
    """Who read it had searched in the same hour."""


def lines_about(session: Session, subject: Subject, since: datetime | None = None) -> Iterator[Found]:
    """The lines about the subject and about the whole desk, oldest first. Needs a transaction: PostgreSQL
    reads the rows little by little in one only."""
    actor, person, search = aliased(Person), aliased(Person), aliased(AuditEntry)
    has_searched = exists().where(
        AuditEntry.deed == Deed.READ,
        search.actor_id == AuditEntry.actor_id,
        search.deed == Deed.SEARCH,
        search.hour == AuditEntry.hour,
    )
    rows = (
        select(AuditEntry, actor, person, has_searched)
        .outerjoin(actor, actor.id == AuditEntry.actor_id)
        .outerjoin(person, person.id == AuditEntry.person_id)
        .where(or_(_about(subject), _for_all()))
        .order_by(AuditEntry.at, AuditEntry.id)
    )
    if since is not None:
        rows = rows.where(AuditEntry.at >= since)
    with session.execute(rows.execution_options(yield_per=AT_ONCE)) as found:
        for entry, by, of, is_after_search in found:
            yield Found(entry, by, of, is_after_search)


def _about(subject: Subject) -> ColumnElement[bool]:
    if subject.ticket_id is not None:
        return AuditEntry.ticket_id == subject.ticket_id
    own = select(Ticket.id).where(Ticket.requester_id == subject.requester_id)
    return AuditEntry.ticket_id.in_(own) | (AuditEntry.person_id == subject.requester_id)


def _for_all() -> ColumnElement[bool]:
    """What somebody did that concerned the tickets of all; not what the daily job did, one portion a line."""
    return and_(
        AuditEntry.ticket_id.is_(None),
        AuditEntry.person_id.is_(None),
        AuditEntry.deed.in_(_FOR_ALL),
        AuditEntry.operator.is_not(None),
    )
