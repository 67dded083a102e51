"""Copies of an SQLite database, such as `guichet run` makes before a migration."""

import os
import shutil
from contextlib import suppress
from datetime import datetime, timedelta
from glob import escape
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.settings import SettingsError

KEPT_FOR = timedelta(days=7)  # not longer: it holds people's names and texts


def copy_before(engine: Engine, revision: str) -> Path | None:
    """Copy the database's file into its folder, readable by its owner only; `None` for one without a file.

    Raises `SettingsError` when the copy cannot be written.
    """
    database = _file(engine)
    if database is None:
        return None
    copy = database.with_name(f"{database.name}.before-{revision}")
    part = copy.with_name(f"{copy.name}.part")
    part.unlink(missing_ok=True)
    try:
        part.touch(mode=0o600)
        with engine.connect() as connection:
            vacuum_into(connection, part)
        part.replace(copy)
    except (SQLAlchemyError, OSError) as error:
        part.unlink(missing_ok=True)
        raise SettingsError(_no_copy(database, copy, error)) from error
    return copy


def vacuum_into(connection: Connection, path: Path) -> None:
    """Copy the database into an empty file."""
    connection.exec_driver_sql("VACUUM INTO ?", (str(path),))
    with path.open("rb+") as written:  # VACUUM INTO does not sync (sqlite.org, "VACUUM")
        os.fsync(written.fileno())


def remove_old_copies(engine: Engine, now: datetime) -> None:
    """Remove copies older than `KEPT_FOR`."""
    database = _file(engine)
    if database is None:
        return
    for copy in database.parent.glob(f"{escape(database.name)}.before-*"):
        with suppress(FileNotFoundError):  # another process removed it
            if copy.stat().st_mtime < (now - KEPT_FOR).timestamp():
                copy.unlink()


def _file(engine: Engine) -> Path | None:
    name = engine.url.database
    return Path(name) if engine.dialect.name == "sqlite" and name and name != ":memory:" else None


def _no_copy(database: Path, copy: Path, error: Exception) -> str:
    reason = getattr(error, "orig", None) or error
    needed = database.stat().st_size
    free = shutil.disk_usage(database.parent).free
    return (
        f"DATABASE_URL: could not write the backup {copy} ({reason}): it needs about {_megabytes(needed)}, "
        f"and {_megabytes(free)} are free there. Nothing was migrated. Free some space; or make a backup "
        "elsewhere and run `guichet migrate`, which makes none"
    )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
