"""The catalogue, in a state of its view."""

from slack_sdk.models.views import View

from blocks.catalogue.page import (
    PAGE_SIZE,
    article_in_catalogue,
    catalogue_page,
    service_view,
)
from blocks.catalogue.results import search_results
from blocks.catalogue.state import CatalogueState
from blocks.i18n import translator
from bot.context.unit_of_work import UnitOfWork
from bot.services import articles, catalogue, catalogue_search


def catalogue_view(uow: UnitOfWork, state: CatalogueState) -> View:
    """The catalogue in this state. Raises `ServiceNotFound` for a group or a service that is gone,
    `ArticleNotFound` for an article."""
    _, session = translator(uow.actor.locale), uow.session
    if state.article:
        return article_in_catalogue(_, articles.article_page(session, state.article), state=state)
    if state.service:
        return service_view(_, catalogue.service_page(session, state.service), state=state)
    if state.query:
        found = catalogue_search.search(session, state.query, page=state.page, size=PAGE_SIZE)
        return search_results(_, found, state=state)
    level = catalogue.browse(session, state.group, page=state.page, size=PAGE_SIZE)
    return catalogue_page(_, level, state=state)
