"""Work on several waits in one transaction, of which none keeps the others from being done."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from bot.context.unit_of_work import UnitOfWork
from bot.db.session import begin_writing

logger = logging.getLogger(__name__)
T = TypeVar("T")
PUT_OFF = timedelta(hours=1)


def do_apart(
    uow: UnitOfWork,
    some: Iterable[T],
    work: Callable[[T], object],
    put_off: Callable[[T, datetime], object] | None = None,
) -> None:
    """Do the work for each, in a savepoint; what fails is logged, undone and put off until a time, or left
    to the next run."""
    begin_writing(uow.session)  # on SQLite a savepoint alone would be a transaction
    for each in some:
        queued = set(uow.queued)
        try:
            with uow.session.begin_nested():
                work(each)
        except Exception:  # whatever it is, it would fail at each run, and stop all that are due later
            logger.exception("what waits was put off")
            uow.queued.clear()
            uow.queued.update(queued)
            if put_off is not None:
                put_off(each, uow.now + PUT_OFF)
