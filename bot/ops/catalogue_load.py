"""`guichet catalogue load`: checks the channels of the file in Slack, then loads it into the database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.articles.contents import Contents
from bot.articles.loader import load_contents
from bot.catalogue.changes import How, Loaded, RowChange, archived_with_tickets, touched
from bot.catalogue.file import CatalogueError
from bot.catalogue.schema import CatalogueFile
from bot.catalogue.table import loaded as loaded_rows
from bot.context.unit_of_work import UnitOfWork
from bot.db.session import Sessions, transact
from bot.observability.health import PROBLEMS
from bot.services import channels
from bot.services.audit.record import operating_user, record_if_possible
from bot.services.channels import Conversation
from bot.services.confidential.marking import hide_words
from bot.settings import Settings
from bot.slack.client import UNANSWERED, worker_client
from bot.slack.people.channels import bot_channels, conversation
from bot.slack.unanswered import explain
from models.article import Article
from models.audit.entry import Deed
from models.base import utc_now
from models.catalogue import Service, Team

SIGNS = {How.ADDED: "+", How.CHANGED: "~", How.ARCHIVED: "-"}


class ArchivesOpenTickets(CatalogueError):
    """The file no longer has entries with open tickets; `held`: a line for each."""

    def __init__(self, held: Sequence[str]) -> None:
        super().__init__(
            *(f"no longer in the file: {line}" for line in held),
            "nothing was loaded; to archive them anyway: `guichet catalogue load --yes`",
        )
        self.held = held


@dataclass(frozen=True)
class Load:
    """What to load, and how."""

    contents: Contents
    seen: Sequence[Conversation] | None = None
    """The channels that the bot is in; `None` when Slack was not asked."""
    yes: bool = False
    """Archive entries with open tickets too."""


def channels_seen(settings: Settings) -> Sequence[Conversation] | None:
    """The channels that the bot is in; `None`, with a printed line, when Slack does not answer."""
    if settings.slack_bot_token is None:
        return None
    client = worker_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    try:
        return [conversation(each) for each in bot_channels(client)]
    except UNANSWERED as error:
        typer.echo(f"the teams' channels could not be checked in Slack: {explain(error)}")
        return None


def refuse_unfit(path: Path, file: CatalogueFile, seen: Sequence[Conversation]) -> None:
    """Raise `CatalogueError` for channels that are unfit for tickets, among those that the bot is in."""
    problems = {name: channel.problem for channel in seen for name in (channel.id, f"#{channel.name}")}
    unfit = [
        f"{path}: team {team.id}: {team.channel} {PROBLEMS[problem]}; fix that, or name another channel"
        for team in file.teams
        if (problem := problems.get(team.channel))
    ]
    if unfit:
        raise CatalogueError(*unfit)


def load_into(engine: Engine, request: Load) -> None:
    """Load the file into the database, and print what changed. Raises `ArchivesOpenTickets`."""

    def work(session: Session) -> tuple[Loaded, Sequence[str]]:
        loaded = load_contents(session, request.contents)
        held = [_held(change, str(tickets)) for change, tickets in archived_with_tickets(session, loaded)]
        if held and not request.yes:
            raise ArchivesOpenTickets(held)
        hide_words(UnitOfWork(session, utc_now()), *_made_confidential(loaded))
        return loaded, list(_find_channels(session, request.seen))

    loaded, warnings = transact(Sessions(engine), work)
    if loaded.rows:
        record_if_possible(Sessions(engine), Deed.LOAD, utc_now(), operating_user(), len(loaded.rows))
    for line in [*_counts(loaded), *warnings]:
        typer.echo(line)


def _made_confidential(loaded: Loaded) -> tuple[set[str], set[str]]:
    """The ids of the teams and services whose mark has changed."""
    changed = [each for each in loaded.rows if "is_confidential" in each.columns]
    teams, services = ({each.id for each in changed if each.table is table} for table in (Team, Service))
    return teams, services


def preview(engine: Engine, request: Load) -> None:
    """Print what a load would change, row by row, with the open tickets affected. Nothing is changed."""
    with Sessions(engine).begin() as session:
        loaded = load_contents(session, request.contents)
        lines = [_line(session, change) for change in loaded.rows]
        if archived_with_tickets(session, loaded):
            lines.append("entries with open tickets would be archived: `guichet catalogue load` needs --yes")
        lines += _find_channels(session, request.seen)
        session.rollback()
    for line in [*lines, *_counts(loaded, " (dry run)")]:
        typer.echo(line)


def _find_channels(session: Session, seen: Sequence[Conversation] | None) -> Iterator[str]:
    """Look up the channels of the file; a line for each team that keeps its old one, or has none."""
    if seen is not None:
        channels.note_all(session, seen, now=utc_now())
    for team in session.scalars(select(Team).where(~Team.archived).order_by(Team.position)):
        if team.awaits_channel and team.channel_id is not None and team.channel_id != team.channel:
            yield (
                f"team {team.id}: keeps the channel {team.channel_id} until the bot is invited to "
                f"{team.channel}"
            )
        elif team.awaits_channel and seen is not None:
            yield f"team {team.id}: the bot is not in {team.channel}: run `/invite @guichet` there"


def _line(session: Session, change: RowChange) -> str:
    line = f"{SIGNS[change.how]} {change.row}"
    keys = [key for key in change.keys if key != "channel"]
    if change.channels:
        keys.append("channel {} → {}".format(*change.channels))
    if keys:
        line += f": {', '.join(keys)}"
    tickets = touched(session, change)
    return f"{line}; open tickets: {tickets}" if tickets.count else line


def _held(change: RowChange, tickets: str) -> str:
    return f"{change.row}, open tickets: {tickets}"


def _counts(loaded: Loaded, how: str = "") -> Iterator[str]:
    """A line for the catalogue, and one for the articles."""
    articles = [change for change in loaded.rows if change.table is Article]
    catalogue = [change for change in loaded.rows if change.table is not Article]
    for name, rows in (("catalogue", catalogue), ("articles", articles)):
        count = loaded_rows(rows)
        yield f"{name}{how}: {count.added} added, {count.changed} changed, {count.archived} archived"
