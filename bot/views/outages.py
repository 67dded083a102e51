"""The forms of known outages."""

from dataclasses import replace
from uuid import uuid4

from slack_sdk.models.views import View
from sqlalchemy import select

from blocks import ids
from blocks.i18n import translator
from blocks.kit.values import Payload
from blocks.outages import attaching as attaching_forms
from blocks.outages import forms, updates
from blocks.outages.announcements.choice import announced_where, is_shown
from blocks.outages.detail import EVENTS_MAX, outage_detail
from bot.context.unit_of_work import UnitOfWork
from bot.services import catalogue
from bot.services.announcements import choosing
from bot.services.outages import attaching
from bot.services.outages.actions import editable, of_team
from bot.services.outages.queries import following
from models.characters import one_line
from models.lifecycle import TITLE_MAX
from models.tickets.outage import OutageDraft, OutageEvent


def declare_form(uow: UnitOfWork, title: str = "") -> View:
    """The empty form, perhaps with a title. Raises `TechniciansOnly`."""
    return filled_form(uow, OutageDraft(str(uuid4()), one_line(title)[:TITLE_MAX], announce=True))


def filled_form(uow: UnitOfWork, draft: OutageDraft) -> View:
    """The form with what somebody has chosen in it so far. Raises `TechniciansOnly`."""
    teams = catalogue.own_teams(uow.session, uow.actor)
    offered = forms.Offered(
        teams,
        catalogue.sites(uow.session),
        catalogue.offered_services(uow.session),
        choosing.offered(
            uow.session,
            team_id=draft.team_id or teams[0].id,
            site_ids=draft.site_ids,
            service_ids=draft.service_ids,
        ),
    )
    return forms.declare_form(translator(uow.actor.locale), draft, offered)


def redrawn_form(uow: UnitOfWork, view: Payload) -> View | None:
    """The form of a new outage as it is filled now; `None` when the box that has it announced stays as it is.
    Raises `StalePayload`, `FieldRefused`, `TechniciansOnly`."""
    draft = forms.read_outage_form(view).draft
    if not is_shown(view):
        draft = replace(draft, announce=True)
    form = filled_form(uow, draft)
    before = [block["hint"]["text"] for block in view["blocks"] if block.get("block_id") == ids.ANNOUNCE]
    return None if announced_where(form) == before else form


def propose_form(uow: UnitOfWork, outage_id: int) -> View | None:
    """The form that attaches tickets to a new outage; `None` when there is none. Raises as `of_team` does."""
    tickets = attaching.proposed(uow, outage_id)
    if not tickets:
        return None
    return attaching_forms.propose_form(translator(uow.actor.locale), of_team(uow, outage_id), tickets)


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
    return updates.update_form(translator(uow.actor.locale), outage, concerned, str(uuid4()))


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
