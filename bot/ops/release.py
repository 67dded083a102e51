"""What a release does: the tables, then the catalogue."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from sqlalchemy import Engine

from bot.catalogue.file import read_catalogue
from bot.catalogue.loader import load_catalogue
from bot.db.engine import WORKER_PATIENCE, create_db
from bot.db.session import Sessions, transact
from bot.ops.migrate import migrate
from bot.settings import Settings


def prepare(settings: Settings) -> None:
    """Bring the tables up to date, then load the catalogue."""
    with open_database(settings) as engine:
        migrate(engine)
    load(settings)


@contextmanager
def open_database(settings: Settings) -> Iterator[Engine]:
    """The engine of a command, closed at its end."""
    engine = create_db(settings.database_url, patience=WORKER_PATIENCE)
    try:
        yield engine
    finally:
        engine.dispose()


def load(settings: Settings) -> None:
    """Put the catalogue's file into the database, and say what changed."""
    file = read_catalogue(settings.catalogue)
    with open_database(settings) as engine:
        loaded = transact(Sessions(engine), lambda session: load_catalogue(session, file))
    typer.echo(f"catalogue: {loaded.added} added, {loaded.changed} changed, {loaded.archived} archived")
