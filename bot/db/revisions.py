"""The revision of a database, and whether it is the one of this version of Guichet.

Every process checks at its start, so the migrations are read as text: importing Alembic takes half a second.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect

from bot.settings import SettingsError

VERSIONS = Path(__file__).parents[2] / "models" / "migrations" / "versions"
RESTORING = "guichet_restore"
"""A table that is there until `guichet restore` has ended, on PostgreSQL."""
_REVISION = re.compile(r'^revision = "(\w+)"\ndown_revision = (?:"(\w+)"|None)$', re.MULTILINE)


@cache
def known() -> Mapping[str, str]:
    """The revisions that this version knows, each with its predecessor (the first has none)."""
    found = dict[str, str]()
    for path in VERSIONS.glob("*.py"):
        found.update(_REVISION.findall(path.read_text(encoding="utf-8")))
    return found


@cache
def newest() -> str:
    """The revision that this version needs."""
    [last] = known().keys() - set(known().values())
    return last


def current(connection: Connection) -> str | None:
    """The revision of a database; `None` when it was never migrated."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return found


def mismatch(engine: Engine) -> str | None:
    """What is wrong with the database's revision and what to do; `None` when it is the right one."""
    with engine.connect() as connection:
        here, half = current(connection), half_restored(connection)
    if half:
        return half
    if here == newest():
        return None
    if here is None:
        return "DATABASE_URL: the database is empty: run `guichet migrate`"
    if here not in known():
        return newer_database(here)
    return (
        f"DATABASE_URL: the database is older than this version of Guichet (revision {here}, expected "
        f"{newest()}): run `guichet migrate`"
    )


def half_restored(connection: Connection) -> str | None:
    """The message for a database that a restore has begun to fill, and has not ended."""
    if not inspect(connection).has_table(RESTORING):
        return None
    return "DATABASE_URL: a restore of the database did not end: run `guichet restore` again"


def newer_database(here: str) -> str:
    """The message for a database at a revision that this version does not know."""
    return (
        f"DATABASE_URL: the database is newer than this version of Guichet (revision {here} is unknown "
        "here): install the newer version, or restore the backup made before the migration"
    )


def require_newest(engine: Engine) -> None:
    """Raise `SettingsError` unless the database is of this version."""
    problem = mismatch(engine)
    if problem:
        raise SettingsError(problem)
