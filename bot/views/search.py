"""A technician's search over the tickets of their teams."""

from slack_sdk.models.views import View

from blocks.i18n import translator
from blocks.queue.state import SearchState
from blocks.search import search_view
from bot.context.actor import technician
from bot.context.unit_of_work import UnitOfWork
from bot.services.audit.reading import searched
from bot.services.search import search

PAGE = 10


def results(uow: UnitOfWork, state: SearchState) -> View:
    """One page of the results of a search. Raises `TechniciansOnly`.

    Needs a transaction: the search's settings in PostgreSQL last as long as one."""
    actor = technician(uow.actor)
    if state.query.strip():
        searched(uow)
    found = search(uow.session, actor, state.query, page=state.page, size=PAGE)
    return search_view(translator(actor.locale), found, queue=state.queue, now=uow.now)
