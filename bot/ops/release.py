"""What a release does: the tables, then the catalogue."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from sqlalchemy import Engine

from bot.catalogue.file import CatalogueError, CatalogueFile, read_catalogue
from bot.catalogue.loader import load_catalogue
from bot.db.backup import copy_before, forget_old_copies
from bot.db.engine import WORKER_PATIENCE, create_db
from bot.db.revisions import require_newest
from bot.db.session import Sessions, transact
from bot.observability.health import PROBLEMS
from bot.ops.migrate import migrate
from bot.settings import Settings
from bot.slack.client import UNANSWERED, error_code, worker_client
from bot.slack.people.channels import bot_channels, conversation
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


def load_checked(settings: Settings) -> None:
    """The same, once no channel that the file names is known to be unfit. Raises `CatalogueError`."""
    file = read_catalogue(settings.catalogue)
    require_this_version(settings)
    problems = list(_unfit_channels(settings, file))
    if problems:
        raise CatalogueError("\n".join(problems))
    load(settings)


def _unfit_channels(settings: Settings, file: CatalogueFile) -> Iterator[str]:
    """What is wrong with the channels that the bot is in; of others `guichet doctor` says that it is not."""
    if settings.slack_bot_token is None:
        return
    client = worker_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    try:
        seen = [conversation(said) for said in bot_channels(client)]
    except UNANSWERED as error:
        typer.echo(f"the teams' channels were not looked at: {error_code(error) or type(error).__name__}")
        return
    problems = {word: channel.problem for channel in seen for word in (channel.id, f"#{channel.name}")}
    for team in file.teams:
        if problem := problems.get(team.channel):
            yield (
                f"{settings.catalogue}: the team {team.id}: {team.channel} {PROBLEMS[problem]}; "
                "make it private, or name another"
            )


def load(settings: Settings) -> None:
    """Put the catalogue's file into the database, and say what changed."""
    file = read_catalogue(settings.catalogue)
    with open_database(settings) as engine:
        loaded = transact(Sessions(engine), lambda session: load_catalogue(session, file))
    typer.echo(f"catalogue: {loaded.added} added, {loaded.changed} changed, {loaded.archived} archived")
