"""Engines and transactions, for SQLite and PostgreSQL."""

import math
import select
import sqlite3
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from bot.db.mistakes import name_what_is_there, remember_file
from bot.db.sqlite_write_lock import Connection
from bot.timeouts import Timeouts

LISTENER_TIMEOUT = Timeouts().database
WORKER_TIMEOUT = 15.0  # seconds; no person waits for the worker
IDLE_AFTER = 1.0  # seconds after which a connection is checked before it is used


def create_db(url: str, *, timeout: float = LISTENER_TIMEOUT) -> Engine:
    """An engine on `url` that waits at most `timeout` seconds for a lock, a connection, or the pool."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url, timeout)
    milliseconds = round(timeout * 1000)
    engine = create_engine(
        url,
        hide_parameters=True,  # errors are logged, and must not hold what people wrote
        pool_timeout=timeout / 2,
        connect_args={
            # For each address of the host. libpq and psycopg raise less than 2 s to 2.
            "connect_timeout": max(2, round(timeout)),
            # For a host that vanished: the kernel's own timeout is a quarter of an hour.
            "tcp_user_timeout": milliseconds,
        },
    )
    _limit_statements(engine, milliseconds)
    _ping_when_idle(engine)
    return engine


def _limit_statements(engine: Engine, milliseconds: int) -> None:
    """Limit statements and waits for locks. PgBouncer refuses the startup parameter `options`, with which
    that would take no round trip."""

    @event.listens_for(engine, "connect")
    def limit(connection: Any, _record: object) -> None:
        connection.autocommit = True  # a rollback would undo it
        connection.execute(f"SET statement_timeout = {milliseconds}; SET lock_timeout = {milliseconds}")
        connection.autocommit = False


def _ping_when_idle(engine: Engine) -> None:
    """Ping a connection that was idle, or that has unread data: on an idle one that is the server's goodbye.
    `pool_pre_ping` would ping each time, one more round trip for every transaction."""
    dialect = engine.dialect

    @event.listens_for(engine, "checkin")
    def note(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["used_at"] = monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        idle = monotonic() - record.info.get("used_at", math.inf) > IDLE_AFTER
        if idle or _has_unread_data(connection):
            try:
                dialect.do_ping(connection)
            except dialect.loaded_dbapi.Error as error:
                raise InvalidatePoolError from error  # the pool connects again


def _has_unread_data(connection: Any) -> bool:
    """Whether the server has sent something since its last answer. Takes no round trip."""
    poller = select.poll()
    poller.register(connection.pgconn.socket, select.POLLIN)
    return bool(poller.poll(0))


def _datetime_as_text(value: datetime) -> str:
    """As sqlite3 itself; its own adapter is deprecated since Python 3.12 (docs.python.org, "sqlite3")."""
    return value.isoformat(" ")


def _sqlite(url: str, timeout: float) -> Engine:
    sqlite3.register_adapter(datetime, _datetime_as_text)
    # IMMEDIATE: a transaction takes its lock before its first write; reads before that take none.
    arguments: dict[str, Any] = {"timeout": timeout, "isolation_level": "IMMEDIATE"}
    database = make_url(url).database
    if database in {None, "", ":memory:"}:
        arguments["check_same_thread"] = False
        engine = create_engine(url, hide_parameters=True, connect_args=arguments, poolclass=StaticPool)
    else:
        assert database is not None
        with suppress(OSError):  # connecting fails then, and is explained
            Path(database).parent.mkdir(parents=True, exist_ok=True)
        arguments["factory"] = Connection
        engine = create_engine(url, hide_parameters=True, connect_args=arguments, pool_timeout=timeout)
        name_what_is_there(engine)
        remember_file(engine, Path(database))
    _set_pragmas(engine, timeout)
    return engine


def _set_pragmas(engine: Engine, timeout: float) -> None:
    # Pages. Listeners leave checkpoints to the worker, unless none runs (sqlite.org, "Write-Ahead Logging").
    checkpoint = 1_000 if timeout > LISTENER_TIMEOUT else 10_000

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "secure_delete=ON",  # overwrite what is deleted (sqlite.org, "PRAGMA secure_delete")
            f"wal_autocheckpoint={checkpoint}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
