"""A technician's search over the tickets of their teams."""

from slack_sdk.models.views import View

from blocks.i18n import translator
from blocks.search import search_view
from bot.context.actor import technician
from bot.context.unit_of_work import UnitOfWork
from bot.services.search import search
from models.pages import QueueState

PAGE = 10


def results(uow: UnitOfWork, words: str, page: int, queue: QueueState) -> View:
    """What the words find; `queue`: where to go back to. Raises `TechniciansOnly`.

    In a transaction: what the search asks of PostgreSQL lasts as long as one."""
    actor = technician(uow.actor)
    found = search(uow.session, actor, words, page=page, size=PAGE)
    return search_view(translator(actor.locale), found, queue=queue, now=uow.now)
