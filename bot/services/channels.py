"""The teams' channels in the database, and those for announcements: which are unfit, changes of their ids.

`bot.slack.people.channels` asks Slack.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, delete, literal, or_, select, update
from sqlalchemy.orm import Session

from bot.catalogue.table import lock_teams
from bot.context.unit_of_work import UnitOfWork
from bot.notifications.maintenance import readings, requeue
from bot.services.announcements import channels as announcement_channels
from bot.services.announcements.channels import Seen
from bot.services.departures.leaving import void
from models.base import UtcDateTime
from models.catalogue import ChannelProblem, Team
from models.outbox.message_reference import MessageReference
from models.person import ChannelReading
from models.removals.removal import Removal
from models.removals.ticket_message import TicketMessage
from models.tickets.comment import Comment
from models.tickets.outage import Outage


@dataclass(frozen=True)
class Conversation:
    """A channel that the bot is in, as Slack describes it."""

    id: str
    name: str
    problem: ChannelProblem | None = None
    announcing: ChannelProblem | None = None
    """Why no outage may be announced there. A public channel is fit for that."""

    @property
    def for_announcements(self) -> Seen:
        return Seen(self.id, self.name, self.announcing)


def problem_of(session: Session, channel: str) -> ChannelProblem | None:
    """Why no card may be posted in this channel, if so."""
    query = select(Team.channel_problem).where(Team.channel_id == channel, Team.channel_problem.is_not(None))
    return session.scalars(query.limit(1)).one_or_none()


def team_in(session: Session, channel: str) -> Team | None:
    """The team with this channel; an archived one if no other has it."""
    return session.scalars(
        select(Team).where(Team.channel_id == channel).order_by(Team.archived).limit(1)
    ).one_or_none()


def unfit_teams(session: Session) -> Sequence[Team]:
    """The teams whose channel gets no cards, the default one first."""
    query = select(Team).where(~Team.archived, Team.channel_problem.is_not(None))
    return session.scalars(query.order_by(Team.is_default.desc(), Team.position)).all()


def note(session: Session, seen: Conversation, *, now: datetime) -> list[Team]:
    """Save what Slack answered about one channel. Returns the teams that have it.

    Deliveries that were dead for want of the channel are queued again once it is fit.
    """
    lock_teams(session)
    announcement_channels.note(session, seen.for_announcements, now=now)
    teams = [team for team in _called(session, seen) if team.channel_id in (None, seen.id)]
    for team in teams:
        team.channel_id, team.channel_problem = seen.id, seen.problem
        if not team.awaits_channel or team.channel in _names(seen):
            team.channel_read_at = now
    _requeue(session, [team for team in teams if team.channel_problem is None], now)
    return teams


def takes_a_name(session: Session, seen: Conversation) -> bool:
    """Whether it has the name of a team's channel that is, or was, another one."""
    return any(team.channel_id not in (None, seen.id) for team in _called(session, seen))


def _called(session: Session, seen: Conversation) -> Sequence[Team]:
    """The teams that have the channel, also archived ones, and those whose channel has its name."""
    named = and_(Team.channel.in_(_names(seen)), ~Team.archived)
    return session.scalars(select(Team).where(or_(Team.channel_id == seen.id, named))).all()


def _names(seen: Conversation) -> tuple[str, str]:
    """How the file may name it."""
    return seen.id, f"#{seen.name}"


def note_all(session: Session, seen: Sequence[Conversation], *, now: datetime) -> list[Team]:
    """Save what Slack answered about all channels that the bot is in. Returns the teams without a channel.

    An archived team's channel is read too, for its remaining tickets, and is not reported missing. When a
    channel has a new id under the same name, the references to its messages are updated.
    """
    lock_teams(session)
    announcement_channels.note_all(session, [each.for_announcements for each in seen], now=now)
    missing, reached = list[Team](), list[Team]()
    for team in session.scalars(select(Team)):
        channel, is_named = channel_among(seen, team)
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


def channel_among(seen: Sequence[Conversation], team: Team) -> tuple[Conversation | None, bool]:
    """The one of these channels that a team has, and whether it is the one that the file names.

    While its channel exists under another name, no other one replaces it by its name, which anybody can give
    to a channel; unless the file names it anew. An archived team's channel is the one that it had, or none.
    """
    known = next((each for each in seen if each.id == team.channel_id), None)
    named = next((each for each in seen if team.channel in _names(each)), None)
    if team.archived:
        named = known
    elif team.awaits_channel:
        return named or known, named is not None
    elif not team.channel.startswith("#"):
        named = named or known  # the file may have an id from before a change
    elif known is not None and known is not named:
        named = None
    return named or known, named is not None


def _put_in(session: Session, team: Team, channel: Conversation, seen: Sequence[Conversation]) -> None:
    """Give the team this channel. If its former one no longer exists and the file names no other, it is the
    same under a new id, and the references to its messages are updated."""
    is_another_id = team.channel_id is not None and all(each.id != team.channel_id for each in seen)
    if is_another_id and not team.awaits_channel:
        assert team.channel_id is not None
        move(session, team.channel_id, channel.id)
    team.channel_id, team.channel_problem = channel.id, channel.problem


def move(session: Session, old: str, new: str) -> bool:
    """Replace a channel's id in its teams and in the references to its messages, which keep their `ts`. False
    when it is no team's and not for announcements. Its members are read again.
    """
    is_for_announcements = old != new and announcement_channels.move(session, old, new)
    teams = session.scalars(select(Team).where(Team.channel_id == old)).all()
    if not teams or old == new:
        return is_for_announcements
    for team in teams:
        team.channel_id = new
    for table in (MessageReference, Outage, Comment, TicketMessage, Removal):
        session.execute(
            update(table).where(table.channel == old).values(channel=new),
            execution_options={"synchronize_session": False},
        )
    session.execute(delete(ChannelReading).where(ChannelReading.channel == old))
    void(session, old)
    return True


def follow_id(uow: UnitOfWork, old: str, new: str) -> None:
    """A channel has a new id. It is read again, since it may be shared now."""
    if move(uow.session, old, new):
        readings.read_channel(uow, new)


def concerns_us(uow: UnitOfWork, channel: str, name: str | None) -> bool:
    """Whether a channel, or a channel with this name, is a team's or for announcements."""
    if announcement_channels.concerns(uow.session, channel, name):
        return True
    words = (channel, f"#{name}")
    named = or_(Team.channel_id.in_(words), and_(Team.channel.in_(words), ~Team.archived))
    return uow.session.scalar(select(Team.id).where(named).limit(1)) is not None


def refuse(session: Session, channel: str | None, *, now: datetime) -> None:
    """Slack refused a post in this channel: no card is posted there until it was read again."""
    session.execute(
        update(Team)
        .where(Team.channel_id == channel, Team.channel_problem.is_(None))
        .values(
            channel_problem=ChannelProblem.READ_ONLY,
            # Unread while the file names another channel that was not found yet.
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
