"""What technicians file: a call that was already solved, a second ticket from one message."""

from collections.abc import Iterator
from dataclasses import replace

from slack_sdk.models.views import View

from blocks.i18n import translator
from blocks.tickets.new_ticket.same_message import asked_again
from bot.context.unit_of_work import UnitOfWork
from bot.ops.screens.cast import REQUESTER, TECHNICIAN
from bot.ops.screens.desk import SampleDesk
from bot.ops.screens.posting import discard
from bot.ops.screens.screen import Screen
from bot.ops.screens.stories import texts
from bot.ops.screens.stories.forms import open_form
from bot.ops.screens.stories.people import file
from bot.views.tickets import new_ticket
from bot.views.tickets.new_ticket import new_form
from bot.views.tickets.solved_call import solved_call_view, with_service
from models.errors import MadeFromMessage

AGREED = "ordinateur"
"""A service whose requests need an agreement."""


def filing(desk: SampleDesk) -> Iterator[Screen]:
    """The short form of a solved call, and the form of a message that has a ticket already."""
    yield from desk.draw("the form of a solved call", TECHNICIAN, solved_call_view)
    yield from desk.draw("the form of a solved call, with a service", TECHNICIAN, _with_service)
    file(desk, replace(texts.incident(), source=texts.SOURCE))
    discard(desk)
    draft = replace(new_ticket.draft_of_text(texts.LONG), requester=REQUESTER, source=texts.SOURCE)
    yield from desk.draw("the form of a message that has a ticket already", TECHNICIAN, new_form, draft)
    yield from desk.draw("the same, made while it was open", TECHNICIAN, _asked_again)


def _with_service(uow: UnitOfWork) -> View:
    chosen = {"selected_option": {"value": AGREED}}
    return with_service(uow, open_form(solved_call_view(uow), call_service=chosen))


def _asked_again(uow: UnitOfWork) -> View:
    _, error = translator(uow.actor.locale), MadeFromMessage(999_999, may_open=True)
    view = open_form(new_form(uow, new_ticket.draft_of_text(texts.LONG)))
    return asked_again(_, view, _(error.message, **error.values), error)
