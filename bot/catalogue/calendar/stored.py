"""The calendars of the database, as the last load left them."""

from functools import lru_cache

from sqlalchemy.orm import Session

from bot.catalogue.calendar.build import shipped_calendar
from models.calendar.calendar import Calendar
from models.catalogue import CatalogueState, Service, Team
from models.tickets.ticket import Ticket


def calendar_of(session: Session, team_id: str | None = None, service_id: str | None = None) -> Calendar:
    """The calendar that counts for a ticket of this team and service: the team's where it differs from the
    desk's; one that never closes, in the same time zone, for a service that is always open."""
    state = session.get(CatalogueState, 1)
    session.info[CatalogueState] = (
        state  # kept: the session alone would forget it, and read it for each ticket
    )
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


@lru_cache(100)
def _shared(calendar: Calendar) -> Calendar:
    """One of all equal calendars: it keeps the years that it has laid out."""
    return calendar


@lru_cache(10)
def _always(time_zone: str) -> Calendar:
    return Calendar.always(time_zone)
