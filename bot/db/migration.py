"""The transaction of a migration: the whole of it or nothing, and one process at a time."""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot.settings import SettingsError

logger = logging.getLogger(__name__)

LOCK = 0x67756963686574  # on PostgreSQL; "guichet" in ASCII, so that no other program has it
SQLITE_TIMEOUT = 600  # seconds for somebody else's migration; PostgreSQL's is waited for without end


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that begins once nobody else migrates, committed at the block's end.

    Raises `SettingsError` when the database refuses something in between; then nothing was changed.
    """
    lock = _on_sqlite if engine.dialect.name == "sqlite" else _on_postgresql
    with engine.connect() as connection, lock(connection):
        try:
            dangling = _dangling(connection)
            yield connection
            _refuse(_dangling(connection) - dangling)
            connection.commit()
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
            raise SettingsError(
                f"DATABASE_URL: the migration failed ({reason}), and the database is as it was before: "
                "once that is mended, run `guichet migrate` again"
            ) from error


@contextmanager
def _on_postgresql(connection: Connection) -> Iterator[None]:
    run = connection.exec_driver_sql
    run("SET LOCAL statement_timeout = 0")  # an index on a million rows takes its time
    if not run(f"SELECT pg_try_advisory_xact_lock({LOCK})").scalar():
        logger.warning("another process is migrating the database: waiting for it")
        run("SET LOCAL lock_timeout = 0")
        run(f"SELECT pg_advisory_xact_lock({LOCK})")
        run("SET LOCAL lock_timeout TO DEFAULT")
    yield


@contextmanager
def _on_sqlite(connection: Connection) -> Iterator[None]:
    """sqlite3 by itself begins before an INSERT only, and lets each CREATE TABLE commit at once."""
    raw: Any = connection.connection.dbapi_connection
    level, raw.isolation_level = raw.isolation_level, None
    timeout = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
    try:
        # A table that is made anew is dropped first, and what refers to it with it. Ignored in a transaction.
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        _begin(connection)
        yield
    finally:
        connection.rollback()
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {timeout}")
        raw.isolation_level = level


def _begin(connection: Connection) -> None:
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError as error:
        if "locked" not in str(error.orig):
            raise
        logger.warning("another process is writing to the database: waiting for up to %d s", SQLITE_TIMEOUT)
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {SQLITE_TIMEOUT * 1000}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _dangling(connection: Connection) -> Counter[tuple[str, str]]:
    """How many rows of a table refer to a row of another that is not there; PostgreSQL looks by itself."""
    if connection.dialect.name != "sqlite":
        return Counter()
    found = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return Counter((row[0], row[2]) for row in found)


def _refuse(dangling: Counter[tuple[str, str]]) -> None:
    if dangling:
        said = ", ".join(f"{count} of {table} to {other}" for (table, other), count in dangling.items())
        raise SettingsError(
            f"DATABASE_URL: the migration would leave rows that refer to nothing ({said}), so it was undone: "
            "please report it"
        )
