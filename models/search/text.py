"""The texts that a search compares: composed from a ticket and all that belongs to it, in one place.

Whatever changes a ticket, its comments or its files in a session makes the texts anew in the same flush. The
names of people, services, sites and teams are in the texts of many tickets: a change of one asks for their
refreshment (`models.search.refresh`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    func,
    literal_column,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from models.base import LocalizedText
from models.catalogue import Service, Site, Team
from models.person import Person
from models.tickets.answer import Answer
from models.tickets.attachment import Attachment, AttachmentReason
from models.tickets.comment import Comment
from models.tickets.ticket import Ticket
from models.words.search_words import TEXT_MAX, search_terms

CONVERSATION_MAX = 16_000
"""Characters of the distinct words of a conversation, and of the notes. The newest comments are kept: what a
ticket began with is in its title and description, and what people look for is what they read last."""
COMMENT_MAX = 8_000
"""Characters of them that one comment adds: a pasted log leaves room for what was said."""
READ_MAX = 40_000
"""Characters that are read of them, even if they are the same words again: somebody waits meanwhile."""
ROWS_MAX = 100  # comments that are read, and files, of each conversation

_requester, _assignee = aliased(Person), aliased(Person)


@dataclass(frozen=True)
class SearchText:
    """What is found of a ticket, as words with blanks between them."""

    everybody: str
    """By its requester, and by its team."""
    internal: str
    """By its team only: what the notes have beside."""


@dataclass(frozen=True)
class _Facts:
    """What the texts take from the ticket itself, and whose names."""

    id: int
    search_text: str
    internal_search_text: str
    title: str
    description: str
    solution: str | None
    answers: Sequence[Answer]
    forgotten_at: datetime | None
    requester: str
    assignee: str | None
    service: LocalizedText | None
    site: LocalizedText
    team: LocalizedText


def texts_of_new(ticket: Ticket) -> SearchText:
    """The texts of a ticket that is about to be inserted, without comments and files; of its relations, those
    that it has are loaded."""
    facts = _Facts(
        id=0,
        search_text="",
        internal_search_text="",
        title=ticket.title,
        description=ticket.description or "",
        solution=ticket.solution,
        answers=ticket.answers or (),
        forgotten_at=ticket.forgotten_at,
        requester=ticket.requester.name,
        assignee=ticket.assignee.name if ticket.assignee else None,
        service=ticket.service.name if ticket.service else None,
        site=ticket.site.name,
        team=ticket.team.name,
    )
    return SearchText(*_texts(facts, ()))


def update_search_texts(
    connection: Connection, numbers: Collection[int], *, written: Collection[int] = ()
) -> Mapping[int, SearchText]:
    """Compose the texts of these tickets, save those that have changed, and return all of them.

    The rows are locked first, so that what another transaction has just added is read. `written`: those that
    this transaction has inserted or updated, which locks them too.
    """
    if others := set(numbers).difference(written):
        connection.execute(_LOCK, {"numbers": sorted(others)}).all()
    texts = dict[int, SearchText]()
    said = _said(connection, numbers)
    for row in connection.execute(_FACTS, {"numbers": list(numbers)}):
        facts = _Facts(*row)
        now = texts[facts.id] = SearchText(*_texts(facts, said.get(facts.id, ())))
        if (facts.search_text, facts.internal_search_text) != (now.everybody, now.internal):
            changed = {"search_text": now.everybody, "internal_search_text": now.internal}
            connection.execute(_SAVE, {"number": facts.id} | changed)
    return texts


def _said(connection: Connection, numbers: Collection[int]) -> dict[int, list[tuple[bool, str]]]:
    """What the files of each ticket and its comments say, the newest first, each with whether it is
    internal."""
    found: dict[int, list[tuple[bool, str]]] = {}
    for row in connection.execute(_SAID, {"numbers": list(numbers)}):
        found.setdefault(row.ticket_id, []).append((row.is_internal, row.text))
    return found


def _newest(
    model: type[Comment | Attachment], text: InstrumentedAttribute[str], is_shown: ColumnElement[bool]
) -> Select[Any]:
    """The newest of them, files before comments."""
    place = func.row_number().over(
        partition_by=(model.ticket_id, model.is_internal), order_by=model.id.desc()
    )
    rows = (
        select(model.id, model.ticket_id, model.is_internal, func.substr(text, 1, TEXT_MAX).label("text"))
        .add_columns(place.label("place"), literal_column("1" if model is Comment else "0").label("rank"))
        .where(model.ticket_id.in_(_NUMBERS), is_shown)
        .subquery()
    )
    return select(rows).where(rows.c.place <= ROWS_MAX)


# Made once: they run in each flush that changes a ticket.
_NUMBERS: BindParameter[Sequence[int]] = bindparam("numbers", expanding=True)
_LOCK = select(Ticket.id).where(Ticket.id.in_(_NUMBERS)).order_by(Ticket.id).with_for_update(key_share=True)
_FACTS = (
    select(Ticket.id, Ticket.search_text, Ticket.internal_search_text)
    .add_columns(Ticket.title, Ticket.description, Ticket.solution, Ticket.answers, Ticket.forgotten_at)
    .add_columns(_requester.name.label("requester"), _assignee.name.label("assignee"))
    .add_columns(Service.name.label("service"), Site.name.label("site"), Team.name.label("team"))
    .join(_requester, Ticket.requester_id == _requester.id)
    .join(Site, Ticket.site_id == Site.id)
    .join(Team, Ticket.team_id == Team.id)
    .outerjoin(_assignee, Ticket.assignee_id == _assignee.id)
    .outerjoin(Service, Ticket.service_id == Service.id)
    .where(Ticket.id.in_(_NUMBERS))
)


_rows = union_all(
    _newest(Attachment, Attachment.name, Attachment.reason.is_distinct_from(AttachmentReason.DELETED)),
    _newest(Comment, Comment.text, Comment.deleted_at.is_(None)),
).subquery()
_SAID = select(_rows).order_by(_rows.c.rank, _rows.c.id.desc())
_SAVE = (
    update(Ticket)
    .where(Ticket.id == bindparam("number"))
    .values(search_text=bindparam("search_text"), internal_search_text=bindparam("internal_search_text"))
)


def _texts(row: _Facts, said: Iterable[tuple[bool, str]]) -> tuple[str, str]:
    if row.forgotten_at is not None:
        return "", ""
    own = "\n".join(text[:TEXT_MAX] for text in _own(row))
    terms = dict.fromkeys(search_terms(own))
    comments = list(said)
    everybody = [*terms, *_bounded((text for is_note, text in comments if not is_note), terms)]
    internal = _bounded((text for is_note, text in comments if is_note), everybody)
    return " ".join(everybody), " ".join(internal)


def _own(row: _Facts) -> Iterator[str]:
    yield from (row.title, row.description, row.solution or "", row.requester, row.assignee or "")
    yield "\n".join(text for answer in row.answers for text in _answer(answer))
    yield "\n".join(text for name in (row.service, row.site, row.team) for text in _languages(name))


def _answer(answer: Answer) -> Iterable[str]:
    return _languages(answer.shown)


def _languages(text: LocalizedText | None) -> Iterable[str]:
    return (text.fr, text.en) if text else ()


def _bounded(texts: Iterable[str], known: Collection[str]) -> list[str]:
    """The terms of `texts` that are not known, until they have `CONVERSATION_MAX` characters, or `READ_MAX`
    were read."""
    seen, found, left, unread = set(known), list[str](), CONVERSATION_MAX, READ_MAX
    for text in texts:
        of_this, unread = COMMENT_MAX, unread - len(text)
        for term in search_terms(text):
            if term in seen:
                continue
            left, of_this = left - len(term), of_this - len(term)
            if min(left, of_this) < 0:
                break
            seen.add(term)
            found.append(term)
        if min(left, unread) < 0:
            break
    return found
