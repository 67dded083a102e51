"""A copy of an SQLite database, by `VACUUM INTO`.

It reads in one transaction, so that writers go on and it never starts over, as the online backup API does
after each write of another process; and it leaves out free pages, so that nothing of what was deleted is in
the copy (sqlite.org, "VACUUM", "Online Backup API").
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine

from bot.db.sqlite_copy import vacuum_into
from bot.ops.backup.databases.taken import Taken, count
from bot.ops.backup.problem import BackupProblem
from bot.ops.backup.stopping import Stop
from models.base import utc_now

FILE = "guichet.db"


def take(engine: Engine, folder: Path, stop: Stop) -> Taken:
    """Copy the database into this folder, and verify the copy. Raises `BackupProblem`, `SQLAlchemyError`."""
    path = folder / FILE
    path.touch(mode=0o600, exist_ok=False)
    with engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        at = utc_now()
        with stop.calls(raw.interrupt):
            vacuum_into(connection, path)
    copy = create_engine(f"sqlite:///{path}", hide_parameters=True)
    try:
        with copy.connect() as connection:
            raw = connection.connection.dbapi_connection
            with stop.calls(raw.interrupt):
                verify(path, connection.exec_driver_sql("PRAGMA integrity_check").scalar())
                return Taken(FILE, f"SQLite {sqlite3.sqlite_version}", at, count(connection))
    finally:
        copy.dispose()


def verify(path: Path, answer: object) -> None:
    """Raise `BackupProblem` unless SQLite says that the file is sound."""
    if answer != "ok":
        raise BackupProblem(f"{path} is damaged (PRAGMA integrity_check): see the system's log for its disk")


def is_used(path: Path) -> bool:
    """Whether another process has this database open. What its write-ahead log holds is then in the file: a
    connection leaves WAL mode only while it is the only one (sqlite.org, "PRAGMA journal_mode")."""
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        try:
            [mode] = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError as error:
            return "locked" in str(error)
        except sqlite3.DatabaseError:  # it is damaged
            return False
    return bool(mode == "wal")
