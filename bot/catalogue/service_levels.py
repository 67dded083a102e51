"""The service levels of the database, as the last load left them: calendars and targets."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.catalogue.calendar.stored import calendar_of
from models.catalogue import CatalogueState, Service, Team
from models.service_level import SHIPPED_TARGETS, ServiceLevel
from models.tickets.ticket import Ticket


@dataclass(frozen=True)
class StoredLevels:
    """Finds the service level of a team and a service (`models.tickets.clock.LevelOf`)."""

    session: Session

    def __call__(self, team: Team, service: Service | None) -> ServiceLevel:
        with self.session.no_autoflush:  # it is asked for while a ticket is half changed
            state = self.session.get(CatalogueState, 1)
            targets = (service and service.targets) or (state and state.targets) or SHIPPED_TARGETS
            return ServiceLevel(calendar_of(self.session, team.id, service.id if service else None), targets)

    def of(self, ticket: Ticket) -> ServiceLevel:
        return self(ticket.team, ticket.service)
