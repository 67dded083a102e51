"""The channels for announcements in the database: which exist and are fit, and changes of their ids.

`bot.slack.people.channels` asks Slack.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from bot.notifications.announcements.announcing import requeue
from models.announcements.announcement import Announcement, AnnouncementChannel
from models.catalogue import ChannelProblem, Site


class Seen(NamedTuple):
    """A channel that the bot is in, as Slack describes it."""

    id: str
    name: str
    problem: ChannelProblem | None
    """Why nothing is announced there."""

    @property
    def names(self) -> tuple[str, str]:
        """How the file may name it."""
        return self.id, f"#{self.name}"


def note(session: Session, seen: Seen, *, now: datetime) -> None:
    """Save what Slack answered about one channel."""
    named = and_(AnnouncementChannel.channel_id.is_(None), AnnouncementChannel.name.in_(seen.names))
    for place in session.scalars(
        select(AnnouncementChannel).where(or_(AnnouncementChannel.channel_id == seen.id, named))
    ).all():
        _put(session, place, seen, now)


def note_all(session: Session, seen: Sequence[Seen], *, now: datetime) -> None:
    """Save what Slack answered about all channels that the bot is in. A channel that has a new id under the
    same name keeps its messages."""
    for place in session.scalars(select(AnnouncementChannel)).all():
        found = among(seen, place)
        if found is None:
            place.read_at = None
        else:
            _put(session, place, found, now)


def among(seen: Sequence[Seen], place: AnnouncementChannel) -> Seen | None:
    """The one of these channels that the file names; while it exists under another name, no other one."""
    known = next((each for each in seen if each.id == place.channel_id), None)
    return known or next((each for each in seen if place.name in each.names), None)


def note_gone(session: Session, channel: str) -> None:
    """The channel is archived, or the bot is not in it: nothing is announced there until it is read again."""
    session.execute(
        update(AnnouncementChannel).where(AnnouncementChannel.channel_id == channel).values(read_at=None)
    )


def refuse(session: Session, channel: str) -> None:
    """Slack lets the bot not post in it: nothing is announced there until it was read again."""
    session.execute(
        update(AnnouncementChannel)
        .where(AnnouncementChannel.channel_id == channel)
        .values(problem=ChannelProblem.READ_ONLY)
    )


def move(session: Session, old: str, new: str) -> bool:
    """Replace a channel's id, also in what was announced there. False when it is none of these."""
    places = session.scalars(select(AnnouncementChannel).where(AnnouncementChannel.channel_id == old)).all()
    for place in places:
        place.channel_id = new
    session.execute(
        update(Announcement).where(Announcement.channel == old).values(channel=new),
        execution_options={"synchronize_session": False},
    )
    return bool(places)


def concerns(session: Session, channel: str, name: str | None) -> bool:
    """Whether a channel, or a channel with this name, is for announcements."""
    words = (channel, f"#{name}")
    named = or_(AnnouncementChannel.channel_id.in_(words), AnnouncementChannel.name.in_(words))
    return session.scalar(select(AnnouncementChannel.name).where(named).limit(1)) is not None


def named_in_catalogue(session: Session) -> Sequence[AnnouncementChannel]:
    """Those that a site names now, in the order of the sites."""
    named = session.scalars(select(Site.announce).where(~Site.archived).order_by(Site.position))
    names = dict.fromkeys(name for each in named for name in each)
    places = {
        place.name: place
        for place in session.scalars(select(AnnouncementChannel).where(AnnouncementChannel.name.in_(names)))
    }
    return [places[name] for name in names if name in places]


def _put(session: Session, place: AnnouncementChannel, seen: Seen, now: datetime) -> None:
    if place.channel_id is not None and place.channel_id != seen.id:
        move(session, place.channel_id, seen.id)
    was_fit = place.is_fit
    place.channel_id, place.title, place.problem, place.read_at = seen.id, seen.name, seen.problem, now
    if place.is_fit and not was_fit:
        requeue(session, place, now=now)
