"""The service levels of the database, as the last load left them: calendars and targets."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.catalogue.calendar.stored import calendar_of, desk_calendar
from models.calendar.calendar import Calendar
from models.calendar.service_level import SHIPPED_TARGETS, ServiceLevel
from models.catalogue import CatalogueState, Service, Team
from models.tickets.clocks.refresh import ClockRefresh
from models.tickets.ticket import Ticket


def stored_levels(session: Session) -> object:
    """All that the clocks of tickets go by; equal when nothing of it has changed."""
    state = session.get(CatalogueState, 1)
    desk = desk_calendar(state.calendar if state else None), (state and state.targets) or SHIPPED_TARGETS
    teams = {team: calendar for team, calendar in session.execute(select(Team.id, Team.calendar)) if calendar}
    rows = session.execute(select(Service.id, Service.targets, Service.is_always_open))
    services = {service: (targets, always) for service, targets, always in rows if targets or always}
    return desk, teams, services


def day_ends(session: Session, team_ids: Collection[str], now: datetime) -> Mapping[str, datetime]:
    """When the day ends, in the time zone of each of these teams."""
    desk = desk_calendar(session.scalar(select(CatalogueState.calendar)))
    rows = session.execute(select(Team.id, Team.calendar).where(Team.id.in_(team_ids)))
    return {team: _end_of_day(calendar or desk, now) for team, calendar in rows}


def _end_of_day(calendar: Calendar, now: datetime) -> datetime:
    tomorrow = calendar.local(now).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), calendar.zone).astimezone(UTC)


def ask_for_clocks(session: Session) -> None:
    """Have the clocks of all open tickets made anew; from the start when that is being done already."""
    asked = session.scalars(select(ClockRefresh).with_for_update()).all()
    for refresh in asked or [ClockRefresh()]:
        refresh.below = None
        session.add(refresh)


@dataclass(frozen=True)
class StoredLevels:
    """Finds the service level of a team and a service (`models.tickets.clocks.clock.LevelOf`), within one
    transaction."""

    session: Session
    _known: dict[tuple[str, str | None], ServiceLevel] = field(default_factory=dict)

    def __call__(self, team: Team, service: Service | None) -> ServiceLevel:
        ids = team.id, service.id if service else None
        if ids not in self._known:
            with self.session.no_autoflush:  # it is asked for while a ticket is half changed
                self._known[ids] = self._read(*ids)
        return self._known[ids]

    def of(self, ticket: Ticket) -> ServiceLevel:
        return self(ticket.team, ticket.service)

    def _read(self, team_id: str, service_id: str | None) -> ServiceLevel:
        calendar = calendar_of(self.session, team_id, service_id)  # first: it reads the state whole
        state = self.session.get(CatalogueState, 1)
        service = self.session.get(Service, service_id) if service_id else None
        targets = (service and service.targets) or (state and state.targets) or SHIPPED_TARGETS
        return ServiceLevel(calendar, targets)
