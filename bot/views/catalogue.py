"""The catalogue, where somebody stands in it."""

from slack_sdk.models.views import View

from blocks.catalogue.page import PAGE_SIZE, catalogue_level, search_results, service_view
from blocks.catalogue.state import CatalogueState
from blocks.i18n import translator
from bot.context.unit_of_work import UnitOfWork
from bot.services import catalogue


def catalogue_view(uow: UnitOfWork, place: CatalogueState) -> View:
    """The catalogue at this place. Raises `ServiceNotFound` when it is no longer there."""
    _, session = translator(uow.actor.locale), uow.session
    if place.service:
        return service_view(_, catalogue.service_page(session, place.service), place=place)
    if place.words:
        found = catalogue.search(session, place.words, _.locale, page=place.page, size=PAGE_SIZE)
        return search_results(_, found, place=place)
    level = catalogue.browse(session, place.group, page=place.page, size=PAGE_SIZE)
    return catalogue_level(_, level, place=place)
