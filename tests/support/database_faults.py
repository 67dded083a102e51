"""Database failures within a block, with the same effect on SQLite and on PostgreSQL."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, Engine, event
from sqlalchemy.exc import TimeoutError as PoolTimeout

from models.base import Base
from tests.support.postgres import connect


def locked(engine: Engine) -> AbstractContextManager[None]:
    """Another connection is writing, and does not finish. Reading is possible."""
    on_sqlite = engine.dialect.name == "sqlite"
    return _locked_file(_file(engine)) if on_sqlite else _locked_tables(engine.url)


def lost(*engines: Engine) -> AbstractContextManager[None]:
    """The database of these engines is unreachable."""
    on_sqlite = engines[0].dialect.name == "sqlite"
    return _lost_file(_file(engines[0]), engines) if on_sqlite else _refusing(engines)


@contextmanager
def refusing_writes(engine: Engine) -> Iterator[str]:
    """Reading is possible, and nothing else: SQLite's file is full, PostgreSQL is read-only. Yields the
    beginning of the database's words."""
    full = engine.dialect.name == "sqlite"
    with _full_file(engine) if full else _read_only(engine.url):
        Engine.dispose(engine)
        try:
            yield "database or disk is full" if full else "cannot execute INSERT in a read-only transaction"
        finally:
            Engine.dispose(engine)
    Engine.dispose(engine)


@contextmanager
def _full_file(engine: Engine) -> Iterator[None]:
    def limit(raw: sqlite3.Connection, _record: object) -> None:
        raw.execute("PRAGMA max_page_count = 1")  # SQLite takes the present size at least

    event.listen(engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(engine, "connect", limit)


@contextmanager
def _read_only(url: URL) -> Iterator[None]:
    with connect(url, "postgres") as server:
        server.execute(f"ALTER DATABASE {url.database} SET default_transaction_read_only = on")
        try:
            yield
        finally:
            server.execute(f"ALTER DATABASE {url.database} RESET default_transaction_read_only")


@contextmanager
def exhausted(engine: Engine) -> Iterator[None]:
    """Every connection of the pool is in use."""
    with ExitStack() as taken:
        with suppress(PoolTimeout):
            while True:
                taken.enter_context(engine.connect())
        yield


@contextmanager
def _locked_file(file: Path) -> Iterator[None]:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextmanager
def _locked_tables(url: URL) -> Iterator[None]:
    with connect(url) as other, other.transaction():
        other.execute(f"LOCK TABLE {', '.join(Base.metadata.tables)} IN EXCLUSIVE MODE")
        yield


@contextmanager
def _lost_file(file: Path, engines: Sequence[Engine]) -> Iterator[None]:
    moved = file.with_suffix(".away")
    for engine in engines:
        engine.dispose()
    file.rename(moved)
    file.mkdir()
    try:
        yield
    finally:
        for engine in engines:
            engine.dispose()
        file.rmdir()
        moved.rename(file)


@contextmanager
def _refusing(engines: Sequence[Engine]) -> Iterator[None]:
    url = engines[0].url
    name = url.database
    with connect(url, "postgres") as server:
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        try:
            server.execute(
                f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'"
            )
            yield
        finally:
            server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
            for engine in engines:
                Engine.dispose(engine)  # closes what the pool still holds; an idle one would warn much later


def _file(engine: Engine) -> Path:
    assert engine.url.database is not None
    return Path(engine.url.database)
