"""The forms behind a technician's menu."""

from slack_sdk.models.views import View
from sqlalchemy.orm import Session

from blocks.i18n import Translator
from blocks.kit.view_state import Place
from blocks.tickets import triage as triage_forms
from blocks.tickets.resolution import reason_form
from bot.context.actor import Asker
from bot.services import catalogue as services_catalogue
from models.lifecycle import Action
from models.tickets.ticket import Ticket


def form_view(
    session: Session, technician: Asker, _: Translator, ticket: Ticket, wanted: Action, place: Place | None
) -> View:
    """The form of an action."""
    match wanted:
        case Action.ASSIGN:
            return triage_forms.assign_form(_, ticket, me=technician.slack_id, place=place)
        case Action.HOLD:
            return triage_forms.hold_form(_, ticket, place=place)
        case Action.REQUALIFY:
            sites, teams = services_catalogue.sites(session), services_catalogue.teams(session)
            return triage_forms.requalify_form(_, ticket, sites=sites, teams=teams, place=place)
        case Action.DUPLICATE:
            return triage_forms.duplicate_form(_, ticket, place=place)
    hint = _("The requester reads this.") if wanted is Action.CANCEL else _("Only your team reads this.")
    return reason_form(_, ticket, wanted, place=place, hint=hint)
