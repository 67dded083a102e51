"""What a copy of the database is, and what it has."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, inspect

from bot.db.revisions import current
from bot.settings import SettingsError


@dataclass(frozen=True)
class Counted:
    """What a database has at one moment."""

    revision: str
    rows: Mapping[str, int]
    """How many each table has."""
    highest_ticket: int
    attachments: Mapping[str, str | None]
    """As `attachments_in` returns them."""


@dataclass(frozen=True)
class Taken:
    """A copy of the database."""

    file: str
    """Its name in the backup's folder."""
    made_by: str
    at: datetime
    """The time whose data it has."""
    counted: Counted


def count(connection: Connection) -> Counted:
    """What this database has. Raises `SettingsError` when it has no tables of Guichet's."""
    revision = current(connection)
    if revision is None:
        raise SettingsError("DATABASE_URL: the database is empty: there is nothing to back up")
    highest = connection.exec_driver_sql("SELECT max(id) FROM ticket").scalar() or 0
    return Counted(revision, rows_of(connection), highest, attachments_in(connection))


def rows_of(connection: Connection) -> Mapping[str, int]:
    """How many rows each table has."""
    tables = sorted(inspect(connection).get_table_names())
    return {
        name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one() for name in tables
    }


def attachments_in(connection: Connection) -> Mapping[str, str | None]:
    """The names in the store of the files that its rows lead to; with their SHA-256 where that is known."""
    there = [each["name"] for each in inspect(connection).get_columns("attachment")]
    digest = "digest" if "digest" in there else "NULL"  # before revision 9512a5fd4248
    found = connection.exec_driver_sql(f"SELECT key, {digest} FROM attachment WHERE key IS NOT NULL")
    return {row.key: row[1] for row in found}
