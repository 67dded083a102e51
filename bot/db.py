"""Engines and transactions, for SQLite and PostgreSQL."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import StaticPool

from bot.turns import Connection

T = TypeVar("T")
Sessions = sessionmaker[Session]

# Seconds. A listener has 3: its database, what it asks the directory and its one answer to Slack
# (`bot.directory.PATIENCE`, `bot.app.PATIENCE`) add up to less than 2.5.
LISTENER_PATIENCE = 0.7
# The worker answers to nobody.
WORKER_PATIENCE = 15.0


def create_db(url: str, *, patience: float = LISTENER_PATIENCE) -> Engine:
    """An engine on `url` that waits at most `patience` seconds for a lock, a connection, or the pool."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url, patience)
    milliseconds = round(patience * 1000)
    return create_engine(
        url,
        hide_parameters=True,  # an error is logged; what people typed is not
        pool_timeout=patience / 2,
        pool_pre_ping=True,
        connect_args={
            # For each address of the host. libpq and psycopg make less than 2 s two.
            "connect_timeout": max(2, round(patience)),
            # A host that went away without a word: the kernel would wait for a quarter of an hour.
            "tcp_user_timeout": milliseconds,
            "options": f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}",
        },
    )


def _sqlite(url: str, patience: float) -> Engine:
    # IMMEDIATE: a transaction takes its lock before its first write, and never around its reads.
    arguments: dict[str, Any] = {"timeout": patience, "isolation_level": "IMMEDIATE"}
    database = make_url(url).database
    if database in {None, "", ":memory:"}:
        arguments["check_same_thread"] = False
        engine = create_engine(url, hide_parameters=True, connect_args=arguments, poolclass=StaticPool)
    else:
        assert database is not None
        Path(database).parent.mkdir(parents=True, exist_ok=True)
        arguments["factory"] = Connection
        engine = create_engine(url, hide_parameters=True, connect_args=arguments, pool_timeout=patience)
    event.listen(engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def create_sessions(engine: Engine) -> Sessions:
    """The session factory. Objects stay readable after the commit."""
    return sessionmaker(engine, expire_on_commit=False)


def transact(sessions: Sessions, work: Callable[[Session], T]) -> T:
    """Run `work` in one transaction and return its result.

    When another transaction changed the same ticket, or made the same row, first, `work` runs once more on
    what is there now, so that the loser hears the domain's word instead of a conflict.
    """
    try:
        with sessions.begin() as session:
            return work(session)
    except (StaleDataError, IntegrityError):
        with sessions.begin() as session:
            return work(session)
