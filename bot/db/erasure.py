"""What was deleted leaves SQLite's files too: its pages, the search's index, the write-ahead log.

Pages are overwritten by `secure_delete`, which every connection has (`bot.db.engine`). FTS5 notes a deletion,
and keeps the words until the parts of its index are merged; from 3.42 on it can remove them at once (the
options "secure-delete" and "merge" on sqlite.org's page "FTS5"). The log keeps pages as they were until it is
truncated ("PRAGMA wal_checkpoint").
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine

from models.search_index import NAME

SECURE_DELETE_SINCE = (3, 42)
PAGES = 64  # of an index, in one step
STEPS = 8  # in one transaction: others want to write
PATIENCE = 0.2  # seconds; while it waits for readers, nobody else can write


def clean_index(connection: Connection) -> bool:
    """Merge the search's index a little, so that deleted words leave it. Whether there is more to merge."""
    if connection.dialect.name != "sqlite":
        return False
    if sqlite3.sqlite_version_info >= SECURE_DELETE_SINCE:
        connection.exec_driver_sql(f"INSERT INTO {NAME} ({NAME}, rank) VALUES ('secure-delete', 1)")
    return all(_merge(connection) for _step in range(STEPS))


def _merge(connection: Connection) -> bool:
    """One step towards an index in one part; whether it found something to do."""
    before = _changes(connection)
    connection.exec_driver_sql(f"INSERT INTO {NAME} ({NAME}, rank) VALUES ('merge', -{PAGES})")
    return _changes(connection) - before >= 2  # less: "no further work is required"


def _changes(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT total_changes()").scalar_one())


def truncate_log(engine: Engine) -> bool:
    """Copy the write-ahead log into the database's file, and empty it. False when somebody is reading."""
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or not Path(name).exists():
        return False
    with closing(sqlite3.connect(name, timeout=PATIENCE)) as connection:
        busy, _pages, _copied = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
