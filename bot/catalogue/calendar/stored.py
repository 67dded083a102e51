"""The calendars of the database, as the last load left them."""

from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, Text, bindparam, cast, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.attributes import set_committed_value

from models.calendar.calendar import Calendar
from models.catalogue import CatalogueState, Service, Team
from models.person import Person
from models.tickets.ticket import Ticket

# Built once: every change of a ticket runs one of them. The calendars as texts, by which they are known
# again: to make one of its text takes as long as three statements.
_CALENDARS = (
    select(CatalogueState, Team)
    .add_columns(cast(CatalogueState.calendar, Text).label("of_desk"))
    .add_columns(cast(Team.calendar, Text).label("of_team"))
    .select_from(CatalogueState)
    .outerjoin(Team, Team.id == bindparam("team"))
    .where(CatalogueState.id == 1)
)
_requester, _actor = aliased(Person), aliased(Person)
_BESIDE = (
    _CALENDARS.add_columns(Service, _requester, _actor)
    .outerjoin(Service, Service.id == bindparam("service"))
    .outerjoin(_requester, _requester.id == bindparam("requester"))
    .outerjoin(_actor, _actor.id == bindparam("actor"))
)
_CALENDAR = TypeAdapter(Calendar | None)


def calendar_of(session: Session, team_id: str | None = None, service_id: str | None = None) -> Calendar:
    """The calendar that counts for a ticket of this team and service: the team's where it differs from the
    desk's; one that never closes, in the same time zone, for a service that is always open."""
    _read_calendars(session, team_id)
    state = session.get(CatalogueState, 1)
    team = session.get(Team, team_id) if team_id else None
    service = session.get(Service, service_id) if service_id else None
    calendar = (team and team.calendar) or desk_calendar(state.calendar if state else None)
    if service and service.is_always_open:
        return _always(calendar.time_zone)
    return _shared(calendar)


def desk_calendar(stored: Calendar | None) -> Calendar:
    """The desk's calendar: the shipped one before the first load of a version that knows calendars."""
    if stored is None:
        # Only then: all that reads a catalogue's file comes with it.
        from bot.catalogue.calendar.build import shipped_calendar

        return shipped_calendar()
    return stored


def calendar_for(session: Session, ticket: Ticket) -> Calendar:
    """The calendar of the ticket's team and service."""
    team_id = ticket.team.id if ticket.team else ticket.team_id  # a relationship may be newer than its key
    return calendar_of(session, team_id, ticket.service.id if ticket.service else None)


def read_beside(session: Session, ticket: Ticket, actor_id: int | None) -> None:
    """Read with one statement what an action goes by beside the ticket, unless the session has it from
    another: calendars, team, service, requester, actor. Not joined to the ticket itself: what PostgreSQL
    joins to a row that it waits for is of before the wait."""
    if CatalogueState not in session.info:
        named = {"team": ticket.team_id, "service": ticket.service_id}
        people = {"requester": ticket.requester_id, "actor": actor_id}
        with session.no_autoflush:
            _keep(session, session.execute(_BESIDE, named | people).one_or_none())


def _read_calendars(session: Session, team_id: str | None) -> None:
    """Read the calendars of the desk and of the first team that is asked for with one statement: each is
    deferred."""
    if CatalogueState not in session.info:
        with session.no_autoflush:
            _keep(session, session.execute(_CALENDARS, {"team": team_id}).one_or_none())


def _keep(session: Session, row: Row[Any] | None) -> None:
    """Keep the rows: the session alone would forget them, and read them for each ticket."""
    session.info[CatalogueState] = row
    if row is not None:
        state, team, of_desk, of_team, *_beside = tuple(row)
        _fill(state, of_desk)
        if team is not None:
            _fill(team, of_team)


def _fill(row: CatalogueState | Team, calendar: str | None) -> None:
    """Give a row its calendar, unless it has one already: that may be a change that is not saved yet."""
    if "calendar" not in row.__dict__:
        set_committed_value(row, "calendar", _made(calendar))


@lru_cache(100)
def _made(text: str | None) -> Calendar | None:
    return None if text is None else _CALENDAR.validate_json(text)


@lru_cache(100)
def _shared(calendar: Calendar) -> Calendar:
    """One of all equal calendars: it keeps the years that it has laid out."""
    return calendar


@lru_cache(10)
def _always(time_zone: str) -> Calendar:
    return Calendar.always(time_zone)
