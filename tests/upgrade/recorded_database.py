"""The database that `tests/upgrade/from_0_1` holds, as the code of today finds it after its migrations."""

import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import JSON, Connection, DateTime, MetaData, Table, text

from bot.db.engine import WORKER_TIMEOUT, create_db
from bot.ops.migrate import migrate
from tests.support import postgres
from tests.support.help_desk import Json
from tests.support.postgres import ReusedDatabase
from tests.upgrade.replay import recorded

REVISION = "3f9a6c1d2b85"  # of the tables when it was recorded


@pytest.fixture(scope="session")
def recorded_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recorded rows as the code of today has them, in a file to be copied."""
    path = tmp_path_factory.mktemp("recorded") / "guichet.db"
    load(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def recorded_postgresql(postgresql_server: str) -> Iterator[ReusedDatabase]:
    """The same in a database that is restored before each test."""
    with postgres.reused_database(postgresql_server, load) as reused:
        yield reused


@pytest.fixture
def recorded_database_url(database: str, request: pytest.FixtureRequest) -> str:
    """The address of a database with the recorded rows, whatever an earlier test did to them."""
    if database == "postgresql":
        return str(request.getfixturevalue("recorded_postgresql").restore())
    kept: Path = request.getfixturevalue("recorded_sqlite")
    for each in kept.parent.glob("used.db*"):
        each.unlink()
    return f"sqlite:///{shutil.copy(kept, kept.with_name('used.db'))}"


def load(url: str) -> None:
    """Put the recorded rows into an empty database, and bring it to what the code of today expects."""
    engine = create_db(url, timeout=WORKER_TIMEOUT)
    migrate(engine, REVISION)
    there, rows = MetaData(), recorded("database")
    there.reflect(engine, only=list(rows))
    with engine.begin() as connection:
        for table in there.sorted_tables:
            connection.execute(
                table.insert(), [_row(table, row) for row in _parents_first(table, rows[table.name])]
            )
        if engine.dialect.name == "postgresql":
            _set_sequences(connection)
    migrate(engine)
    engine.dispose()


def _row(table: Table, row: Json) -> Json:
    """A row as the database takes it."""
    for column in table.columns:
        if isinstance(column.type, JSON):
            column.type.none_as_null = True
    moments = {column.name for column in table.columns if isinstance(column.type, DateTime)}
    utc = {name: datetime.fromisoformat(f"{row[name]}+00:00") for name in moments & row.keys() if row[name]}
    return row | utc


def _parents_first(table: Table, rows: Iterable[Json]) -> list[Json]:
    """The rows, those that others of the same table name before these."""
    parents = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    ordered, waiting = dict[object, Json](), list(rows)
    while waiting:
        row = waiting.pop(0)
        if all(row[name] is None or row[name] in ordered for name in parents):
            ordered[row.get("id", id(row))] = row
        else:
            waiting.append(row)
    return list(ordered.values())


def _set_sequences(connection: Connection) -> None:
    """Let PostgreSQL number the next rows after those that were loaded."""
    for table, rows in recorded("database").items():
        if rows and "id" in rows[0] and isinstance(rows[0]["id"], int):
            last = max(row["id"] for row in rows)
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            connection.execute(text(f"SELECT setval({sequence}, :last)"), {"last": last})
