"""The short form of a call that was already solved."""

from uuid import uuid4

from slack_sdk.models.views import View

from blocks.i18n import translator
from blocks.kit.values import Payload
from blocks.tickets.solved_call import form as forms
from bot.context.unit_of_work import UnitOfWork
from bot.services import catalogue
from models.catalogue import Service
from models.errors import TechniciansOnly


def solved_call_view(uow: UnitOfWork) -> View:
    """The empty form. Raises `TechniciansOnly`."""
    if not uow.actor.teams:
        raise TechniciansOnly
    return forms.solved_call_form(translator(uow.actor.locale), str(uuid4()), catalogue.sites(uow.session))


def with_service(uow: UnitOfWork, view: Payload) -> View:
    """The open form with what its chosen service asks. Raises `TechniciansOnly`."""
    if not uow.actor.teams:
        raise TechniciansOnly
    service_id = forms.read_chosen_service(view)
    service = uow.session.get(Service, service_id) if service_id else None
    return forms.with_service(translator(uow.actor.locale), view, service)
