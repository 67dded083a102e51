"""The teams' channels as the database has them: what is wrong with one, and where one went.

`bot.slack.people.channels` asks Slack.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.notifications import readings, requeue
from models.catalogue import ChannelProblem, Team
from models.outbox.message_reference import Post
from models.person import ChannelReading
from models.tickets.comment import Comment
from models.tickets.outage import Outage


@dataclass(frozen=True)
class Conversation:
    """A channel that the bot is in, as Slack describes it."""

    id: str
    name: str
    problem: ChannelProblem | None = None


def problem_of(session: Session, channel: str) -> ChannelProblem | None:
    """What keeps a team's cards out of this channel, if anything."""
    query = select(Team.channel_problem).where(Team.channel_id == channel, Team.channel_problem.is_not(None))
    return session.scalars(query.limit(1)).one_or_none()


def team_in(session: Session, channel: str) -> Team | None:
    """A team whose channel this is."""
    return session.scalars(
        select(Team).where(Team.channel_id == channel, ~Team.archived).limit(1)
    ).one_or_none()


def unfit_teams(session: Session) -> Sequence[Team]:
    """The teams whose channel gets no cards, the default one first."""
    query = select(Team).where(~Team.archived, Team.channel_problem.is_not(None))
    return session.scalars(query.order_by(Team.is_default.desc(), Team.position)).all()


def note(session: Session, seen: Conversation, *, now: datetime) -> list[Team]:
    """Keep what Slack said of one channel. Returns the teams whose it is.

    What was given up for want of it is queued again once nothing speaks against it.
    """
    teams = [team for team in _called(session, seen) if team.channel_id in (None, seen.id)]
    for team in teams:
        team.channel_id = seen.id
        team.channel_problem, team.channel_read_at = seen.problem, now
    _requeue(session, [team for team in teams if team.channel_problem is None], now)
    return teams


def takes_a_name(session: Session, seen: Conversation) -> bool:
    """Whether it is called as a team's channel is, which is another, or was."""
    return any(team.channel_id not in (None, seen.id) for team in _called(session, seen))


def _called(session: Session, seen: Conversation) -> Sequence[Team]:
    """The teams whose channel it is, or whose channel is called so."""
    names = [seen.id, f"#{seen.name}"]
    query = select(Team).where(or_(Team.channel_id == seen.id, Team.channel.in_(names)), ~Team.archived)
    return session.scalars(query).all()


def note_all(session: Session, seen: Sequence[Conversation], *, now: datetime) -> list[Team]:
    """Keep what Slack said of all channels that the bot is in. Returns the teams of which none is theirs.

    A channel that has another id than before, under the same name, takes its messages along. While the one
    that a team has is there under another name, none takes its place by the name: anybody may make one.
    """
    by_id, by_name = {each.id: each for each in seen}, {f"#{each.name}": each for each in seen}
    missing, reached = list[Team](), list[Team]()
    for team in session.scalars(select(Team).where(~Team.archived)):
        channel = by_id.get(team.channel) or by_name.get(team.channel)
        known = by_id.get(team.channel_id or "")
        if channel is None and not team.channel.startswith("#"):
            channel = known  # the file's id is from before it changed
        team.channel_read_at = now
        if channel is None or (known and known is not channel and team.channel.startswith("#")):
            missing.append(team)
            channel = known
        if channel is None:
            continue
        if team.channel_id and team.channel_id not in by_id:
            move(session, team.channel_id, channel.id)
        team.channel_id, team.channel_problem = channel.id, channel.problem
        if channel.problem is None:
            reached.append(team)
    _requeue(session, reached, now)
    return missing


def move(session: Session, old: str, new: str) -> bool:
    """The channel has another id: its teams and all that stands in it follow. False when it is no team's.

    Who was in it is read again. The messages keep their `ts`.
    """
    teams = session.scalars(select(Team).where(Team.channel_id == old)).all()
    if not teams or old == new:
        return False
    for team in teams:
        team.channel_id = new
    for table in (Post, Outage, Comment):
        session.execute(
            update(table).where(table.channel == old).values(channel=new),
            execution_options={"synchronize_session": False},
        )
    session.execute(delete(ChannelReading).where(ChannelReading.channel == old))
    return True


def follow_id(uow: UnitOfWork, old: str, new: str) -> None:
    """Slack said that a channel has another id. What it became is to be read: it may be shared."""
    if move(uow.session, old, new):
        readings.read_channel(uow, new)


def concerns_a_team(uow: UnitOfWork, channel: str, name: str | None) -> bool:
    """Whether a channel, or the name that it has now, is a team's."""
    words = (channel, f"#{name}")
    named = or_(Team.channel_id.in_(words), Team.channel.in_(words))
    return uow.session.scalar(select(Team.id).where(named, ~Team.archived).limit(1)) is not None


def refuse(session: Session, channel: str | None, *, now: datetime) -> None:
    """Slack did not let the bot post in this channel: no card goes there until it was read again."""
    session.execute(
        update(Team)
        .where(Team.channel_id == channel, Team.channel_problem.is_(None))
        .values(channel_problem=ChannelProblem.READ_ONLY, channel_read_at=now)
    )


def _requeue(session: Session, reached: Sequence[Team], now: datetime) -> None:
    if not reached:
        return
    ids = [team.id for team in reached]
    if any(team.is_default for team in reached):  # its channel takes the cards of all
        ids = list(session.scalars(select(Team.id)))
    requeue.requeue_dead(session, now=now, teams=ids)
