"""What `guichet run` does at its start: migrate the database, then load the catalogue."""

import typer

from bot.articles.contents import read_contents
from bot.db.sqlite_copy import copy_before, remove_old_copies
from bot.ops import catalogue_load
from bot.ops.catalogue_load import ArchivesOpenTickets, Load
from bot.ops.database import open_database, open_engine
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

        remove_old_copies(engine, utc_now())
        migrate(engine, before=copy)
    try:
        load(settings)
    except ArchivesOpenTickets as refusal:
        typer.echo(
            f"catalogue: {settings.catalogue} was not loaded, the previous one stays in use: no longer in "
            f"the file: {'; '.join(refusal.held)} (to archive them anyway: `guichet catalogue load --yes`)"
        )


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
