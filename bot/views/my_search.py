"""The search over one's own tickets."""

from slack_sdk.models.views import View

from blocks.i18n import translator
from blocks.my_search import my_search_view
from blocks.tickets.state import MySearchState
from bot.context.unit_of_work import UnitOfWork
from bot.services.my_search import search_own

PAGE = 10


def own_results(uow: UnitOfWork, state: MySearchState) -> View:
    """One page of a search over the actor's tickets."""
    found = search_own(uow.session, uow.actor.id, state.query, page=state.page, size=PAGE)
    return my_search_view(translator(uow.actor.locale), found)
