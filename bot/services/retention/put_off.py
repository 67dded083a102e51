"""Tickets that could not be forgotten: they are tried again later, and hold up no others."""

import logging
from collections.abc import Callable

from sqlalchemy import ColumnElement, String, cast, delete, literal, select
from sqlalchemy.exc import OperationalError

from bot.context.unit_of_work import UnitOfWork
from bot.observability.removals.put_off import LATER, NAME
from models.outbox.schedule import Periodic
from models.tickets.ticket import Ticket

logger = logging.getLogger(__name__)


def is_put_off(uow: UnitOfWork) -> ColumnElement[bool]:
    """Whether a ticket is to be tried later."""
    of_ticket = Periodic.name == literal(NAME).concat(cast(Ticket.id, String))
    # A later one was written by a clock that was ahead.
    waits = Periodic.due_at > uow.now, Periodic.due_at <= uow.now + LATER
    return select(Periodic.name).where(of_ticket, *waits).correlate(Ticket).exists()


def forgotten(uow: UnitOfWork, forget: Callable[[UnitOfWork, int], None], number: int) -> bool:
    """Forget one ticket, and nothing of it when that fails; then it is put off. Raises `OperationalError`:
    the database is away, or busy."""
    row = Periodic(name=f"{NAME}{number}", due_at=uow.now + LATER)
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
