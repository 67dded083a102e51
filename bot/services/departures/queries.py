"""Reads departures: whether there is something to release, and what a summary says."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.services.departures.leaving import HELD
from models.departures.departure import Departure, ReleasedTicket
from models.departures.errors import DepartureOver
from models.tickets.ticket import Ticket


def has_open_tickets(session: Session, departure: Departure) -> bool:
    """Whether they have an open ticket of the team that they left."""
    held = select(Ticket.id).where(
        Ticket.assignee_id == departure.person_id, Ticket.team_id == departure.team_id, HELD
    )
    return session.scalar(held.limit(1)) is not None


def summary_counts(session: Session, departure: Departure) -> tuple[int, int]:
    """How many tickets were released, and how many of them were given back."""
    of_it = select(ReleasedTicket.is_returned, func.count()).where(
        ReleasedTicket.departure_id == departure.id
    )
    rows = session.execute(of_it.group_by(ReleasedTicket.is_returned)).all()
    counts = {is_returned: count for is_returned, count in rows}  # noqa: C416
    return sum(counts.values()), counts.get(True, 0)


def who_left(uow: UnitOfWork, departure_id: int) -> tuple[str, str]:
    """The channel that was left, as it is now, and the Slack id of who left it."""
    departure = uow.session.get(Departure, departure_id)
    if departure is None:
        raise DepartureOver(None)
    return departure.team.channel_id or departure.channel, departure.person.slack_id
