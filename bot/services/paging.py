"""Pages of lists, and the tickets of a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models.tickets.ticket import Ticket

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list."""

    items: Sequence[T]
    number: int
    """From 0."""
    has_more: bool


def page_of(items: Sequence[T], number: int, size: int) -> Page[T]:
    """A page of a list that was read whole; past its end, its last page."""
    last = max(len(items) - 1, 0) // size
    number = min(max(number, 0), last)
    return Page(items[number * size : (number + 1) * size], number, number < last)


def read_page(rows: Sequence[T], number: int, size: int) -> Page[T]:
    """A page of which one row more than `size` was read."""
    return Page(rows[:size], number, len(rows) > size)


def ticket_rows(session: Session, numbers: Sequence[int]) -> Sequence[Ticket]:
    """These tickets in this order, with all that a row of the queue or of a search shows."""
    if not numbers:
        return []
    shown = (Ticket.requester, Ticket.assignee, Ticket.site)
    rows = select(Ticket).where(Ticket.id.in_(numbers)).options(*(joinedload(each) for each in shown))
    tickets = {ticket.id: ticket for ticket in session.scalars(rows)}
    return [tickets[number] for number in numbers if number in tickets]
