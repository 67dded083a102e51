"""`guichet catalogue load`: what Slack says of the channels that the file names, then the rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.catalogue.changes import How, Loaded, RowChange, archived_with_tickets, touched
from bot.catalogue.file import CatalogueError, CatalogueFile
from bot.catalogue.loader import load_catalogue
from bot.db.session import Sessions, transact
from bot.observability.health import PROBLEMS
from bot.services import channels
from bot.services.channels import Conversation
from bot.settings import Settings
from bot.slack.client import UNANSWERED, error_code, worker_client
from bot.slack.people.channels import bot_channels, conversation
from models.base import utc_now
from models.catalogue import Team

SIGNS = {How.ADDED: "+", How.CHANGED: "~", How.ARCHIVED: "-"}


class ArchivesOpenTickets(CatalogueError):
    """The file leaves out what open tickets hold; `held` says each, with their numbers."""

    def __init__(self, held: Sequence[str]) -> None:
        super().__init__(
            *(f"not in the file any more: {words}" for words in held),
            "nothing was loaded; to archive them all the same: `guichet catalogue load --yes`",
        )
        self.held = held


@dataclass(frozen=True)
class Wanted:
    """A file to load, and with which care."""

    file: CatalogueFile
    seen: Sequence[Conversation] | None = None
    """The channels that the bot is in; `None` when Slack was not asked."""
    yes: bool = False
    """Archive what open tickets hold, too."""


def channels_seen(settings: Settings) -> Sequence[Conversation] | None:
    """The channels that the bot is in; `None`, and a line that says so, when Slack cannot be asked."""
    if settings.slack_bot_token is None:
        return None
    client = worker_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    try:
        return [conversation(said) for said in bot_channels(client)]
    except UNANSWERED as error:
        typer.echo(f"the teams' channels were not looked at: {error_code(error) or type(error).__name__}")
        return None


def refuse_unfit(path: Path, file: CatalogueFile, seen: Sequence[Conversation]) -> None:
    """Raise `CatalogueError` for channels that are unfit for tickets, among those that the bot is in."""
    problems = {word: channel.problem for channel in seen for word in (channel.id, f"#{channel.name}")}
    unfit = [
        f"{path}: the team {team.id}: {team.channel} {PROBLEMS[problem]}; make it private, or name another"
        for team in file.teams
        if (problem := problems.get(team.channel))
    ]
    if unfit:
        raise CatalogueError(*unfit)


def load_into(engine: Engine, wanted: Wanted) -> None:
    """Put the file into the database, and say what changed. Raises `ArchivesOpenTickets`."""

    def work(session: Session) -> tuple[Loaded, Sequence[str]]:
        loaded = load_catalogue(session, wanted.file)
        held = [_held(change, str(tickets)) for change, tickets in archived_with_tickets(session, loaded)]
        if held and not wanted.yes:
            raise ArchivesOpenTickets(held)
        return loaded, list(_find_channels(session, wanted.seen))

    loaded, unfound = transact(Sessions(engine), work)
    typer.echo(f"catalogue: {_counted(loaded)}")
    for line in unfound:
        typer.echo(line)


def preview(engine: Engine, wanted: Wanted) -> None:
    """Say what a load would change, row by row, and which open tickets it touches. Nothing is changed."""
    with Sessions(engine).begin() as session:
        loaded = load_catalogue(session, wanted.file)
        lines = [_said(session, change) for change in loaded.rows]
        if archived_with_tickets(session, loaded):
            lines.append("it archives what has open tickets: `guichet catalogue load` needs --yes")
        lines += _find_channels(session, wanted.seen)
        session.rollback()
    for line in (*lines, f"catalogue, not loaded: {_counted(loaded)}"):
        typer.echo(line)


def _find_channels(session: Session, seen: Sequence[Conversation] | None) -> Iterator[str]:
    """Find the channels that the file names; a line for each team that keeps another, or has none."""
    if seen is not None:
        channels.note_all(session, seen, now=utc_now())
    for team in session.scalars(select(Team).where(~Team.archived).order_by(Team.position)):
        if team.awaits_channel and team.channel_id is not None and team.channel_id != team.channel:
            yield (
                f"the team {team.id} keeps the channel {team.channel_id} until {team.channel} is found: "
                "invite the bot there"
            )
        elif team.awaits_channel and seen is not None:
            yield f"the team {team.id}: the bot is not in {team.channel}: invite it there"


def _said(session: Session, change: RowChange) -> str:
    line = f"{SIGNS[change.how]} {change.row}"
    keys = [key for key in change.keys if key != "channel"]
    if change.channels:
        keys.append("channel {} → {}".format(*change.channels))
    if keys:
        line += f": {', '.join(keys)}"
    tickets = touched(session, change)
    return f"{line}; open tickets: {tickets}" if tickets.count else line


def _held(change: RowChange, tickets: str) -> str:
    return f"the {change.row}, with open tickets: {tickets}"


def _counted(loaded: Loaded) -> str:
    return f"{loaded.added} added, {loaded.changed} changed, {loaded.archived} archived"
