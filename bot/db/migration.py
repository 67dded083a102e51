"""The transaction of a migration: all or nothing, and one process at a time."""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot.settings import SettingsError

logger = logging.getLogger(__name__)

LOCK = 0x67756963686574  # PostgreSQL's advisory lock: "guichet" in ASCII
SQLITE_TIMEOUT = 600  # seconds to wait for another migration; on PostgreSQL there is no limit


@contextmanager
def exclusive_transaction(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that begins once no other process migrates, and commits after the block.

    Raises `SettingsError` when a statement fails; then nothing was changed.
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
                f"DATABASE_URL: the migration failed ({reason}); the database is unchanged. Fix the cause, "
                "then run `guichet migrate` again"
            ) from error


@contextmanager
def _on_postgresql(connection: Connection) -> Iterator[None]:
    run = connection.exec_driver_sql
    run("SET LOCAL statement_timeout = 0")  # an index on a million rows takes long
    if not run(f"SELECT pg_try_advisory_xact_lock({LOCK})").scalar():
        logger.warning("another process is migrating the database; waiting for it")
        before = run("SHOW lock_timeout").scalar_one()
        run("SET LOCAL lock_timeout = 0")
        run(f"SELECT pg_advisory_xact_lock({LOCK})")
        run(f"SET LOCAL lock_timeout = '{before}'")
    yield


@contextmanager
def _on_sqlite(connection: Connection) -> Iterator[None]:
    """A transaction that includes DDL: by itself sqlite3 begins one before INSERT, UPDATE, DELETE only."""
    raw: Any = connection.connection.dbapi_connection
    level, raw.isolation_level = raw.isolation_level, None
    timeout = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
    try:
        # Else dropping a table to recreate it deletes the rows that refer to it. Not possible in a
        # transaction.
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
        logger.warning("another process is writing to the database; waiting for up to %d s", SQLITE_TIMEOUT)
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {SQLITE_TIMEOUT * 1000}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _dangling(connection: Connection) -> Counter[tuple[str, str]]:
    """The number of dangling foreign keys by table and referred table. PostgreSQL checks them by itself."""
    if connection.dialect.name != "sqlite":
        return Counter()
    violations = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return Counter((row[0], row[2]) for row in violations)


def _refuse(dangling: Counter[tuple[str, str]]) -> None:
    if dangling:
        counts = ", ".join(f"{count} of {table} to {other}" for (table, other), count in dangling.items())
        raise SettingsError(
            f"DATABASE_URL: the migration would break foreign keys ({counts}) and was rolled back. "
            "This is a bug in Guichet: please report it"
        )
