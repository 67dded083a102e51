"""The database: whether it is there, of this version, and takes what people send. It is never created."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, func, make_url, select
from sqlalchemy.exc import SQLAlchemyError

from bot.db import mistakes
from bot.db.clock import TOLERANCE
from bot.db.engine import create_db
from bot.db.pooler import REFUSAL, passes_connections_on
from bot.db.revisions import mismatch, newest
from bot.db.session import Sessions
from bot.db.write_trial import try_to_write
from bot.ops.doctor.context import CheckContext
from bot.ops.finding import Finding, warning, well, wrong
from bot.ops.private_files import readable_by_others
from models.base import utc_now

TIMEOUT = 5.0  # seconds
SPACE_MIN, SPACE_LOW = 100, 1_000  # megabytes


def check_database(context: CheckContext) -> Iterator[Finding]:
    """File or server, revision, a trial of writing, space, clock."""
    url = context.settings.database_url.get_secret_value()
    if context.settings.on_sqlite:
        path = Path(make_url(url).database or "")
        if problem := _problem_of_file(path):
            yield wrong(problem)
            if path.parent.is_dir():  # "disk I/O error" may be a full disk
                yield from check_space(path.parent, "DATABASE_URL")
            return
    engine = create_db(url, timeout=TIMEOUT)
    try:
        yield from _check_engine(context, engine)
    except SQLAlchemyError as error:
        yield wrong(mistakes.explain(error))
    finally:
        if context.sessions is None:
            engine.dispose()
    if context.settings.on_sqlite:
        yield from check_space(path.parent, "DATABASE_URL")
        yield from readable_by_others(path, path.with_name(f"{path.name}-wal"))


def _check_engine(context: CheckContext, engine: Engine) -> Iterator[Finding]:
    if wrong_revision := mismatch(engine):
        yield wrong(wrong_revision)
        return
    if not context.settings.on_sqlite and passes_connections_on(engine):
        yield wrong(REFUSAL)
        return
    context.has_database(engine)
    if refused := try_to_write(Sessions(engine)):
        yield wrong(f"DATABASE_URL: the database cannot be written to: {mistakes.advised(refused.words)}")
    else:
        kind = "SQLite" if context.settings.on_sqlite else "PostgreSQL"
        yield well(f"database: {kind}, revision {newest()}, written to")
    if not context.settings.on_sqlite:
        yield from _check_clock(engine)


def _check_clock(engine: Engine) -> Iterator[Finding]:
    with engine.connect() as connection:
        there: Any = connection.scalar(select(func.clock_timestamp()))
    assert isinstance(there, datetime)
    seconds = (there - utc_now()).total_seconds()
    if abs(seconds) >= TOLERANCE.total_seconds():
        side = "behind" if seconds > 0 else "ahead of"
        yield wrong(f"this machine's clock is {abs(seconds):.0f} s {side} the database's: set it (NTP)")


def _problem_of_file(path: Path) -> str | None:
    """Why SQLite's file cannot be used; found without creating or changing anything."""
    if not path.exists():
        return f"DATABASE_URL: there is no file {path}: run `guichet migrate`, or correct the path"
    if path.is_dir():
        return f"DATABASE_URL: the database cannot be used: {mistakes.at(path, mistakes.UNOPENED)}"
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=TIMEOUT)) as file:
            tables = file.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            mode = file.execute("PRAGMA journal_mode").fetchone()[0]
    except sqlite3.Error as error:
        return f"DATABASE_URL: the database cannot be used: {mistakes.advised(mistakes.at(path, str(error)))}"
    if not tables:
        return "DATABASE_URL: the database is empty: run `guichet migrate`"
    if mode != "wal":
        return (
            f"DATABASE_URL: {path.parent} does not allow SQLite's write-ahead log (journal mode {mode}): put "
            "the database on a local disk, not on a network share"
        )
    return None


def check_space(folder: Path, setting: str) -> Iterator[Finding]:
    """Whether there is space on the disk of a folder."""
    megabytes = shutil.disk_usage(folder).free // 1_000_000
    if megabytes < SPACE_LOW:
        say = wrong if megabytes < SPACE_MIN else warning
        yield say(f"{setting}: only {megabytes} MB are free on the disk of {folder}: free some space")
