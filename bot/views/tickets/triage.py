"""The forms behind a technician's buttons and menu."""

from slack_sdk.models.views import View

from blocks.approvals.desk import record_form, request_form
from blocks.articles.insertion import ArticleChoice
from blocks.i18n import translator
from blocks.tickets.children.form import attach_form, solution_for_others
from blocks.tickets.insertion import Offers
from blocks.tickets.resolution import reason_form, resolve_form
from blocks.tickets.state import DetailState, FormState
from blocks.tickets.triage.assignment import assign_form
from blocks.tickets.triage.duplicate import duplicate_form
from blocks.tickets.triage.hold import hold_form
from blocks.tickets.triage.requalification import Offered, requalify_form
from bot.context.unit_of_work import UnitOfWork
from bot.services import catalogue
from bot.services.approvals.rows import approvals_of
from bot.services.articles import for_ticket
from bot.services.tickets.actions import check
from bot.services.tickets.children.queries import to_resolve
from bot.services.tickets.duplicates.resolution import duplicates_of, to_tell
from models.approvals.process import current
from models.catalogue import Service
from models.lifecycle import Action


def solution_form(uow: UnitOfWork, number: int, detail: DetailState | None) -> View:
    """The form of a solution, when the actor may resolve the ticket now; raises as `check` does."""
    ticket = check(uow, number, Action.RESOLVE)
    duplicates = to_tell([ticket], duplicates_of(uow.session, [number]))
    numbers = [duplicate.id for _original, duplicate in duplicates]
    _ = translator(uow.actor.locale)
    offers = Offers(ticket.team.phrases, ArticleChoice(*for_ticket(uow.session, ticket)))
    for_others = solution_for_others(_, *to_resolve(uow.session, ticket))
    return resolve_form(_, ticket, duplicates=numbers, offers=offers, to_children=for_others, detail=detail)


def menu_form(uow: UnitOfWork, number: int, wanted: Action, detail: DetailState | None) -> View:
    """The form of what was chosen in the menu, when the actor may do it now; raises as `check` does."""
    ticket, _ = check(uow, number, wanted), translator(uow.actor.locale)
    match wanted:
        case Action.ASSIGN:
            return assign_form(_, ticket, me=uow.actor.slack_id, detail=detail)
        case Action.HOLD:
            return hold_form(_, ticket, detail=detail)
        case Action.REQUALIFY:
            sites, teams = catalogue.sites(uow.session), catalogue.teams(uow.session)
            return requalify_form(_, ticket, Offered(sites, teams), detail=detail)
        case Action.ATTACH:
            return attach_form(_, ticket, detail=detail)
        case Action.DUPLICATE:
            return duplicate_form(_, ticket, detail=detail)
        case Action.REQUEST_AGREEMENT:
            return request_form(_, ticket, detail=detail)
        case Action.RECORD_AGREEMENT:
            return record_form(_, ticket, current(approvals_of(uow.session, number)), detail=detail)
    is_for_requester = wanted in {Action.CANCEL, Action.UNDO_CLOSING}
    hint = _("The requester will see this.") if is_for_requester else _("Only your team will see this.")
    return reason_form(_, ticket, wanted, detail=detail, hint=hint)


def requalify_view(uow: UnitOfWork, state: FormState, service_id: str | None) -> View:
    """The requalification form once a service was chosen in it: with the hand-over to the team that
    serves it, when that is another than the ticket's. Raises as `check` does."""
    ticket = check(uow, state.ticket_id, Action.REQUALIFY)
    service = uow.session.get(Service, service_id) if service_id else None
    is_elsewhere = service is not None and not service.archived and service.team_id != ticket.team_id
    sites, teams = catalogue.sites(uow.session), catalogue.teams(uow.session)
    offered = Offered(sites, teams, service if is_elsewhere else None)
    return requalify_form(translator(uow.actor.locale), ticket, offered, detail=state.detail)
