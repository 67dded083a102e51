"""A backup of the test's database, to be restored later."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine

from tests.support.postgres import ReusedDatabase, connect


def back_up(engine: Engine, folder: Path) -> Callable[[], None]:
    """Copy the database. Returns what puts it back as it was."""
    if engine.dialect.name == "sqlite":
        assert engine.url.database is not None
        return _back_up_sqlite(engine.url.database, str(folder / "backup.db"))
    return _back_up_postgresql(engine.url.render_as_string(hide_password=False))


def _back_up_sqlite(database: str, backup: str) -> Callable[[], None]:
    _copy(database, backup)
    return lambda: _copy(backup, database)


def _copy(source: str, target: str) -> None:
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)


def _back_up_postgresql(url: str) -> Callable[[], None]:
    reused = ReusedDatabase.at(url)
    reused.save("backup")

    def restore() -> None:
        reused.restore("backup")
        del reused.snapshots["backup"]
        with connect(url) as connection:
            connection.execute("DROP SCHEMA backup CASCADE")

    return restore
