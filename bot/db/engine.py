"""Engines and transactions, for SQLite and PostgreSQL."""

import math
import select
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from bot.db.sqlite_write_lock import Connection
from bot.timeouts import Timeouts

LISTENER_TIMEOUT = Timeouts().database
# Seconds. The worker answers to nobody.
WORKER_TIMEOUT = 15.0
# After so long a host may have gone away without a word.
IDLE_AFTER = 1.0


def create_db(url: str, *, timeout: float = LISTENER_TIMEOUT) -> Engine:
    """An engine on `url` that waits at most `timeout` seconds for a lock, a connection, or the pool."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url, timeout)
    milliseconds = round(timeout * 1000)
    engine = create_engine(
        url,
        hide_parameters=True,  # an error is logged; what people typed is not
        pool_timeout=timeout / 2,
        connect_args={
            # For each address of the host. libpq and psycopg make less than 2 s two.
            "connect_timeout": max(2, round(timeout)),
            # A host that went away without a word: the kernel would wait for a quarter of an hour.
            "tcp_user_timeout": milliseconds,
            "options": f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}",
        },
    )
    _ping_when_idle(engine)
    return engine


def _ping_when_idle(engine: Engine) -> None:
    """Ask a connection that has rested, or was spoken to, whether it lives: an idle one hears only its end.
    `pool_pre_ping` would ask each time, a round trip more for every transaction."""
    dialect = engine.dialect

    @event.listens_for(engine, "checkin")
    def note(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["used_at"] = monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        idle = monotonic() - record.info.get("used_at", math.inf) > IDLE_AFTER
        if idle or _was_spoken_to(connection):
            try:
                dialect.do_ping(connection)
            except dialect.loaded_dbapi.Error as error:
                raise InvalidatePoolError from error  # the pool connects again


def _was_spoken_to(connection: Any) -> bool:
    """Whether the server has said something since its last answer; asks nobody."""
    ear = select.poll()
    ear.register(connection.pgconn.socket, select.POLLIN)
    return bool(ear.poll(0))


def _sqlite(url: str, timeout: float) -> Engine:
    # IMMEDIATE: a transaction takes its lock before its first write, and never around its reads.
    arguments: dict[str, Any] = {"timeout": timeout, "isolation_level": "IMMEDIATE"}
    database = make_url(url).database
    if database in {None, "", ":memory:"}:
        arguments["check_same_thread"] = False
        engine = create_engine(url, hide_parameters=True, connect_args=arguments, poolclass=StaticPool)
    else:
        assert database is not None
        Path(database).parent.mkdir(parents=True, exist_ok=True)
        arguments["factory"] = Connection
        engine = create_engine(url, hide_parameters=True, connect_args=arguments, pool_timeout=timeout)
    # Pages. Who answers people leaves it to the worker to copy the log into the file, unless there is none
    # (sqlite.org, "Write-Ahead Logging").
    checkpoint = 1_000 if timeout > LISTENER_TIMEOUT else 10_000

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "secure_delete=ON",  # what people take back is overwritten (sqlite.org, "PRAGMA secure_delete")
            f"wal_autocheckpoint={checkpoint}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine
