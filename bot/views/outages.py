"""The forms of known outages."""

from uuid import uuid4

from slack_sdk.models.views import View

from blocks.i18n import translator
from blocks.outages import forms, updates
from bot.context.unit_of_work import UnitOfWork
from bot.services import catalogue
from bot.services.outages.actions import editable, of_team
from bot.services.outages.queries import following
from models.characters import one_line
from models.lifecycle import TITLE_MAX
from models.tickets.outage import OutageDraft


def declare_form(uow: UnitOfWork, title: str = "") -> View:
    """The empty form, perhaps with a title. Raises `TechniciansOnly`."""
    return forms.declare_form(
        translator(uow.actor.locale),
        draft=OutageDraft(str(uuid4()), one_line(title)[:TITLE_MAX]),
        teams=catalogue.own_teams(uow.session, uow.actor),
        sites=catalogue.sites(uow.session),
        services=catalogue.offered_services(uow.session),
    )


def amend_form(uow: UnitOfWork, outage_id: int) -> View:
    """The form with what the outage says now. Raises as `editable` does."""
    outage = editable(uow, outage_id)
    services = catalogue.offered_services(uow.session)
    return forms.amend_form(
        translator(uow.actor.locale), outage, sites=catalogue.sites(uow.session), services=services
    )


def update_form(uow: UnitOfWork, outage_id: int) -> View:
    """The form that tells its followers how it goes. Raises as `editable` does."""
    outage = editable(uow, outage_id)
    concerned = following(uow.session, outage).concerned
    return updates.update_form(translator(uow.actor.locale), outage, concerned)


def review_form(uow: UnitOfWork, outage_id: int) -> View:
    """The form that says what happened. Raises as `of_team` does."""
    return updates.review_form(translator(uow.actor.locale), of_team(uow, outage_id))


def resolve_form(uow: UnitOfWork, outage_id: int) -> View:
    """The form that resolves an outage for all its followers. Raises as `editable` does."""
    outage = editable(uow, outage_id)
    concerned = following(uow.session, outage).concerned
    return forms.resolve_outage_form(translator(uow.actor.locale), outage, concerned)
