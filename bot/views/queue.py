"""A technician's queue, as a modal."""

from slack_sdk.models.views import View

from blocks.i18n import translator
from blocks.queue.rows import queue_view
from bot.context.actor import technician
from bot.context.unit_of_work import UnitOfWork
from bot.services.queue.pages import queue
from models.pages import QueueState

PAGE = 10


def own_queue(uow: UnitOfWork, state: QueueState) -> View:
    """The queue of the actor's teams. Raises `TechniciansOnly` when they are in none."""
    actor = technician(uow.actor)
    page = queue(uow.session, actor, state, size=PAGE, now=uow.now)
    return queue_view(translator(actor.locale), page, now=uow.now)
