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
from bot.db.migration import alone
from bot.settings import SettingsError


def migrate(engine: Engine, revision: str = "head", *, before: Callable[[str], object] | None = None) -> None:
    """Bring the tables to `revision`, or leave them as they were; `base` takes them all away.

    `before` is called once nobody else can write, if there is something to lose: with the revision that
    comes. Raises `SettingsError` for a revision that this version does not know.
    """
    if revision not in {"head", "base", *revisions.known()}:
        raise SettingsError(f"migrate {revision}: this version of Guichet knows no such revision")
    with alone(engine) as connection:
        here = revisions.current(connection)
        if here is not None and here not in revisions.known():
            raise SettingsError(revisions.newer(here))
        if before is not None and here not in {None, revisions.newest()}:
            before(revisions.newest())
        config = _config()
        config.attributes["connection"] = connection
        (command.downgrade if revision == "base" else command.upgrade)(config, revision)


def write_migration(engine: Engine, message: str) -> None:
    """Write a new migration: what makes the tables equal to the models."""
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
