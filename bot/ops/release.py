"""What a release does: the tables, then the catalogue."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from sqlalchemy import Engine

from bot.catalogue.file import read_catalogue
from bot.db.backup import copy_before, remove_old_backups
from bot.db.engine import WORKER_TIMEOUT, create_db
from bot.db.revisions import require_newest
from bot.ops import catalogue_load
from bot.ops.catalogue_load import ArchivesOpenTickets, Wanted
from bot.ops.migrate import migrate
from bot.settings import Settings
from models.base import utc_now


def prepare(settings: Settings) -> None:
    """Bring the tables up to date, after a copy of an SQLite database; then load the catalogue.

    One that would archive what has open tickets is left, and the desk opens with the one it has: nobody is
    there to say yes.
    """
    with open_engine(settings) as engine:

        def copy(revision: str) -> None:
            path = copy_before(engine, revision)
            if path:
                typer.echo(f"the database as it was before this version: {path}, for 7 days")

        remove_old_backups(engine, utc_now())
        migrate(engine, before=copy)
    try:
        load(settings)
    except ArchivesOpenTickets as refusal:
        typer.echo(
            f"catalogue: {settings.catalogue} was not loaded, the database's stays in use: not in the file "
            f"any more: {'; '.join(refusal.held)} (`guichet catalogue load --yes` archives them all the same)"
        )


@contextmanager
def open_engine(settings: Settings) -> Iterator[Engine]:
    """An engine on the database, whatever its version, disposed of at the end."""
    engine = create_db(settings.database_url, timeout=WORKER_TIMEOUT)
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
    """Put the catalogue's file into the database without asking Slack, and say what changed. Raises
    `ArchivesOpenTickets`."""
    file = read_catalogue(settings.catalogue)
    with open_database(settings) as engine:
        catalogue_load.load_into(engine, Wanted(file))


def load_checked(settings: Settings, *, yes: bool = False, dry_run: bool = False) -> None:
    """The same, once no channel that the file names is known to be unfit; those that are known are found at
    once. With `yes` what has open tickets is archived too; with `dry_run` it is only said what would change.

    Raises `CatalogueError`.
    """
    file = read_catalogue(settings.catalogue)
    with open_database(settings) as engine:
        seen = catalogue_load.channels_seen(settings)
        if seen is not None:
            catalogue_load.refuse_unfit(settings.catalogue, file, seen)
        use = catalogue_load.preview if dry_run else catalogue_load.load_into
        use(engine, Wanted(file, seen, yes))
