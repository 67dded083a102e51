"""The teams' channels, as Slack describes them now. Nothing of it is saved."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.observability.health import unfit_channel, unfit_channels
from bot.ops.doctor.context import CheckContext
from bot.ops.finding import Finding, well, wrong
from bot.services.channels import Conversation, channel_among
from bot.slack.people.channels import bot_channels, conversation
from models.catalogue import Team


def check_channels(context: CheckContext) -> Iterator[Finding]:
    """A line for each team whose channel is missing or unfit, or one for all."""
    session = context.read()
    if session is None:
        return
    with session:
        if context.client is None:  # what was learned before
            yield from map(wrong, unfit_channels(session))
            return
        seen = [conversation(each) for each in bot_channels(context.client)]
        problems = list(_problems(session, seen))
        teams = session.scalars(select(Team).where(~Team.archived)).all()
    yield from map(wrong, problems)
    if not problems and teams:
        yield well(f"channels: of {len(teams)} teams, private and writable")


def _problems(session: Session, seen: list[Conversation]) -> Iterator[str]:
    for team in session.scalars(select(Team).where(~Team.archived).order_by(Team.position)):
        channel, is_named = channel_among(seen, team)
        if not is_named:
            yield f"the bot is not in {team.channel}: run `/invite @guichet` there"
        # Whether a channel takes cards shows only when it refuses one.
        problem = (channel and channel.problem) or team.channel_problem
        if problem is not None:
            yield unfit_channel(team, problem)
