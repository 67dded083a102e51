"""Who is in which channel, as the database has it. `bot.slack.directory` asks Slack."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.catalogue import Team
from models.person import ChannelMember, ChannelReading

NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # when a channel was read of which only some members are known


def team_channels(session: Session) -> Mapping[str, str]:
    """The channel of each team that has one."""
    rows = select(Team.id, Team.channel_id).where(~Team.archived, Team.channel_id.is_not(None))
    return {team_id: channel for team_id, channel in session.execute(rows) if channel}


def teams_on_record(session: Session, slack_id: str) -> frozenset[str]:
    """The teams that they were in when Slack last said so."""
    rows = (
        select(Team.id)
        .join(ChannelMember, ChannelMember.channel == Team.channel_id)
        .where(ChannelMember.slack_id == slack_id, ~Team.archived)
    )
    return frozenset(session.scalars(rows))


def add_member(session: Session, channel: str, slack_id: str) -> None:
    """Note that somebody is in a channel; whether others are may be unknown."""
    if session.get(ChannelReading, channel) is None:
        session.add(ChannelReading(channel=channel, read_at=NEVER))
        session.flush()
    session.merge(ChannelMember(channel=channel, slack_id=slack_id))


def remove_member(session: Session, channel: str, slack_id: str) -> None:
    """Note that somebody is not in a channel."""
    session.execute(
        delete(ChannelMember).where(ChannelMember.channel == channel, ChannelMember.slack_id == slack_id)
    )
