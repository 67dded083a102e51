"""The teams' channels as the database has them: what is wrong with one, and where one went.

`bot.slack.people.channels` asks Slack.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, delete, literal, or_, select, update
from sqlalchemy.orm import Session

from bot.catalogue.loader import lock_teams
from bot.context.unit_of_work import UnitOfWork
from bot.notifications import readings, requeue
from models.base import UtcDateTime
from models.catalogue import ChannelProblem, Team
from models.outbox.message_reference import MessageReference
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
    """A team whose channel this is, an archived one when it is no other's."""
    return session.scalars(
        select(Team).where(Team.channel_id == channel).order_by(Team.archived).limit(1)
    ).one_or_none()


def unfit_teams(session: Session) -> Sequence[Team]:
    """The teams whose channel gets no cards, the default one first."""
    query = select(Team).where(~Team.archived, Team.channel_problem.is_not(None))
    return session.scalars(query.order_by(Team.is_default.desc(), Team.position)).all()


def note(session: Session, seen: Conversation, *, now: datetime) -> list[Team]:
    """Keep what Slack said of one channel. Returns the teams whose it is.

    What was given up for want of it is queued again once nothing speaks against it.
    """
    lock_teams(session)
    teams = [team for team in _called(session, seen) if team.channel_id in (None, seen.id)]
    for team in teams:
        team.channel_id, team.channel_problem = seen.id, seen.problem
        if not team.awaits_channel or team.channel in _names(seen):
            team.channel_read_at = now
    _requeue(session, [team for team in teams if team.channel_problem is None], now)
    return teams


def takes_a_name(session: Session, seen: Conversation) -> bool:
    """Whether it is called as a team's channel is, which is another, or was."""
    return any(team.channel_id not in (None, seen.id) for team in _called(session, seen))


def _called(session: Session, seen: Conversation) -> Sequence[Team]:
    """The teams whose channel it is, archived ones too; those whose channel is called so."""
    named = and_(Team.channel.in_(_names(seen)), ~Team.archived)
    return session.scalars(select(Team).where(or_(Team.channel_id == seen.id, named))).all()


def _names(seen: Conversation) -> tuple[str, str]:
    """What a file may call it."""
    return seen.id, f"#{seen.name}"


def note_all(session: Session, seen: Sequence[Conversation], *, now: datetime) -> list[Team]:
    """Keep what Slack said of all channels that the bot is in. Returns the teams of which none is theirs.

    An archived team's is read as well, for the tickets that it has left, and is not missed. A channel that
    has another id than before, under the same name, takes its messages along.
    """
    lock_teams(session)
    missing, reached = list[Team](), list[Team]()
    for team in session.scalars(select(Team)):
        channel, is_named = _channel_among(seen, team)
        if not is_named and not team.archived:
            missing.append(team)
        if channel is not None:
            _put_in(session, team, channel, seen)
            if channel.problem is None:
                reached.append(team)
        if is_named or not team.awaits_channel:
            team.channel_read_at = now
    _requeue(session, reached, now)
    return missing


def _channel_among(seen: Sequence[Conversation], team: Team) -> tuple[Conversation | None, bool]:
    """The one of these channels that a team has, and whether it is the one that the file names.

    While the one that it has is there under another name, none takes its place by the name: anybody may make
    one. A name that the file says anew does. An archived team's is the one that it had, or none.
    """
    known = next((each for each in seen if each.id == team.channel_id), None)
    named = next((each for each in seen if team.channel in _names(each)), None)
    if team.archived:
        named = known
    elif team.awaits_channel:
        return named or known, named is not None
    elif not team.channel.startswith("#"):
        named = named or known  # the file's id may be from before it changed
    elif known is not None and known is not named:
        named = None
    return named or known, named is not None


def _put_in(session: Session, team: Team, channel: Conversation, seen: Sequence[Conversation]) -> None:
    """The team has this channel. The messages of one that is no longer there are in it, under its new id,
    unless the file names another."""
    is_another_id = team.channel_id is not None and all(each.id != team.channel_id for each in seen)
    if is_another_id and not team.awaits_channel:
        assert team.channel_id is not None
        move(session, team.channel_id, channel.id)
    team.channel_id, team.channel_problem = channel.id, channel.problem


def move(session: Session, old: str, new: str) -> bool:
    """The channel has another id: its teams and all that stands in it follow. False when it is no team's.

    Who was in it is read again. The messages keep their `ts`.
    """
    teams = session.scalars(select(Team).where(Team.channel_id == old)).all()
    if not teams or old == new:
        return False
    for team in teams:
        team.channel_id = new
    for table in (MessageReference, Outage, Comment):
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
    named = or_(Team.channel_id.in_(words), and_(Team.channel.in_(words), ~Team.archived))
    return uow.session.scalar(select(Team.id).where(named).limit(1)) is not None


def refuse(session: Session, channel: str | None, *, now: datetime) -> None:
    """Slack did not let the bot post in this channel: no card goes there until it was read again."""
    session.execute(
        update(Team)
        .where(Team.channel_id == channel, Team.channel_problem.is_(None))
        .values(
            channel_problem=ChannelProblem.READ_ONLY,
            # While another is awaited, nothing was said of it.
            channel_read_at=case((Team.channel_read_at.is_not(None), literal(now, UtcDateTime))),
        )
    )


def _requeue(session: Session, reached: Sequence[Team], now: datetime) -> None:
    if not reached:
        return
    own = ids = [team.id for team in reached]
    if any(team.is_default and not team.archived for team in reached):  # its channel takes the cards of all
        ids = list(session.scalars(select(Team.id)))
    requeue.requeue_dead(session, now=now, teams=ids)
    requeue.hasten_waiting(session, now=now, reached=own, teams=ids)
