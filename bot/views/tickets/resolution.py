"""The forms of a requester's answers."""

from slack_sdk.models.views import View

from blocks.i18n import translator
from blocks.tickets.resolution import reason_form
from blocks.tickets.state import DetailState
from bot.context.unit_of_work import UnitOfWork
from bot.services.tickets.actions import check
from bot.services.tickets.my_tickets import is_past_reopening
from bot.views.tickets.new_ticket import follow_up_form
from models.lifecycle import Action


def reason_view(
    uow: UnitOfWork, number: int, wanted: Action, resolution: int | None, detail: DetailState | None
) -> View:
    """The form that asks why; for a ticket closed too long ago to be reopened, the form of a follow-up.

    Raises as `check` does."""
    if wanted is Action.REOPEN and is_past_reopening(uow, number):
        return follow_up_form(uow, number)
    ticket = check(uow, number, wanted, resolution=resolution)
    return reason_form(translator(uow.actor.locale), ticket, wanted, detail=detail)
