"""The forms behind a technician's buttons and menu."""

from slack_sdk.models.views import View

from blocks.i18n import translator
from blocks.kit.view_state import Place
from blocks.tickets import triage as forms
from blocks.tickets.resolution import reason_form, resolve_form
from bot.context.unit_of_work import UnitOfWork
from bot.services import catalogue
from bot.services.tickets.actions import check
from models.lifecycle import Action


def solution_form(uow: UnitOfWork, number: int, origin: Place | None) -> View:
    """The form of a solution, when the actor may resolve the ticket now; raises as `check` does."""
    ticket = check(uow, number, Action.RESOLVE)
    return resolve_form(translator(uow.actor.locale), ticket, place=origin)


def menu_form(uow: UnitOfWork, number: int, wanted: Action, origin: Place | None) -> View:
    """The form of what was chosen in the menu, when the actor may do it now; raises as `check` does."""
    ticket, _ = check(uow, number, wanted), translator(uow.actor.locale)
    match wanted:
        case Action.ASSIGN:
            return forms.assign_form(_, ticket, me=uow.actor.slack_id, place=origin)
        case Action.HOLD:
            return forms.hold_form(_, ticket, place=origin)
        case Action.REQUALIFY:
            sites, teams = catalogue.sites(uow.session), catalogue.teams(uow.session)
            return forms.requalify_form(_, ticket, sites=sites, teams=teams, place=origin)
        case Action.DUPLICATE:
            return forms.duplicate_form(_, ticket, place=origin)
    hint = _("The requester reads this.") if wanted is Action.CANCEL else _("Only your team reads this.")
    return reason_form(_, ticket, wanted, place=origin, hint=hint)
