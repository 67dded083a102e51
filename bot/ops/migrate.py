"""The database's migrations, by Alembic."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Engine

from bot.db.engine import create_db
from bot.settings import SettingsError


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to `revision`; `base` takes them all away.

    Raises `SettingsError` for a revision that this version does not know.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # an index on a million rows takes its time
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        config = _config()
        config.attributes["connection"] = connection
        try:
            (command.downgrade if revision == "base" else command.upgrade)(config, revision)
        except CommandError as error:
            raise SettingsError(f"DATABASE_URL: is it of a newer version of Guichet? {error}") from error


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
