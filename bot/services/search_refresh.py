"""Makes the search texts anew of the tickets that wait for it, some in each transaction. Imports nothing of
Slack."""

import time
from collections.abc import Sequence

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.db.session import Sessions
from models.search.refresh import SearchRefresh
from models.search.text import update_search_texts
from models.tickets.ticket import Ticket

PORTION = 50
"""Tickets in one transaction: a click on one of them waits for it, and a listener has 0.7 s for the
database."""
WINDOW = 5_000  # numbers that are looked through in one transaction, for a name that has few tickets
AT_ONCE = 20.0  # seconds in each minute; other periodic jobs wait, and so does a process that is to end


def refresh_some(uow: UnitOfWork) -> None:
    """Refresh a portion, if tickets wait."""
    refresh_portion(uow.session)


def go_on(engine: Engine) -> None:
    """Refresh one portion after the other, until none is left or `AT_ONCE` has passed."""
    sessions, until, is_left = Sessions(engine), time.monotonic() + AT_ONCE, True
    while is_left and time.monotonic() < until:
        with sessions.begin() as session:
            is_left = refresh_portion(session)


def refresh_portion(session: Session) -> bool:
    """Refresh the newest tickets that wait, at most `PORTION`. Returns whether others may wait."""
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
