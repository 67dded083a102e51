"""The forms of known outages."""

from uuid import uuid4

from slack_sdk.models.views import View
from sqlalchemy import select

from blocks.i18n import translator
from blocks.outages import attachments, forms, updates
from blocks.outages.detail import EVENTS_MAX, outage_detail
from bot.context.unit_of_work import UnitOfWork
from bot.services import catalogue
from bot.services.outages import attaching
from bot.services.outages.actions import editable, of_team
from bot.services.outages.queries import following
from models.characters import one_line
from models.lifecycle import TITLE_MAX
from models.tickets.outage import OutageDraft, OutageEvent


def declare_form(uow: UnitOfWork, title: str = "") -> View:
    """The empty form, perhaps with a title. Raises `TechniciansOnly`."""
    return forms.declare_form(
        translator(uow.actor.locale),
        draft=OutageDraft(str(uuid4()), one_line(title)[:TITLE_MAX]),
        teams=catalogue.own_teams(uow.session, uow.actor),
        sites=catalogue.sites(uow.session),
        services=catalogue.offered_services(uow.session),
    )


def propose_form(uow: UnitOfWork, outage_id: int) -> View | None:
    """The form that attaches tickets to a new outage; `None` when there is none. Raises as `of_team` does."""
    tickets = attaching.proposed(uow, outage_id)
    if not tickets:
        return None
    return attachments.propose_form(translator(uow.actor.locale), of_team(uow, outage_id), tickets)


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


def history(uow: UnitOfWork, outage_id: int) -> View:
    """What was done, told and noted of it. Raises as `of_team` does."""
    outage = of_team(uow, outage_id)
    events = select(OutageEvent).where(OutageEvent.outage_id == outage.id).order_by(OutageEvent.id.desc())
    found = uow.session.scalars(events.limit(EVENTS_MAX + 1)).all()
    return outage_detail(translator(uow.actor.locale), outage, found)


def resolve_form(uow: UnitOfWork, outage_id: int) -> View:
    """The form that resolves an outage for all its followers. Raises as `editable` does."""
    outage = editable(uow, outage_id)
    concerned = following(uow.session, outage).concerned
    return forms.resolve_outage_form(translator(uow.actor.locale), outage, concerned)
