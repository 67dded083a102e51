"""The form that asks whether a ticket is to be attached to what was chosen, and what is offered to choose."""

from slack_sdk.models.blocks import OptionGroup
from slack_sdk.models.views import View

from blocks.i18n import translator
from blocks.tickets.children.form import Target, confirmation, target_options
from blocks.tickets.state import FormState
from bot.context.unit_of_work import UnitOfWork
from bot.services.children.attaching import check_outage, check_target
from bot.services.children.targets import targets
from bot.services.tickets.actions import check
from models.lifecycle import Action


def confirmation_form(uow: UnitOfWork, state: FormState, target: Target) -> View:
    """Raises what `check` raises, and `FieldRefused` when it cannot be attached to that."""
    ticket = check(uow, state.ticket_id, Action.ATTACH)
    find = check_outage if target.is_outage else check_target
    chosen = find(uow, ticket, target.id)
    return confirmation(translator(uow.actor.locale), ticket, chosen, detail=state.detail)


def offered(uow: UnitOfWork, number: int, words: str) -> list[OptionGroup]:
    """The groups of the menu for what was typed."""
    found = targets(uow, number, words)
    _ = translator(uow.actor.locale)
    return target_options(_, found.tickets, found.outages, has_more=found.has_more)
