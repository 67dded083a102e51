"""The calendars of the database, as the last load left them."""

from functools import lru_cache

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, undefer

from bot.catalogue.calendar.build import shipped_calendar
from models.calendar.calendar import Calendar
from models.catalogue import CatalogueState, Service, Team
from models.tickets.ticket import Ticket

_CALENDARS = (
    select(CatalogueState, Team)
    .outerjoin(Team, Team.id == bindparam("team"))
    .where(CatalogueState.id == 1)
    .options(undefer(CatalogueState.calendar), undefer(Team.calendar))
)


def calendar_of(session: Session, team_id: str | None = None, service_id: str | None = None) -> Calendar:
    """The calendar that counts for a ticket of this team and service: the team's where it differs from the
    desk's; one that never closes, in the same time zone, for a service that is always open."""
    _read_calendars(session, team_id)
    state = session.get(CatalogueState, 1)
    team = session.get(Team, team_id) if team_id else None
    service = session.get(Service, service_id) if service_id else None
    calendar = (team and team.calendar) or (state and state.calendar) or shipped_calendar()
    if service and service.is_always_open:
        return _always(calendar.time_zone)
    return _shared(calendar)


def calendar_for(session: Session, ticket: Ticket) -> Calendar:
    """The calendar of the ticket's team and service."""
    team_id = ticket.team.id if ticket.team else ticket.team_id  # a relationship may be newer than its key
    return calendar_of(session, team_id, ticket.service.id if ticket.service else None)


def _read_calendars(session: Session, team_id: str | None) -> None:
    """Read the calendars of the desk and of the first team that is asked for with one statement: each is
    deferred. Both rows are kept: the session alone would forget them, and read them for each ticket."""
    if CatalogueState not in session.info:
        with session.no_autoflush:
            session.info[CatalogueState] = session.execute(_CALENDARS, {"team": team_id}).one_or_none()


@lru_cache(100)
def _shared(calendar: Calendar) -> Calendar:
    """One of all equal calendars: it keeps the years that it has laid out."""
    return calendar


@lru_cache(10)
def _always(time_zone: str) -> Calendar:
    return Calendar.always(time_zone)
