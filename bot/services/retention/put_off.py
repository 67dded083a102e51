"""Tickets that could not be forgotten: they are tried again later, and hold up no others."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, cast, delete, func, literal, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from models.outbox.schedule import Periodic
from models.tickets.ticket import Ticket

logger = logging.getLogger(__name__)
LATER = timedelta(hours=6)
_NAME = "forget:"


def is_put_off(uow: UnitOfWork) -> ColumnElement[bool]:
    """Whether a ticket is to be tried later."""
    of_ticket = Periodic.name == literal(_NAME).concat(cast(Ticket.id, String))
    # A later one was written by a clock that was ahead.
    waits = Periodic.due_at > uow.now, Periodic.due_at <= uow.now + LATER
    return select(Periodic.name).where(of_ticket, *waits).correlate(Ticket).exists()


def count_put_off(session: Session, now: datetime) -> int:
    """How many tickets were put off of late; what waited for longer has been forgotten otherwise, or was
    reopened."""
    names = Periodic.name.startswith(_NAME)
    return session.scalar(select(func.count()).where(names, Periodic.due_at > now - LATER)) or 0


def forgotten(uow: UnitOfWork, forget: Callable[[UnitOfWork, int], None], number: int) -> bool:
    """Forget one ticket, and nothing of it when that fails; then it is put off. Raises `OperationalError`:
    the database is away, or busy."""
    row = Periodic(name=f"{_NAME}{number}", due_at=uow.now + LATER)
    try:
        with uow.session.begin_nested():
            forget(uow, number)
    except OperationalError:
        raise
    except Exception:
        logger.exception("ticket %d could not be forgotten", number)
        uow.session.merge(row)
        return False
    uow.session.execute(delete(Periodic).where(Periodic.name == row.name))
    return True
