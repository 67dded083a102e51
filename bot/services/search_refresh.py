"""Makes the search texts anew of the tickets that wait for it, some in each transaction. Imports nothing of
Slack."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from models.search.refresh import SearchRefresh
from models.search.text import update_search_texts
from models.tickets.ticket import Ticket

PORTION = 50
"""Tickets in one transaction: a click on one of them waits for it, and a listener has 0.7 s for the
database."""
WINDOW = 5_000  # numbers that are looked through in one transaction, for a name that has few tickets


def refresh_search(uow: UnitOfWork) -> bool:
    """Refresh the newest tickets that wait, at most `PORTION`. Returns whether others may wait."""
    session = uow.session
    asked = session.scalar(
        select(SearchRefresh).order_by(SearchRefresh.id).limit(1).with_for_update(skip_locked=True)
    )
    if asked is None:
        return False
    if asked.below is None:
        asked.below = (session.scalar(select(func.max(Ticket.id))) or 0) + 1
    first = max(asked.below - WINDOW, 0)
    numbers = _some(session, asked, first)
    if numbers:
        update_search_texts(session.connection(), numbers)
    asked.below = numbers[-1] if len(numbers) == PORTION else first
    if asked.below <= 1:
        session.delete(asked)
    return True


def _some(session: Session, asked: SearchRefresh, first: int) -> Sequence[int]:
    query = select(Ticket.id).where(Ticket.id >= first, Ticket.id < asked.below, asked.concerned)
    return session.scalars(query.order_by(Ticket.id.desc()).limit(PORTION)).all()
