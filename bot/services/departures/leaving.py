"""Notes who has left a team's channel or the organisation, and who is back. An hour later the worker reads
whether they are really gone: no reading alone, complete or not, releases a ticket."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from bot.context.actor import person_by_slack_id
from bot.context.unit_of_work import UnitOfWork
from bot.notifications.maintenance.departures import queue_reading
from models.catalogue import OPEN_TO_OTHERS, Team
from models.departures.departure import WAIT, Departure, DepartureState
from models.lifecycle import Status
from models.person import Person
from models.tickets.ticket import Ticket

PORTION = 50
_WAITING = Departure.state == DepartureState.WAITING
HELD = Ticket.status.in_((Status.IN_PROGRESS, Status.PENDING))
"""The open tickets that somebody may have."""


def leave(uow: UnitOfWork, channel: str, slack_id: str) -> None:
    """Somebody has left a channel: note it for each team whose channel it is, which only its members join."""
    person = person_by_slack_id(uow.session, slack_id)
    if person is not None:
        closed = Team.channel_problem.is_(None) | Team.channel_problem.not_in(OPEN_TO_OTHERS)
        for team in uow.session.scalars(select(Team).where(Team.channel_id == channel, closed)).all():
            _note(uow, person, team, is_deactivated=False)


def deactivate(uow: UnitOfWork, slack_id: str) -> None:
    """An account is deactivated: note it for each team of which they have a ticket."""
    person = person_by_slack_id(uow.session, slack_id)
    if person is not None:
        _note_deactivated(uow, person)


def note_deactivated(uow: UnitOfWork) -> None:
    """The same of accounts that were found deactivated without an event, a portion at each run."""
    left = select(Departure.id).where(
        Departure.person_id == Ticket.assignee_id, Departure.team_id == Ticket.team_id, _WAITING
    )
    has_tickets = select(Ticket.id).where(Ticket.assignee_id == Person.id, HELD, ~left.exists())
    people = select(Person).where(Person.is_deactivated, has_tickets.exists())
    for person in uow.session.scalars(people.order_by(Person.id).limit(PORTION)).all():
        _note_deactivated(uow, person)


def _note_deactivated(uow: UnitOfWork, person: Person) -> None:
    with_tickets = select(Ticket.team_id).where(Ticket.assignee_id == person.id, HELD)
    teams = select(Team).where(Team.id.in_(with_tickets), Team.channel_id.is_not(None)).order_by(Team.id)
    for team in uow.session.scalars(teams).all():
        _note(uow, person, team, is_deactivated=True)


def come_back(uow: UnitOfWork, channel: str, slack_id: str) -> None:
    """Somebody has joined a channel: they keep their tickets, unless these are released already."""
    person = person_by_slack_id(uow.session, slack_id)
    if person is not None:
        of_them = (Departure.channel == channel, Departure.person_id == person.id)
        _void(uow.session, *of_them, ~Departure.is_deactivated)


def reactivate(uow: UnitOfWork, slack_id: str) -> None:
    """An account is active again: they keep their tickets, unless these are released already."""
    person = person_by_slack_id(uow.session, slack_id)
    if person is not None:
        _void(uow.session, Departure.person_id == person.id, Departure.is_deactivated.is_(True))


def void_all(uow: UnitOfWork, channel: str) -> None:
    """The same, as a use case."""
    void(uow.session, channel)


def void(session: Session, channel: str) -> None:
    """A channel was archived, converted or replaced, which takes people out of it: nobody has left."""
    _void(session, Departure.channel == channel, ~Departure.is_deactivated)


def _void(session: Session, *which: ColumnElement[bool]) -> None:
    session.execute(
        update(Departure).where(_WAITING, *which).values(state=DepartureState.VOID),
        execution_options={"synchronize_session": False},
    )


def _note(uow: UnitOfWork, person: Person, team: Team, *, is_deactivated: bool) -> None:
    """Note a departure, unless it is noted. Its hour counts from the last time that they left."""
    assert team.channel_id is not None
    for earlier in _waiting(uow.session, person, team):
        if earlier.is_deactivated is is_deactivated and earlier.channel == team.channel_id:
            return
    departure = Departure(
        person_id=person.id,
        team_id=team.id,
        channel=team.channel_id,
        left_at=uow.now,
        is_deactivated=is_deactivated,
    )
    uow.session.add(departure)
    uow.session.flush()
    queue_reading(uow, departure, at=uow.now + WAIT)


def _waiting(session: Session, person: Person, team: Team) -> Sequence[Departure]:
    waiting = select(Departure).where(
        Departure.person_id == person.id, Departure.team_id == team.id, _WAITING
    )
    return session.scalars(waiting).all()
