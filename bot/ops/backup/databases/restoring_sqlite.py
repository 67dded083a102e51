"""Restores an SQLite database: everything is done to a copy beside it, which then takes its place at once."""

import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from bot.db.engine import WORKER_TIMEOUT, create_db
from bot.db.session import Sessions
from bot.ops.backup.databases.after_restore import note, prepare
from bot.ops.backup.databases.sqlite import FILE, is_used, verify
from bot.ops.backup.databases.target import IN_USE, TABLES, Say, Source, require_own
from bot.ops.backup.manifest import sync
from bot.ops.backup.problem import BackupProblem
from bot.ops.migrate import migrate
from models.base import utc_now

COMPANIONS = ("-wal", "-shm", "-journal")


class SqliteTarget:
    """The file at `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()  # beside a link's target SQLite keeps what belongs to it
        self._part = self._path.with_name(f"{self._path.name}.restoring")

    def require_unused(self) -> None:
        if self._path.exists() and is_used(self._path):
            raise BackupProblem(f"DATABASE_URL: {self._path} is in use: {IN_USE}")

    def contents(self) -> Mapping[str, int]:
        if not self._path.exists():
            return {}
        with closing(sqlite3.connect(f"file:{quote(str(self._path))}?mode=ro", uri=True)) as file:
            try:
                tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                there = {name for (name,) in file.execute(tables)}
                if there.issuperset(TABLES):
                    count = "SELECT count(*) FROM "
                    return {name: file.execute(count + name).fetchone()[0] for name in TABLES}
                revision = "SELECT max(version_num) FROM alembic_version"
                found = file.execute(revision).fetchone()[0] if "alembic_version" in there else None
            except sqlite3.DatabaseError as error:
                raise BackupProblem(
                    f"DATABASE_URL: {self._path} is no sound database ({error}): move it away, then run this "
                    "again"
                ) from error
        require_own(there, found)
        return {}

    def restore(self, source: Source, say: Say) -> int:
        try:
            in_doubt = self._make(source)
            source.stop.check()
            self._take_place(say)
        finally:
            self._remove_part()
        return in_doubt

    def _make(self, source: Source) -> int:
        """The database as it shall be, in the copy."""
        self._remove_part()
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._part.touch(mode=0o600, exist_ok=False)
        shutil.copyfile(source.folder / FILE, self._part)
        source.stop.check()
        engine = create_db(f"sqlite:///{self._part}", timeout=WORKER_TIMEOUT)
        try:
            with engine.connect() as connection:
                verify(self._part, connection.exec_driver_sql("PRAGMA quick_check").scalar())
            source.stop.check()
            migrate(engine)
            with engine.begin() as connection:
                in_doubt = prepare(connection)
            with Sessions(engine).begin() as session:
                note(session, source.manifest)
        finally:
            engine.dispose()
        self._settle(self._part)
        return in_doubt

    def _settle(self, path: Path) -> None:
        """Bring a database into one file, on the disk."""
        if is_used(path):
            raise BackupProblem(f"DATABASE_URL: {path} is in use: {IN_USE}")
        sync(path)

    def _take_place(self, say: Say) -> None:
        # The worker removes it after a week, as it does the copies made before migrations.
        name = f"{self._path.name}.before-restore-{utc_now():%Y-%m-%dT%H-%M-%SZ}"
        away = self._path.with_name(name)
        if self._path.exists():
            self._settle(self._path)
            try:
                os.link(self._path, away)
            except OSError:  # a file system without links
                self._path.rename(away)
            os.utime(away)
            say(f"the database that was there is {away} (kept for 7 days)")
        self._move_companions(away, say)
        self._part.replace(self._path)
        sync(self._path.parent)

    def _move_companions(self, away: Path, say: Say) -> None:
        """Move what a database left that was moved away without it: SQLite would write its pages into the
        restored one (sqlite.org, "How To Corrupt An SQLite Database File")."""
        for companion in COMPANIONS:
            left = self._path.with_name(f"{self._path.name}{companion}")
            if left.exists():
                kept = left.rename(away.with_name(f"{away.name}{companion}"))
                os.utime(kept)
                say(f"{left}, of a database that was there before, is {kept} (kept for 7 days)")

    def _remove_part(self) -> None:
        for companion in ("", *COMPANIONS):
            self._part.with_name(f"{self._part.name}{companion}").unlink(missing_ok=True)
