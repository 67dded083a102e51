"""Restores a PostgreSQL database, by pg_restore.

The dump is restored in one transaction, without the row that says which revision the database has. A table of
its own marks a restore that has not ended: no process starts while it is there.
"""

from collections.abc import Mapping, Sequence
from tempfile import NamedTemporaryFile

from sqlalchemy import Connection, Engine, inspect, text

from bot.db.revisions import RESTORING, current
from bot.db.session import Sessions
from bot.ops.backup.databases.after_restore import note, prepare
from bot.ops.backup.databases.postgresql import FILE, connected
from bot.ops.backup.databases.programs import Programs, server_version
from bot.ops.backup.databases.taken import rows_of
from bot.ops.backup.databases.target import IN_USE, TABLES, Say, Source, require_own
from bot.ops.backup.problem import BackupProblem
from bot.ops.migrate import migrate


class PostgresTarget:
    """The database of an engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def require_unused(self) -> None:
        self._engine.dispose()
        with self._engine.connect() as connection:
            if others := connected(connection):
                raise BackupProblem(f"DATABASE_URL: the database is in use ({', '.join(others)}): {IN_USE}")

    def contents(self) -> Mapping[str, int]:
        with self._engine.connect() as connection:
            there = set(inspect(connection).get_table_names())
            if RESTORING in there:
                return {}  # a restore that did not end is begun anew: nobody has used the database since
            if not there.issuperset(TABLES):
                require_own(there, current(connection))
                return {}
            run = connection.exec_driver_sql
            return {name: run(f"SELECT count(*) FROM {name}").scalar_one() for name in TABLES}

    def restore(self, source: Source, say: Say) -> int:
        programs, wanted = self._read(source)
        self._mark_and_clear()
        self._fill(source, programs, wanted)
        with self._engine.begin() as connection:
            _unlimited(connection)
            self._compare(connection, source)
            in_doubt = prepare(connection)
            revision = {"revision": source.manifest.revision}
            connection.execute(text("INSERT INTO alembic_version (version_num) VALUES (:revision)"), revision)
        migrate(self._engine, restoring=True)
        with Sessions(self._engine).begin() as session:
            note(session, source.manifest)
            session.execute(text(f"DROP TABLE {RESTORING}"))
        return in_doubt

    def _mark_and_clear(self) -> None:
        """Drop what is in the schema: tables with their sequences, and Guichet's functions."""
        with self._engine.begin() as connection:
            _unlimited(connection)
            run = connection.exec_driver_sql
            for name in inspect(connection).get_table_names():
                run(f'DROP TABLE "{name}" CASCADE')
            functions = run(
                "SELECT oid::regprocedure::text FROM pg_proc p"
                " WHERE pronamespace = current_schema()::regnamespace"
                " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
            )
            for (function,) in functions.all():
                run(f"DROP FUNCTION {function} CASCADE")
            run(f"CREATE TABLE {RESTORING} (at timestamptz DEFAULT now())")

    def _read(self, source: Source) -> tuple[Programs, list[str]]:
        """The lines of the dump's list to restore. Raises `BackupProblem`, before anything is cleared, for a
        program that is missing or cannot read it, and for a dump of another schema."""
        with self._engine.connect() as connection:
            programs = Programs(server_version(connection), self._engine.url, source.stop)
            schema = connection.exec_driver_sql("SELECT current_schema()").scalar()
        listed = programs.restore("--list", str(source.folder / FILE)).splitlines()
        if not any(f" TABLE DATA {schema} alembic_version " in line for line in listed):
            raise BackupProblem(
                f"{source.folder} is of another schema than {schema}: create that schema, and let the role's "
                "search_path begin with it"
            )
        return programs, [line for line in listed if not _is_left_out(line)]

    def _fill(self, source: Source, programs: Programs, wanted: Sequence[str]) -> None:
        self._engine.dispose()
        dump = source.folder / FILE
        with NamedTemporaryFile("w", suffix=".list", encoding="utf-8") as chosen:
            chosen.write("\n".join(wanted))
            chosen.flush()
            options = ("--no-owner", "--no-privileges", "--single-transaction", f"--use-list={chosen.name}")
            programs.restore(*options, str(dump), into_database=True)

    def _compare(self, connection: Connection, source: Source) -> None:
        expected = {**source.manifest.rows, "alembic_version": 0}
        found = rows_of(connection)
        different = sorted(name for name in expected if expected[name] != found.get(name))
        if different:
            raise BackupProblem(
                f"{source.folder} is not what its manifest says: other numbers of rows in "
                f"{', '.join(different)}: take another backup, with --at NAME"
            )


def _is_left_out(line: str) -> bool:
    """A line of `pg_restore --list`: what is there, and the row with the revision."""
    if " SCHEMA - " in line or f" {RESTORING} " in line:
        return True
    return " TABLE DATA " in line and " alembic_version " in line


def _unlimited(connection: Connection) -> None:
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
