"""A dump of a PostgreSQL database, by pg_dump, whose rows are counted at the same moment."""

from pathlib import Path

from sqlalchemy import Connection, Engine

from bot.db.clock import DatabaseClock
from bot.ops.backup.databases.programs import Programs, server_version
from bot.ops.backup.databases.taken import Taken, count
from bot.ops.backup.problem import BackupProblem
from bot.ops.backup.stopping import Stop

FILE = "guichet.pgdump"
LOCK_WAIT = 60  # seconds for which a migration may hold its tables


def take(engine: Engine, folder: Path, stop: Stop) -> Taken:
    """Dump the database into this folder, and verify the dump. Raises `BackupProblem`, `SQLAlchemyError`."""
    path = folder / FILE
    path.touch(mode=0o600, exist_ok=False)
    at = DatabaseClock(engine)()
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        run = connection.exec_driver_sql
        run("SET LOCAL statement_timeout = 0")
        run("SET LOCAL idle_in_transaction_session_timeout = 0")  # as it is while pg_dump reads the snapshot
        programs = Programs(server_version(connection), engine.url, stop)
        schema = run("SELECT current_schema()").scalar_one()
        snapshot = run("SELECT pg_export_snapshot()").scalar_one()
        made_by = programs.dump(
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--schema={schema}",
            f"--snapshot={snapshot}",
            f"--lock-wait-timeout={LOCK_WAIT}s",
            f"--file={path}",
        )
        counted = count(connection)
    verify(programs, path, set(counted.rows), schema)
    return Taken(FILE, made_by, at, counted)


def verify(programs: Programs, path: Path, tables: set[str], schema: str) -> None:
    """Read the whole dump. Raises `BackupProblem` when that fails, or a table is not in it."""
    listed = programs.restore("--list", str(path)).splitlines()
    missing = [
        name for name in sorted(tables) if not any(f" TABLE DATA {schema} {name} " in x for x in listed)
    ]
    if missing:
        raise BackupProblem(f"{path} lacks tables: {', '.join(missing)}")
    programs.restore("--file=/dev/null", str(path))


def connected(connection: Connection) -> list[str]:
    """The other connections to this database: the program's name, and how many."""
    found = connection.exec_driver_sql(
        "SELECT coalesce(nullif(application_name, ''), 'unnamed'), count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid != pg_backend_pid() AND backend_type = 'client backend'"
        " GROUP BY 1 ORDER BY 1"
    )
    return [f"{count} of {name}" for name, count in found]
