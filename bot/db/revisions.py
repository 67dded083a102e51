"""How far a database was migrated, and whether this version of Guichet is the one for it.

Every process asks at its start, so the migrations are read as text: importing Alembic takes half a second.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect

from bot.settings import SettingsError

VERSIONS = Path(__file__).parents[2] / "models" / "migrations" / "versions"
_REVISION = re.compile(r'^revision = "(\w+)"\ndown_revision = (?:"(\w+)"|None)$', re.MULTILINE)


@cache
def known() -> Mapping[str, str]:
    """The revisions that this version knows, each with the one before it (none before the first)."""
    found = dict[str, str]()
    for path in VERSIONS.glob("*.py"):
        found.update(_REVISION.findall(path.read_text(encoding="utf-8")))
    return found


@cache
def newest() -> str:
    """The revision that this version works with."""
    [last] = known().keys() - set(known().values())
    return last


def current(connection: Connection) -> str | None:
    """The revision that a database stands at; `None` when it was never migrated."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return found


def difference(engine: Engine) -> str | None:
    """Which side is older, in words; `None` when the database is of this version."""
    with engine.connect() as connection:
        here = current(connection)
    if here == newest():
        return None
    if here is None:
        return "DATABASE_URL: the database has no tables of Guichet yet: run `guichet migrate`"
    if here not in known():
        return newer(here)
    return (
        f"DATABASE_URL: the database is older than this version of Guichet (it stands at {here}, "
        f"not at {newest()}): run `guichet migrate`"
    )


def newer(here: str) -> str:
    """What is said of a database that stands at a revision that is not known."""
    return (
        f"DATABASE_URL: the database is of a newer version of Guichet (it stands at {here}, which is unknown "
        "here): install that version, or restore the backup from before its migration"
    )


def require_newest(engine: Engine) -> None:
    """Raise `SettingsError` unless the database is of this version."""
    words = difference(engine)
    if words:
        raise SettingsError(words)
