"""What a restored database needs before anybody uses it: it does not know what happened since its backup."""

from sqlalchemy import Connection, func, inspect, select

from bot.db.revisions import mismatch
from bot.db.session import DeskSession, Sessions
from bot.observability.last_heard import BACKUP, RESTORE, last_heard, save
from bot.ops.backup.manifest import Manifest
from bot.ops.database import open_engine
from bot.settings import Settings
from models.base import Base
from models.tickets.ticket import Ticket

SKIPPED = 1000
"""More numbers than are given between two backups."""


def prepare(connection: Connection) -> int:
    """Skip numbers that may have been given, and mark deliveries that may have been sent. Returns how many of
    these there are. The database may be of any revision."""
    skip = _on_sqlite if connection.dialect.name == "sqlite" else _on_postgresql
    skip(connection)
    return _doubt(connection)


def note(session: DeskSession, manifest: Manifest) -> None:
    """Remember from which backup the database is: as old as that is its last one."""
    for kind in (BACKUP, RESTORE):
        save(session, kind, manifest.taken_at)


def is_restored(settings: Settings, manifest: Manifest) -> bool:
    """Whether the database is from this backup, and has no newer ticket."""
    with open_engine(settings) as engine:
        if mismatch(engine):
            return False
        with Sessions(engine)() as session:
            highest = session.scalar(select(func.max(Ticket.id))) or 0
            return (
                last_heard(session).get(RESTORE) == manifest.taken_at and highest == manifest.highest_ticket
            )


def _doubt(connection: Connection) -> int:
    """Mark what is pending as begun: the worker then looks in Slack before it posts."""
    marked = connection.exec_driver_sql(
        "UPDATE delivery SET started_at = created_at WHERE state = 'pending' AND started_at IS NULL"
    )
    return marked.rowcount


def _on_sqlite(connection: Connection) -> None:
    """Of the tables whose numbers are never used twice: the only ones of which SQLite keeps one."""
    run = connection.exec_driver_sql
    run(f"UPDATE sqlite_sequence SET seq = seq + {SKIPPED}")
    known = {name for (name,) in run("SELECT name FROM sqlite_sequence")}
    there = set(inspect(connection).get_table_names())
    for table in Base.metadata.sorted_tables:
        if table.dialect_options["sqlite"]["autoincrement"] and table.name in there - known:
            run("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table.name, SKIPPED))


def _on_postgresql(connection: Connection) -> None:
    """Of all tables. A sequence is ahead of its table when a transaction was rolled back."""
    run = connection.exec_driver_sql
    sequences = "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'S' AND relnamespace = "
    for (name,) in run(sequences + "current_schema()::regnamespace").all():
        run(f"SELECT setval('{name}', last_value + {SKIPPED}) FROM {name}")
