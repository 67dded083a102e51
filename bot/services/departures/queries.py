"""Reads departures: what a summary says, and who left."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from models.departures.departure import Departure, ReleasedTicket
from models.departures.errors import DepartureOver


def summary_counts(session: Session, departure: Departure) -> tuple[int, int]:
    """How many tickets were released, and how many of them were given back."""
    of_it = select(ReleasedTicket.is_returned, func.count()).where(
        ReleasedTicket.departure_id == departure.id
    )
    counts = dict(session.execute(of_it.group_by(ReleasedTicket.is_returned)).all())
    return sum(counts.values()), counts.get(True, 0)


def who_left(uow: UnitOfWork, departure_id: int) -> tuple[str, str]:
    """The channel that was left, as it is now, and the Slack id of who left it."""
    departure = uow.session.get(Departure, departure_id)
    if departure is None:
        raise DepartureOver(None)
    return departure.team.channel_id or departure.channel, departure.person.slack_id
