"""The rest of what is known of a person, for the data-protection officer to review: every row that is about
them, and where others name them."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import JSON, Column, ColumnElement, Table, Text, cast, false, func, or_, select
from sqlalchemy.orm import Session

from models.audit.entry import AuditEntry, Deed
from models.base import Base
from models.outbox.kinds import Queue
from models.outbox.recipient import Recipient
from models.person import Person
from models.personal_data.columns import PERSONAL
from models.personal_data.rules import Data
from models.tickets.ticket import Ticket

Row = dict[str, Any]
_OTHERS_WORDS = {"ticket", "approval"}
"""Tables whose rows are another's words when the person only worked on them."""
_DERIVED = {"search_text", "internal_search_text"}


@dataclass(frozen=True)
class Mention:
    """Words of others, or about another's ticket, that name the person or are theirs."""

    table: str
    ticket_id: int | None
    column: str
    text: str


@dataclass(frozen=True)
class Trail:
    """What the audit trail has about the person's data, without who it was."""

    deed: Deed
    ticket_id: int | None
    at: datetime


@dataclass(frozen=True)
class Review:
    """What the officer gets besides the person's own copy."""

    rows: Mapping[str, Sequence[Row]]
    """By table: the rows that are about the person, as the database has them."""
    mentions: Sequence[Mention]
    searched: Sequence[str]
    """What was searched for to find them."""
    trail: Sequence[Trail]
    deeds: int
    """How many lines of the trail say what they did themself."""


def review(session: Session, person: Person) -> Review:
    """Read it: by the keys of each table that holds personal data, whichever tables there are."""
    searched = [each for each in (person.name, person.email, person.slack_id) if each]
    return Review(
        rows={name: rows for name in PERSONAL if (rows := _rows(session, person, name))},
        mentions=list(_mentions(session, person, searched)),
        searched=searched,
        trail=_trail(session, person.id),
        deeds=session.scalar(select(func.count()).where(AuditEntry.actor_id == person.id)) or 0,
    )


def _rows(session: Session, person: Person, name: str) -> list[Row]:
    if name == AuditEntry.__tablename__:
        return []
    table = Base.metadata.tables[name]
    columns = [column for column in table.columns if column.name not in _DERIVED]
    found = session.execute(select(*columns).where(_is_about(table, person)))
    return [to_jsonable_python(dict(row._mapping)) for row in found]


def _is_about(table: Table, person: Person) -> ColumnElement[bool]:
    """Whether a row names the person by a key, or belongs to a ticket of theirs, or to a row that does."""
    ways: list[ColumnElement[bool]] = []
    for column in table.columns:
        if column.name in {"slack_id", "owner_slack_id"}:
            ways.append(column == person.slack_id)
        if column.name == "recipient":
            ways.append(column.in_([str(Recipient(each, person.id)) for each in Queue if each.is_personal]))
        if table.name == "person" and column.name == "id":
            ways.append(column == person.id)
        ways += _by_key(column, person)
    return or_(false(), *ways)  # a table without any such key has no such row


def _by_key(column: Column[Any], person: Person) -> Iterator[ColumnElement[bool]]:
    for key in column.foreign_keys:
        target = key.column.table
        if target.name == "person":
            if column.name == "requester_id" or column.table.name not in {*_OTHERS_WORDS, "person"}:
                yield column == person.id
        elif target.name == "ticket" and column.name == "ticket_id":
            yield column.in_(select(Ticket.id).where(Ticket.requester_id == person.id))
        elif target.name in {"approval", "attachment", "message_draft"}:
            yield column.in_(select(key.column).where(_is_about(target, person)))


def _mentions(session: Session, person: Person, searched: Collection[str]) -> Iterator[Mention]:
    """Words on tickets of others: those that the person wrote, and those that name them."""
    for name, columns in PERSONAL.items():
        table = Base.metadata.tables[name]
        words = [table.c[each] for each in columns if _holds_words(each, columns[each].data)]
        if words and name != AuditEntry.__tablename__:
            yield from _mentions_in(session, person, table, words, searched)


def _holds_words(column: str, data: Data) -> bool:
    return data in {Data.WORDS, Data.FILE} and column not in _DERIVED


def _mentions_in(
    session: Session, person: Person, table: Table, words: Sequence[Column[Any]], searched: Collection[str]
) -> Iterator[Mention]:
    ticket = table.c.id if table.name == "ticket" else table.c.get("ticket_id")
    authors = [column for column in table.columns if column.name in {"author_id", "actor_id"}]
    query = select(*words, *([ticket.label("_ticket")] if ticket is not None else []))
    conditions = [_contains(column, each) for column in words for each in searched]
    query = query.where(or_(*conditions, *(column == person.id for column in authors)))
    if ticket is not None:
        own = select(Ticket.id).where(Ticket.requester_id == person.id)
        query = query.where(or_(ticket.is_(None), ticket.not_in(own)))
    for row in session.execute(query):
        for column in words:
            value = row._mapping[column.name]
            if value:
                text = (
                    value
                    if isinstance(value, str)
                    else json.dumps(to_jsonable_python(value), ensure_ascii=False)
                )
                yield Mention(table.name, row._mapping.get("_ticket"), column.name, text)


def _contains(column: Column[Any], text: str) -> ColumnElement[bool]:
    """Whether a column has this text, in capitals or not; JSON has it as Python writes it."""
    impl = getattr(column.type, "impl", column.type)
    if isinstance(impl, JSON):
        return cast(column, Text).icontains(json.dumps(text)[1:-1], autoescape=True)
    return column.icontains(text, autoescape=True)


def _trail(session: Session, person_id: int) -> Sequence[Trail]:
    own = select(Ticket.id).where(Ticket.requester_id == person_id)
    entries = (
        select(AuditEntry.deed, AuditEntry.ticket_id, AuditEntry.at)
        .where(or_(AuditEntry.person_id == person_id, AuditEntry.ticket_id.in_(own)))
        .order_by(AuditEntry.at, AuditEntry.id)
    )
    return [Trail(*row) for row in session.execute(entries)]
