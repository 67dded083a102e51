"""Keeps the tickets' search texts right: looks at what each flush of a session changes."""

from collections.abc import Iterator, Mapping

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, UOWTransaction
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from models.base import Base
from models.catalogue import Service, Site, Team
from models.person import Person
from models.search.refresh import SearchRefresh, Subject
from models.search.text import texts_of_new, update_search_texts
from models.tickets.attachment import Attachment
from models.tickets.comment import Comment
from models.tickets.ticket import Ticket

_TEXTS: Mapping[type[Base], tuple[str, ...]] = {
    Ticket: (
        *("title", "description", "solution", "answers"),
        *("requester_id", "assignee_id", "service_id", "site_id", "team_id"),
    ),
    Comment: ("text", "deleted_at", "is_internal"),
    Attachment: ("name", "reason", "is_internal"),
}
_NAMED: Mapping[type[Base], Subject] = {
    Person: Subject.PERSON,
    Service: Subject.SERVICE,
    Site: Subject.SITE,
    Team: Subject.TEAM,
}


_COMPOSED = "tickets whose texts are composed"
_RELATED = (("requester", "requester_id"), ("assignee", "assignee_id"), ("service", "service_id"))
_COLUMNS = frozenset(Ticket.__table__.columns.keys())


@event.listens_for(Session, "before_flush")
def _ask_for_refreshment(session: Session, _context: UOWTransaction, _instances: object) -> None:
    for row in session.dirty:
        subject = _NAMED.get(type(row))
        if subject and _has_changed(row, "name"):
            session.add(SearchRefresh(subject=subject, subject_id=str(row.id)))


@event.listens_for(Session, "before_flush")
def _compose_new(session: Session, _context: UOWTransaction, _instances: object) -> None:
    """Insert a new ticket with its texts, if all that is in them is here: five statements less."""
    composed = session.info[_COMPOSED] = set[Ticket]()
    if any(isinstance(row, Comment | Attachment) for row in session.new):
        return
    for row in session.new:
        if isinstance(row, Ticket) and _is_complete(row):
            texts = texts_of_new(row)
            row.search_text, row.internal_search_text = texts.everybody, texts.internal
            composed.add(row)


def _is_complete(ticket: Ticket) -> bool:
    """Whether everybody and everything that it names is loaded, or is not there."""
    has = ticket.__dict__
    return all(has.get(name) is not None for name in ("requester", "site", "team")) and all(
        has.get(name) is not None or has.get(key) is None for name, key in _RELATED
    )


@event.listens_for(Session, "after_flush")
def _update_the_texts(session: Session, _context: UOWTransaction) -> None:
    composed = session.info.pop(_COMPOSED, set())
    numbers = set(_touched(session)) - {row.id for row in composed}
    if not numbers:
        return
    added = {row.id: row for row in session.new if isinstance(row, Ticket)}
    changed = {row.id for row in session.dirty if isinstance(row, Ticket) and _is_updated(row)}
    written = numbers.intersection(added.keys() | changed)
    for number, texts in update_search_texts(session.connection(), numbers, written=written).items():
        ticket = added.get(number) or session.identity_map.get(identity_key(Ticket, number))
        if ticket is not None:
            set_committed_value(ticket, "search_text", texts.everybody)
            set_committed_value(ticket, "internal_search_text", texts.internal)


def _is_updated(ticket: Ticket) -> bool:
    """Whether the flush has written an UPDATE of its row."""
    return any(_has_changed(ticket, key) for key in _COLUMNS.intersection(inspect(ticket).committed_state))


def _touched(session: Session) -> Iterator[int]:
    """The numbers of the tickets whose texts the flush may have changed."""
    dirty = session.dirty
    for row in [*session.new, *session.deleted, *dirty]:
        columns = _TEXTS.get(type(row))
        if columns is None:
            continue
        if row in dirty and not any(_has_changed(row, column) for column in columns):
            continue
        if isinstance(row, Ticket):
            if row not in session.deleted:
                yield row.id
        else:
            yield row.ticket_id


def _has_changed(row: Base, column: str) -> bool:
    return bool(inspect(row).attrs[column].history.has_changes())
