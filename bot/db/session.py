"""Sessions and transactions."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

T = TypeVar("T")


class DeskSession(Session):
    """A session that knows whether its transaction brings deliveries (`bot.delivery.wakeup`)."""

    brings_deliveries = False


class Sessions(sessionmaker[DeskSession]):
    """The session factory: `begin()` is a transaction; a session had by a call only reads. Objects stay
    readable after the commit."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, class_=DeskSession, expire_on_commit=False)
        # Around reads PostgreSQL's BEGIN and ROLLBACK are two round trips that isolate nothing: under "Read
        # Committed" each statement sees what was committed before it, in a transaction or not.
        is_postgresql = engine.dialect.name == "postgresql"
        self._for_reads = engine.execution_options(isolation_level="AUTOCOMMIT") if is_postgresql else engine

    def __call__(self, **options: Any) -> DeskSession:
        return super().__call__(**{"bind": self._for_reads} | options)

    @contextmanager
    def begin(self) -> Iterator[DeskSession]:
        with super().__call__() as session, session.begin():
            yield session


def transact(sessions: Sessions, work: Callable[[Session], T]) -> T:
    """Run `work` in one transaction and return its result.

    When another transaction changed the same ticket, or made the same row, first, `work` runs once more on
    what is there now, so that the loser hears the domain's word instead of a conflict. SQLite has no row to
    lock: the second time nobody else writes from the beginning, or a third one would win again.
    """
    try:
        with sessions.begin() as session:
            return work(session)
    except (StaleDataError, IntegrityError):
        with sessions.begin() as session:
            if session.get_bind().dialect.name == "sqlite":
                session.connection().exec_driver_sql("BEGIN IMMEDIATE")
            return work(session)
