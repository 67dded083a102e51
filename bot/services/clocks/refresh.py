"""Makes the clocks of open tickets anew after a calendar or targets have changed, some in each transaction;
those of closed ones too, when they are of a version without clocks (`models.tickets.clocks.history`)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from bot.catalogue.service_levels import StoredLevels
from bot.context.unit_of_work import UnitOfWork
from bot.notifications.cards import tell_other_hours
from bot.notifications.children.follow import bring_in_line
from bot.services.tickets.history import event_numbered
from models.lifecycle import Status
from models.tickets.clocks import clock
from models.tickets.clocks.history import replay
from models.tickets.clocks.promise import Promise, has_moved_later, promise_of
from models.tickets.clocks.refresh import ClockRefresh
from models.tickets.event import Event
from models.tickets.ticket import Ticket

PORTION = 50
"""Tickets in one transaction: a click on one of them waits for it, and a listener has 0.7 s for the
database."""
WINDOW = 5_000  # numbers that are looked through in one transaction, where few tickets are open


def refresh_clocks(uow: UnitOfWork) -> bool:
    """Refresh the newest tickets that wait, at most `PORTION`. Returns whether others may wait."""
    session = uow.session
    first_asked = select(ClockRefresh).order_by(ClockRefresh.id).limit(1)
    asked = session.scalar(first_asked.with_for_update(skip_locked=True))
    if asked is None:
        return False
    if asked.below is None:
        asked.below = (session.scalar(select(func.max(Ticket.id))) or 0) + 1
    first = max(asked.below - WINDOW, 0)
    tickets = _some(session, first, asked.below)
    levels = StoredLevels(session)
    for ticket in tickets:
        if ticket.status is Status.CLOSED and ticket.taken_due_at is not None:  # meanwhile
            continue
        before, due = promise_of(ticket), ticket.due_at
        _refresh(ticket, levels, uow.now)
        _tell(uow, ticket, before)
        if ticket.parent_id is not None and ticket.status is not Status.CLOSED and ticket.due_at != due:
            bring_in_line(uow, ticket.parent_id, _last_event(uow, ticket), why=f"hours{uow.now.timestamp()}")
    asked.below = tickets[-1].id if len(tickets) == PORTION else first
    if asked.below <= 1:
        session.delete(asked)
    return True


def _some(session: Session, first: int, below: int) -> Sequence[Ticket]:
    concerned = or_(Ticket.status != Status.CLOSED, Ticket.taken_due_at.is_(None))
    newest = select(Ticket.id).where(Ticket.id >= first, Ticket.id < below, concerned)
    numbers = session.scalars(newest.order_by(Ticket.id.desc()).limit(PORTION)).all()
    query = (
        select(Ticket).where(Ticket.id.in_(numbers)).order_by(Ticket.id)
    )  # the order in which all lock them
    query = query.options(joinedload(Ticket.team), joinedload(Ticket.service))
    return session.scalars(query.with_for_update(of=Ticket)).all()[::-1]


def _refresh(ticket: Ticket, levels: StoredLevels, now: datetime) -> None:
    level, before = levels.of(ticket), (ticket.taken_due_at, ticket.due_at)
    if ticket.taken_due_at is None:  # of a version without clocks
        with levels.session.no_autoflush:
            rows = select(Event).where(Event.ticket_id == ticket.id).order_by(Event.number)
            replay(ticket, levels.session.scalars(rows).all(), level, now)
    else:
        clock.aim(ticket, level, now)
    if (ticket.taken_due_at, ticket.due_at) != before:
        clock.reach(ticket, level, now)  # of what is reached by the change, nobody is reminded


def _tell(uow: UnitOfWork, ticket: Ticket, before: Promise | None) -> None:
    """Update the card of the requester to whom something else is promised now than before. One of a version
    without clocks, to whom nothing was, reads it at the ticket's next change: all at once would delay what
    people wait for."""
    after = promise_of(ticket)
    if before is None or after is None or before == after:
        return
    event = _last_event(uow, ticket)
    tell_other_hours(uow, event, at=after.at, is_later=has_moved_later(before, after))


def _last_event(uow: UnitOfWork, ticket: Ticket) -> Event:
    event = event_numbered(uow.session, ticket, ticket.event_count)
    assert event is not None
    return event
