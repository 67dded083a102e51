"""What the form of a new ticket says of opening hours."""

from blocks.i18n import translator
from blocks.opening_hours import DeskHours, WordedHours, worded_hours
from bot.catalogue.calendar.stored import calendar_of
from bot.context.unit_of_work import UnitOfWork
from bot.services import catalogue
from models.catalogue import CatalogueState, Service


def form_hours(uow: UnitOfWork, service_id: str | None) -> WordedHours:
    """In the actor's language and time zone: of the service, or of the default team."""
    actor = uow.actor
    return worded_hours(
        translator(actor.locale), _desk_hours(uow, service_id), time_zone=actor.time_zone, now=uow.now
    )


def _desk_hours(uow: UnitOfWork, service_id: str | None) -> DeskHours:
    session = uow.session
    service = session.get(Service, service_id) if service_id else None
    team = service.team if service else catalogue.default_team(session)
    of_team, state = calendar_of(session, team.id), session.get(CatalogueState, 1)
    is_of_service = service is not None and service.is_always_open and not of_team.is_always_open
    return DeskHours(
        calendar=calendar_of(session, team.id, service.id if service else None),
        team=team.name if of_team != calendar_of(session) and not is_of_service else None,
        is_of_service=is_of_service,
        phone=uow.settings.desk_phone,
        out_of_hours=state.out_of_hours if state else None,
    )
