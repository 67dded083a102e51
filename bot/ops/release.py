"""What a release does: the tables, then the catalogue."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from sqlalchemy import Engine

from bot.catalogue.file import read_catalogue
from bot.catalogue.loader import load_catalogue
from bot.db.backup import copy_before, forget_old_copies
from bot.db.engine import WORKER_PATIENCE, create_db
from bot.db.revisions import require_newest
from bot.db.session import Sessions, transact
from bot.ops.migrate import migrate
from bot.settings import Settings
from models.base import utc_now


def prepare(settings: Settings) -> None:
    """Bring the tables up to date, after a copy of an SQLite database; then load the catalogue."""
    with open_engine(settings) as engine:

        def copy(revision: str) -> None:
            path = copy_before(engine, revision)
            if path:
                typer.echo(f"the database as it was before this version: {path}, for 7 days")

        forget_old_copies(engine, utc_now())
        migrate(engine, before=copy)
    load(settings)


@contextmanager
def open_engine(settings: Settings) -> Iterator[Engine]:
    """An engine on the database, whatever its version, disposed of at the end."""
    engine = create_db(settings.database_url, patience=WORKER_PATIENCE)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def open_database(settings: Settings) -> Iterator[Engine]:
    """An engine on a database of this version. Raises `SettingsError` when it is of another."""
    with open_engine(settings) as engine:
        require_newest(engine)
        yield engine


def require_this_version(settings: Settings) -> None:
    """Raise `SettingsError` when the database is of another version."""
    with open_database(settings):
        pass


def load(settings: Settings) -> None:
    """Put the catalogue's file into the database, and say what changed."""
    file = read_catalogue(settings.catalogue)
    with open_database(settings) as engine:
        loaded = transact(Sessions(engine), lambda session: load_catalogue(session, file))
    typer.echo(f"catalogue: {loaded.added} added, {loaded.changed} changed, {loaded.archived} archived")
