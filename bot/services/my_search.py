"""Finding one's own tickets by their words. Imports nothing of Slack.

One person has few tickets, so that each of them is compared; of very many, the newest.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, select, union_all
from sqlalchemy.orm import Session

from bot.services.paging import read_page
from bot.services.search import INPUT_MAX, NUMBER, PAGE_MAX
from bot.services.tickets.history import last_visible
from models.lifecycle import Status
from models.pages import OwnTicketsFound
from models.search_words import query_words
from models.tickets.ticket import Ticket

COMPARED = 2_000
"""How many open tickets of one person are compared, and how many closed ones."""


def search_own(session: Session, person_id: int, words: str, *, page: int, size: int) -> OwnTicketsFound:
    """Page `page` (from 0) of the tickets that this person raised whose number, title, description or
    solution has words that begin with all of these; newest first, after the one with this number."""
    page = min(max(page, 0), PAGE_MAX)
    query = " ".join(words.split())[:INPUT_MAX]
    number = NUMBER.fullmatch(query)
    found: list[int] = []
    if number:
        same = select(Ticket.id).where(Ticket.id == int(number[1]), Ticket.requester_id == person_id)
        found += session.scalars(same)
    if wanted := query_words(number[1] if number else query):
        found += session.scalars(_matching(person_id, wanted).limit((page + 1) * size + 2))
    numbers = list(dict.fromkeys(found))[page * size : (page + 1) * size + 1]
    shown = read_page(numbers, page, size)
    tickets = _rows(session, shown.items)
    still_open = [ticket.id for ticket in tickets if ticket.status is not Status.CLOSED]
    has_more = shown.has_more and page < PAGE_MAX
    return OwnTicketsFound(query, tickets, page, has_more, last_visible(session, still_open))


def _matching(person_id: int, wanted: Sequence[str]) -> Select[int]:
    """Read from the indexes of somebody's open and closed tickets."""
    parts = [
        select(Ticket.id, Ticket.search_text)
        .where(Ticket.requester_id == person_id, in_state)
        .order_by(Ticket.id.desc())
        .limit(COMPARED)
        .subquery()
        for in_state in (Ticket.status != Status.CLOSED, Ticket.status == Status.CLOSED)
    ]
    own = union_all(*(select(part) for part in parts)).subquery()
    holds: list[ColumnElement[bool]] = [(" " + own.c.search_text).like(f"% {word}%") for word in wanted]
    return select(own.c.id).where(*holds).order_by(own.c.id.desc())


def _rows(session: Session, numbers: Sequence[int]) -> Sequence[Ticket]:
    if not numbers:
        return []
    tickets = {each.id: each for each in session.scalars(select(Ticket).where(Ticket.id.in_(numbers)))}
    return [tickets[number] for number in numbers if number in tickets]
