"""The database's migrations, by Alembic."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from bot.db import revisions
from bot.db.engine import create_db
from bot.db.migration import exclusive_transaction
from bot.settings import SettingsError


def migrate(
    engine: Engine,
    revision: str = "head",
    *,
    before: Callable[[str], object] | None = None,
    restoring: bool = False,
) -> None:
    """Migrate the tables to `revision`, all or nothing; `base` drops them all.

    `before` is called with the newest revision before tables that exist are upgraded, while no other process
    can write. Raises `SettingsError` for a revision that this version does not know, and for a database that
    is half restored, unless it is the restore that migrates (`restoring`).
    """
    if revision not in {"head", "base", *revisions.known()}:
        raise SettingsError(f"migrate {revision}: unknown revision")
    with exclusive_transaction(engine) as connection:
        here = revisions.current(connection)
        if not restoring and (half := revisions.half_restored(connection)):
            raise SettingsError(half)
        if here is not None and here not in revisions.known():
            raise SettingsError(revisions.newer_database(here))
        if before is not None and here not in {None, revisions.newest()}:
            before(revisions.newest())
        config = _config()
        config.attributes["connection"] = connection
        (command.downgrade if revision == "base" else command.upgrade)(config, revision)


def write_migration(engine: Engine, message: str) -> None:
    """Write a new migration: the difference between the tables and the models."""
    with engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.revision(config, message=message, autogenerate=True)


def _config() -> Config:
    config = Config()
    folder = Path(__file__).parents[2] / "models" / "migrations"
    config.set_main_option("script_location", str(folder))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


if __name__ == "__main__":  # `make migration m="what it does"`
    with tempfile.TemporaryDirectory() as folder:
        fresh = create_db(f"sqlite:///{folder}/fresh.db")
        migrate(fresh)
        write_migration(fresh, sys.argv[1])
