"""What needs somebody while people can still write: the warnings of `/readyz`, and of `guichet doctor`."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, func, literal_column, or_, select, union
from sqlalchemy.orm import Session

from bot.db.session import Sessions
from bot.observability.reasons import describe
from models.announcements.announcement import AnnouncementChannel
from models.catalogue import ChannelProblem, Team
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, Lane
from models.outbox.reasons import NO_CHANNEL, Reason
from models.outbox.schedule import Pause
from models.tickets.outage import Outage
from models.tickets.ticket import Ticket

LISTED = 20
"""Tickets that are named; the others are counted."""
# Literals: with bound parameters the databases do not use the indexes on dead and on pending deliveries.
_DEAD = literal_column("'dead'", type_=Delivery.state.type)
_PENDING = literal_column("'pending'", type_=Delivery.state.type)


def not_sending_reasons(sessions: Sessions, *, now: datetime) -> list[str]:
    """The reasons why messages are not sent, if any."""
    with sessions() as session:
        return [*unfit_channels(session), *stopped(session, now=now), *in_no_channel(session)]


def stopped(session: Session, *, now: datetime) -> Iterator[str]:
    """A line for each sender or method that is stopped."""
    for pause in session.scalars(select(Pause).where(Pause.until > now, needs_administrator())):
        yield f"sending by {pause.scope} is stopped: {describe(pause.cause)}"


def in_no_channel(session: Session) -> Iterator[str]:
    """A line for each ticket and outage without a card."""
    for what, query in (("ticket", tickets_without_channel()), ("outage", outages_without_channel())):
        numbers = sorted(set(filter(None, session.scalars(query))))
        yield from (f"{what} {number} is in no channel" for number in numbers[:LISTED])
        if len(numbers) > LISTED:
            yield f"{len(numbers) - LISTED} more {what}s are in no channel"


def tickets_without_channel() -> CompoundSelect[Any]:
    """The numbers of the tickets whose team has no card of them, some perhaps `None`."""
    return _not_posted(select(Delivery.ticket_id), DeliveryKind.TRIAGE_CARD)


def confidential_waiting() -> Select[int]:
    """The number of confidential tickets whose card waits for their team's own channel."""
    numbers = tickets_without_channel().subquery()
    return select(func.count(Ticket.id)).where(Ticket.id.in_(select(numbers.c[0])), Ticket.is_confidential)


def outages_without_channel() -> CompoundSelect[Any]:
    """The ids of the outages that have no card."""
    rows = select(Outage.id).join(Delivery, Delivery.outage_id == Outage.id).where(Outage.ts.is_(None))
    return _not_posted(rows, DeliveryKind.OUTAGE)


def dead_by_kind(session: Session) -> Mapping[DeliveryKind, int]:
    """How many deliveries were given up; kinds without any are missing."""
    return dict(session.execute(dead_deliveries()).all())


def dead_deliveries() -> Select[DeliveryKind, int]:
    """The number of dead deliveries by kind."""
    return select(Delivery.kind, func.count()).where(Delivery.state == _DEAD).group_by(Delivery.kind)


def warnings(sessions: Sessions, *, now: datetime) -> list[str]:
    """All that somebody should look at."""
    with sessions() as session:
        dead = sum(dead_by_kind(session).values())
    given_up = [f"deliveries given up: {dead}; see `guichet deliveries list`"] if dead else []
    return not_sending_reasons(sessions, now=now) + given_up


def _not_posted(rows: Select[Any], kind: DeliveryKind) -> CompoundSelect[Any]:
    """Those of `rows` whose card is dead, or waits for an unknown channel. Each half has an index."""
    cards = rows.where(Delivery.kind == kind)
    waiting = cards.where(Delivery.state == _PENDING, Delivery.reason.in_(NO_CHANNEL))
    return union(cards.where(Delivery.state == _DEAD), waiting)


def needs_administrator() -> ColumnElement[bool]:
    """Whether an administrator has to end a pause: it is no rate limit, which ends by itself."""
    return or_(Pause.scope.in_(tuple(Lane)), Pause.reason == Reason.ACCESS_REFUSED)


PROBLEMS: Mapping[ChannelProblem, str] = {
    ChannelProblem.PUBLIC: "is public: everybody could read its tickets",
    ChannelProblem.SHARED: "is shared with another organisation",
    ChannelProblem.READ_ONLY: "does not let the bot or the team write",
}


def unfit_channels(session: Session) -> Iterator[str]:
    """A line for each team whose channel gets no cards."""
    unfit = select(Team).where(~Team.archived, Team.channel_problem.is_not(None)).order_by(Team.position)
    for team in session.scalars(unfit):
        assert team.channel_problem is not None
        yield unfit_channel(team, team.channel_problem)


def unfit_channel(team: Team, problem: ChannelProblem) -> str:
    """What is wrong with a team's channel, and what follows."""
    consequence = "no card is posted" if team.is_default else "the default team gets its cards"
    return f"{team.channel} ({team.id}) {PROBLEMS[problem]}: {consequence}"


ANNOUNCING_PROBLEMS: Mapping[ChannelProblem, str] = {
    ChannelProblem.SHARED: "is shared with another organisation: nothing is announced there",
    ChannelProblem.READ_ONLY: "does not let the bot write: nothing is announced there",
}


def unfit_for_announcements(session: Session) -> Iterator[str]:
    """A line for each channel in which nothing may be announced, as last read."""
    unfit = select(AnnouncementChannel).where(AnnouncementChannel.problem.in_(ANNOUNCING_PROBLEMS))
    for place in session.scalars(unfit.order_by(AnnouncementChannel.name)):
        assert place.problem is not None
        yield f"announcements: {place.shown} {ANNOUNCING_PROBLEMS[place.problem]}"
