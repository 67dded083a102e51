"""What `guichet run` does at its start: migrate the database, then load the catalogue."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from sqlalchemy import Engine

from bot.articles.contents import read_contents
from bot.db.backup import copy_before, remove_old_backups
from bot.db.engine import WORKER_TIMEOUT, create_db
from bot.db.pooler import require_session_pooling
from bot.db.revisions import require_newest
from bot.ops import catalogue_load
from bot.ops.catalogue_load import ArchivesOpenTickets, Load
from bot.ops.erasures.replay import replay
from bot.ops.migrate import migrate
from bot.settings import Settings
from models.base import utc_now


def prepare(settings: Settings) -> None:
    """Migrate the database, after a backup of an SQLite one; then load the catalogue.

    A catalogue that would archive entries with open tickets is not loaded: nobody is there to confirm it.
    """
    with open_engine(settings) as engine:

        def copy(revision: str) -> None:
            path = copy_before(engine, revision)
            if path:
                typer.echo(f"backup of the database before its migration: {path} (kept for 7 days)")

        remove_old_backups(engine, utc_now())
        migrate(engine, before=copy)
    try:
        load(settings)
    except ArchivesOpenTickets as refusal:
        typer.echo(
            f"catalogue: {settings.catalogue} was not loaded, the previous one stays in use: no longer in "
            f"the file: {'; '.join(refusal.held)} (to archive them anyway: `guichet catalogue load --yes`)"
        )


@contextmanager
def open_engine(settings: Settings) -> Iterator[Engine]:
    """An engine on the database, whatever its revision; disposed of after the block."""
    engine = create_db(settings.database_url.get_secret_value(), timeout=WORKER_TIMEOUT)
    try:
        require_session_pooling(engine)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def open_database(settings: Settings) -> Iterator[Engine]:
    """The same for a database of this version. Raises `SettingsError` when it has another revision."""
    with open_engine(settings) as engine:
        require_newest(engine)
        yield engine


def require_this_version(settings: Settings) -> None:
    """Raise `SettingsError` when the database has another revision. Erase again what a restored backup
    brought back, before anybody is served (`bot.ops.erasures.replay`)."""
    with open_database(settings) as engine:
        replay(settings, engine)


def load(settings: Settings) -> None:
    """Load the catalogue's file and the articles into the database without asking Slack, and print what
    changed. Raises `ArchivesOpenTickets`."""
    contents = read_contents(settings.catalogue, settings.articles)
    with open_database(settings) as engine:
        catalogue_load.load_into(engine, Load(contents))


def load_checked(settings: Settings, *, yes: bool = False, dry_run: bool = False) -> None:
    """The same, after checking the file's channels in Slack. With `yes`, entries with open tickets are
    archived too; with `dry_run`, the changes are printed and not made.

    Raises `CatalogueError`.
    """
    contents = read_contents(settings.catalogue, settings.articles)
    with open_database(settings) as engine:
        seen = catalogue_load.channels_seen(settings)
        if seen is not None:
            catalogue_load.refuse_unfit(settings.catalogue, contents.catalogue, seen)
        use = catalogue_load.preview if dry_run else catalogue_load.load_into
        use(engine, Load(contents, seen, yes))
