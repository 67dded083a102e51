"""Erases deleted rows from SQLite's files: pages, the search index, the write-ahead log.

Pages are overwritten by `secure_delete`, which every connection has (`bot.db.engine`). FTS5 only marks words
as deleted until it merges the segments of its index; since 3.42 it can remove them at once (sqlite.org,
"FTS5", the options "secure-delete" and "merge"). The log keeps old pages until it is truncated ("PRAGMA
wal_checkpoint").
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine

from models.search.index import NAME

SECURE_DELETE_SINCE = (3, 42)
PAGES = 64  # of the index, in one step
STEPS = 8  # in one transaction, which blocks other writers
TIMEOUT = 0.2  # seconds to wait for readers, during which nobody can write


def clean_index(connection: Connection) -> bool:
    """Merge some of the search index, which removes deleted words. Returns whether there is more to merge."""
    if connection.dialect.name != "sqlite":
        return False
    if sqlite3.sqlite_version_info >= SECURE_DELETE_SINCE:
        connection.exec_driver_sql(f"INSERT INTO {NAME} ({NAME}, rank) VALUES ('secure-delete', 1)")
    return all(_merge(connection) for _step in range(STEPS))


def _merge(connection: Connection) -> bool:
    """One step of the merge. Returns whether there was something to merge."""
    before = _changes(connection)
    connection.exec_driver_sql(f"INSERT INTO {NAME} ({NAME}, rank) VALUES ('merge', -{PAGES})")
    return _changes(connection) - before >= 2  # less: "no further work is required"


def _changes(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT total_changes()").scalar_one())


def truncate_log(engine: Engine) -> bool:
    """Copy the write-ahead log into the database's file, and truncate it. False when a reader prevents it."""
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or not Path(name).exists():
        return False
    with closing(sqlite3.connect(name, timeout=TIMEOUT)) as connection:
        busy, _pages, _copied = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
