"""The teams' channels and those for announcements, as Slack describes them now. Nothing of it is saved."""

from collections.abc import Iterator

from slack_sdk import WebClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.observability.health import (
    ANNOUNCING_PROBLEMS,
    unfit_channel,
    unfit_channels,
    unfit_for_announcements,
)
from bot.ops.doctor.context import CheckContext
from bot.ops.finding import Finding, warning, well, wrong
from bot.services.announcements import channels as announcement_channels
from bot.services.channels import Conversation, channel_among
from bot.slack.client import UNANSWERED, error_code
from bot.slack.people.channels import bot_channels, conversation
from models.announcements.announcement import AnnouncementChannel
from models.catalogue import Team
from models.outbox.reasons import CHANNEL_GONE


def check_channels(context: CheckContext) -> Iterator[Finding]:
    """A line for each team whose channel is missing or unfit, or one for all."""
    session = context.read()
    if session is None:
        return
    with session:
        if context.client is None:  # what was learned before
            yield from map(wrong, unfit_channels(session))
            yield from map(warning, unfit_for_announcements(session))
            return
        seen = [conversation(each) for each in bot_channels(context.client)]
        problems = list(_problems(session, seen))
        of_announcements = list(_of_announcements(context.client, session, seen))
        teams = session.scalars(select(Team).where(~Team.archived)).all()
    yield from map(wrong, problems)
    yield from map(warning, of_announcements)
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


def _of_announcements(client: WebClient, session: Session, seen: list[Conversation]) -> Iterator[str]:
    """A line for each channel that a site names and in which nothing can be announced."""
    here = [each.for_announcements for each in seen]
    of_teams = set(session.scalars(select(Team.channel_id).where(Team.channel_id.is_not(None))))
    for place in announcement_channels.named_in_catalogue(session):
        found = announcement_channels.among(here, place)
        problem = (found and found.problem) or place.problem
        if found is None:
            yield _missing(client, place)
        elif problem is not None:
            yield f"announcements: {place.shown} {ANNOUNCING_PROBLEMS[problem]}"
        elif found.id in of_teams:
            yield f"announcements: {place.shown} is a team's channel: nothing is announced there"


def _missing(client: WebClient, place: AnnouncementChannel) -> str:
    """Why the bot does not see it: archived, without the bot, or unknown."""
    try:
        channel = client.conversations_info(channel=place.channel_id)["channel"] if place.channel_id else {}
    except UNANSWERED as error:
        if error_code(error) not in CHANNEL_GONE:
            raise
        channel = {}
    if channel.get("is_archived"):
        return f"announcements: {place.shown} is archived: unarchive it, or name another channel"
    if channel:
        return f"announcements: the bot is not in {place.shown}: run `/invite @guichet` there"
    return f"announcements: {place.shown} is unknown: create it, and run `/invite @guichet` there"
