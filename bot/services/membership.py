"""The members of channels in the database, and what they may do. `bot.slack.directory` asks Slack."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, exists, or_, select
from sqlalchemy.orm import Session, aliased

from models.catalogue import OPEN_TO_OTHERS, Team
from models.person import ChannelMember, ChannelReading
from models.tickets.ticket import Ticket

NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # `read_at` of a channel of which only some members are known


def team_channels(session: Session) -> Mapping[str, str]:
    """The channel of each team that has one, of archived ones too."""
    rows = select(Team.id, Team.channel_id).where(Team.channel_id.is_not(None))
    return {team_id: channel for team_id, channel in session.execute(rows) if channel}


# A member of a channel that anybody can join is no technician.
_CLOSED = or_(Team.channel_problem.is_(None), Team.channel_problem.not_in(OPEN_TO_OTHERS))


def teams_on_record(session: Session, slack_id: str) -> frozenset[str]:
    """The teams that they were in when last read from Slack; also archived ones, which still have tickets."""
    rows = (
        select(Team.id)
        .join(ChannelMember, ChannelMember.channel == Team.channel_id)
        .where(ChannelMember.slack_id == slack_id, _CLOSED)
    )
    return frozenset(session.scalars(rows))


class OnRecord(NamedTuple):
    """What is on record of somebody in the channel of a ticket's team."""

    team_id: str
    is_member: bool
    """Whether they were in it at the last reading, and its members may act for the team."""
    read_at: datetime | None
    """When its members were last read from Slack."""


# Built once: every click of a technician runs it.
_any_team = aliased(Team)
_IS_BARRED = exists().where(
    _any_team.channel_id == Team.channel_id, _any_team.channel_problem.in_(OPEN_TO_OTHERS)
)
_ON_RECORD = (
    select(Ticket.team_id, ChannelMember.slack_id.is_not(None) & ~_IS_BARRED, ChannelReading.read_at)
    .join(Team, Team.id == Ticket.team_id)
    .outerjoin(ChannelReading, ChannelReading.channel == Team.channel_id)
    .outerjoin(
        ChannelMember,
        (ChannelMember.channel == Team.channel_id) & (ChannelMember.slack_id == bindparam("slack_id")),
    )
    .where(Ticket.id == bindparam("ticket"))
)


def team_on_record(session: Session, ticket_id: int, slack_id: str) -> OnRecord | None:
    """Whether they are in the channel of this ticket's team, as last read from Slack; `None` when there is no
    such ticket."""
    row = session.execute(_ON_RECORD, {"ticket": ticket_id, "slack_id": slack_id}).one_or_none()
    return OnRecord(*row) if row else None


def channels_of(
    session: Session, team: Team, card: str | None, *, is_confidential: bool = False
) -> Sequence[str]:
    """The channels whose members may act for a team: its own, and the one of its `card` if that is another.

    The members of a channel that anybody can join may not; the default team's may instead. For a confidential
    ticket nobody may but the members of the team's own channel.
    """
    channels = [team.channel_id, *([] if is_confidential else [card])]
    if team.channel_problem in OPEN_TO_OTHERS and not is_confidential:
        channels += session.scalars(select(Team.channel_id).where(Team.is_default, ~Team.archived))
    is_open = select(Team.channel_id).where(Team.channel_id.in_(filter(None, channels)), ~_CLOSED)
    barred = set(session.scalars(is_open))
    return [channel for channel in dict.fromkeys(channels) if channel and channel not in barred]


def add_member(session: Session, channel: str, slack_id: str) -> None:
    """Save that somebody is in a channel of which the other members may be unknown."""
    if session.get(ChannelReading, channel) is None:
        session.add(ChannelReading(channel=channel, read_at=NEVER))
        session.flush()
    session.merge(ChannelMember(channel=channel, slack_id=slack_id))


def remove_member(session: Session, channel: str, slack_id: str) -> None:
    """Save that somebody is not in a channel."""
    session.execute(
        delete(ChannelMember).where(ChannelMember.channel == channel, ChannelMember.slack_id == slack_id)
    )
