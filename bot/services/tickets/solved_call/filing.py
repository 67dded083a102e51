"""A call that was already solved, from the short form: filed, taken and resolved at once."""

from dataclasses import replace

from bot.context.actor import Actor
from bot.context.unit_of_work import UnitOfWork
from bot.services.catalogue import is_offered, own_teams
from bot.services.tickets.draft import usual_site
from bot.services.tickets.resubmission import Submitted, submit
from models.catalogue import Service
from models.characters import is_blank
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import Impact, Kind, Urgency
from models.tickets.draft import TicketDraft


def log_call(uow: UnitOfWork, draft: TicketDraft, requester: Actor, *, kind: Kind | None = None) -> Submitted:
    """File the call for its requester, with their usual site unless another was chosen, and resolve it.

    `kind`: of a service that offers both; `None`: its usual one. Raises `TechniciansOnly`, and as
    `open_ticket` does."""
    own_teams(uow.session, uow.actor)
    service = _service(uow, draft, kind)
    if service is None and is_blank(draft.title):
        raise FieldRefused(Field.TITLE, FieldReason.NEEDS_TITLE)
    chosen = Kind.INCIDENT if service is None else (kind or service.usual_kind)
    if service is not None and chosen is Kind.REQUEST:
        _check_recordable(service, draft)
    title = service.name.in_(requester.locale) if service and is_blank(draft.title) else draft.title
    site_id = draft.site_id or usual_site(uow.session, requester.slack_id)
    if site_id is None:
        raise FieldRefused(Field.SITE, FieldReason.SITE_UNKNOWN)
    filled = replace(
        draft, kind=chosen, title=title, impact=Impact.PERSON, urgency=Urgency.MEDIUM, site_id=site_id
    )
    return submit(uow, filled, requester=requester)


def _service(uow: UnitOfWork, draft: TicketDraft, kind: Kind | None) -> Service | None:
    """The chosen service. Raises `FieldRefused` when it has left the catalogue, or does not offer that."""
    if draft.service_id is None:
        return None
    service = uow.session.get(Service, draft.service_id)
    if service is None or not is_offered(service, kind or service.usual_kind):
        raise FieldRefused(Field.SERVICE, FieldReason.UNKNOWN)
    return service


def _check_recordable(service: Service, draft: TicketDraft) -> None:
    """Raise `FieldRefused` unless the form can record all that the service's requests need: the answers on
    which a step depends are not in it."""
    if not service.approval:
        return
    if len(service.approval) > 1 or service.approval[0].when is not None:
        raise FieldRefused(Field.SERVICE, FieldReason.AGREEMENTS_ELSEWHERE)
    if draft.approver is None and is_blank(draft.agreed_where):
        raise FieldRefused(Field.APPROVER, FieldReason.NEEDS_RECORDED_AGREEMENT)
