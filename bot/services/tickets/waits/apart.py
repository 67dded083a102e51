"""Work on several waits in one transaction, of which none keeps the others from being done."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from bot.context.unit_of_work import UnitOfWork
from bot.db.session import begin_writing

logger = logging.getLogger(__name__)
T = TypeVar("T")


def do_apart(
    uow: UnitOfWork, some: Iterable[T], work: Callable[[T], object], put_off: Callable[[T], object]
) -> None:
    """Do the work for each, in a savepoint; what fails is logged, undone and put off."""
    begin_writing(uow.session)  # on SQLite a savepoint alone would be a transaction
    for each in some:
        queued = set(uow.queued)
        try:
            with uow.session.begin_nested():
                work(each)
        except Exception:
            logger.exception("what waits was put off")
            uow.queued.clear()
            uow.queued.update(queued)
            put_off(each)
