"""Sessions and transactions."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from bot.db.refusals import Refusal, refusal

logger = logging.getLogger(__name__)
T = TypeVar("T")
# What a transaction raises that was slower than another; `transact` repeats it.
LOST = (StaleDataError, IntegrityError)
observers = list[Callable[[Refusal], object]]()
"""Called for each transaction that the database refused; not for one that was repeated with success.
`bot.observability.metrics` counts them: to import prometheus_client here would be too early for `web`."""


class DeskSession(Session):
    """A session that records whether its transaction adds deliveries (`bot.delivery.wakeup`)."""

    brings_deliveries = False


class Sessions(sessionmaker[DeskSession]):
    """The session factory: `begin()` opens a transaction; calling it opens a session for reading only.
    Objects stay readable after the commit."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, class_=DeskSession, expire_on_commit=False)
        # PostgreSQL's BEGIN and ROLLBACK around reads would be two round trips without effect: under "Read
        # Committed" each statement sees what was committed before it, in a transaction or not.
        is_postgresql = engine.dialect.name == "postgresql"
        self._for_reads = engine.execution_options(isolation_level="AUTOCOMMIT") if is_postgresql else engine

    def __call__(self, **options: Any) -> DeskSession:
        return super().__call__(**{"bind": self._for_reads} | options)

    @contextmanager
    def begin(self) -> Iterator[DeskSession]:
        """A transaction that commits after the block."""
        try:
            with super().__call__() as session, session.begin():
                yield session
        except LOST:
            raise  # reported once its repetition is lost too
        except SQLAlchemyError as error:
            _report(error)
            raise


def insert_into(session: Session, table: Any) -> postgresql.Insert | sqlite.Insert:
    """An INSERT of a row's class or table that may say what happens on a conflict: no standard SQL, so each
    database has its own."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(table) if is_postgresql else sqlite.insert(table)


def _report(error: SQLAlchemyError) -> None:
    for observer in observers:
        observer(refusal(error))


def begin_writing(session: Session) -> None:
    """Begin the session's transaction, if it has not written yet, before rows are read that it will change.
    SQLite has no row locks: nobody else writes from here on."""
    if session.get_bind().dialect.name == "sqlite":
        connection = session.connection()
        driver = connection.connection.driver_connection
        if driver is not None and not driver.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")


def transact(sessions: Sessions, work: Callable[[Session], T]) -> T:
    """Run `work` in one transaction and return its result.

    After a lost update or a unique violation, `work` runs once more on the current rows, so that it raises
    the domain's error instead of a conflict. SQLite has no row locks: the second transaction holds the write
    lock from its beginning, so that it cannot lose again.
    """
    try:
        with sessions.begin() as session:
            return work(session)
    except LOST:
        return _repeat(sessions, work)


def _repeat(sessions: Sessions, work: Callable[[Session], T]) -> T:
    try:
        with sessions.begin() as session:
            begin_writing(session)
            return work(session)
    except LOST as error:
        _report(error)
        raise


def transact_if_possible(sessions: Sessions, work: Callable[[Session], object]) -> None:
    """As `transact`, for what nobody waits for: when the database fails, that is only logged."""
    try:
        transact(sessions, work)
    except SQLAlchemyError as error:
        logger.warning("not saved: %s", refusal(error))
