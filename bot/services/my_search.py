"""Finding one's own tickets by their words. Imports nothing of Slack.

One person has few tickets, so that each of them is compared; of very many, the newest.
"""

from collections.abc import Sequence

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session

from bot.services.paging import read_page
from bot.services.search import INPUT_MAX, PAGE_MAX
from bot.services.tickets.history import last_visible
from models.lifecycle import Status
from models.pages import OwnTicketsFound
from models.search.conditions import holds
from models.search.query import Condition, query_of
from models.search.ticket_numbers import ticket_numbers
from models.tickets.ticket import Ticket

COMPARED = 2_000
"""How many open tickets of one person are compared, and how many closed ones."""


def search_own(session: Session, person_id: int, words: str, *, page: int, size: int) -> OwnTicketsFound:
    """Page `page` (from 0) of the tickets that this person raised that have all of these words, in any of
    their forms and writings, in what `models.search.text` composes for everybody; newest first, after those
    that the words name by their numbers."""
    page = min(max(page, 0), PAGE_MAX)
    query = " ".join(words.split())[:INPUT_MAX]
    numbers, beside = ticket_numbers(query)
    found = _numbered(session, person_id, numbers)
    if wanted := query_of(beside).parts:
        most = (page + 1) * size + 1 + len(numbers)
        found += session.scalars(_matching(person_id, wanted).limit(most))
    distinct = list(dict.fromkeys(found))
    shown = read_page(distinct[page * size : (page + 1) * size + 1], page, size)
    tickets = _rows(session, shown.items)
    still_open = [ticket.id for ticket in tickets if ticket.status is not Status.CLOSED]
    has_more = shown.has_more and page < PAGE_MAX
    return OwnTicketsFound(query, tickets, page, has_more, last=last_visible(session, still_open))


def _numbered(session: Session, person_id: int, numbers: Sequence[int]) -> list[int]:
    """Those of the numbers that are tickets of this person's, in their order."""
    if not numbers:
        return []
    same = select(Ticket.id).where(Ticket.id.in_(numbers), Ticket.requester_id == person_id)
    known = set(session.scalars(same))
    return [number for number in numbers if number in known]


def _matching(person_id: int, wanted: Sequence[Condition]) -> Select[int]:
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
    words = " " + own.c.search_text + " "
    return select(own.c.id).where(*(holds(words, each) for each in wanted)).order_by(own.c.id.desc())


def _rows(session: Session, numbers: Sequence[int]) -> Sequence[Ticket]:
    if not numbers:
        return []
    tickets = {each.id: each for each in session.scalars(select(Ticket).where(Ticket.id.in_(numbers)))}
    return [tickets[number] for number in numbers if number in tickets]
