"""The form of a new ticket."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from slack_sdk.models.views import View

from blocks.i18n import translator
from blocks.kit.text import cut_words
from blocks.kit.values import Payload
from blocks.kit.view_state import load_view_state
from blocks.tickets.new_ticket.fields import NewTicketForm
from blocks.tickets.new_ticket.form import NewTicketState, site_chosen, ticket_form
from blocks.tickets.new_ticket.site import with_site
from blocks.tickets.suggestions import FormHelp
from bot.context.actor import Actor
from bot.context.unit_of_work import UnitOfWork
from bot.services import catalogue
from bot.services.approvals.managers import known_manager
from bot.services.message_drafts.small_talk import title_line
from bot.services.outages.queries import open_outages
from bot.services.tickets.draft import follow_up, made_from, settable_statuses, usual_site
from bot.services.tickets.my_tickets import is_visible
from bot.views.tickets.opening_hours import form_hours
from models.catalogue import Service
from models.characters import split_words
from models.errors import TechniciansOnly
from models.fields import INPUT_MAX
from models.lifecycle import TITLE_MAX, Kind
from models.tickets.draft import NewFile, TicketDraft


def new_form(
    uow: UnitOfWork, draft: TicketDraft, *, found: FormHelp | None = None, is_suggested: bool = False
) -> View:
    """The form for the actor, with the requester's usual site chosen, and the statuses that they may set.

    `found`: what it suggests; `is_suggested`: its service was."""
    actor, session = uow.actor, uow.session
    technician = bool(actor.teams)
    made = made_from(session, draft.source) if technician and draft.source else None
    usual = usual_site(session, draft.requester if technician and draft.requester else actor.slack_id)
    form = NewTicketForm(
        draft=replace(draft, site_id=draft.site_id or usual),
        sites=catalogue.sites(session),
        statuses=settable_statuses(technician=technician),
        help=found or FormHelp(open_outages(session, actor.id)),
        hours=form_hours(uow, draft.service_id),
        service=session.get(Service, draft.service_id) if draft.service_id else None,
        is_description_required=uow.settings.description_required,
        technician=actor.slack_id if technician else None,
        manager=None if technician else _manager(uow),
        default_site=usual,
        made_before=made,
        may_open_made=made is not None and is_visible(uow, made),
        is_suggested=is_suggested,
    )
    return ticket_form(translator(actor.locale), form)


def _manager(uow: UnitOfWork) -> str | None:
    """The Slack id of the actor's manager, if it was read within a day."""
    manager = known_manager(uow.session, uow.person, uow.now)
    return manager.slack_id if manager else None


def with_requesters_site(uow: UnitOfWork, view: Payload, requester: Actor) -> View | None:
    """The open form with the usual site of who was chosen as its requester; `None` when its author has chosen
    a site, or it is the same. Raises `TechniciansOnly`: it tells where somebody works."""
    if not uow.actor.teams:
        raise TechniciansOnly
    default = NewTicketState.load(load_view_state(view)).default_site
    usual = usual_site(uow.session, requester.slack_id)
    if site_chosen(view) != default or usual == default:
        return None
    return with_site(translator(uow.actor.locale), view, catalogue.sites(uow.session), usual)


def follow_up_form(uow: UnitOfWork, number: int) -> View:
    """The form of a ticket that continues a closed one. Raises `TicketNotFound`, `TransitionRefused`."""
    return new_form(uow, follow_up(uow, number, new_draft()))


def service_form(uow: UnitOfWork, service_id: str, kind: Kind) -> View:
    """The form of a service. Raises `ServiceNotFound` when it does not offer that."""
    draft = catalogue.draft_for(
        uow.session, service_id, kind, submission=str(uuid4()), locale=translator(uow.actor.locale).locale
    )
    return new_form(uow, draft)


def new_draft(text: str = "") -> TicketDraft:
    """An empty form; the first line of the text given with `/ticket` is its title, and the rest, with what a
    title cannot hold, its description."""
    first, *lines = text.strip().splitlines() or [""]
    title, more = split_words(first, TITLE_MAX)
    return _filled(title.strip(), "\n".join([*filter(None, [more.strip()]), *lines]).strip("\n"))


def draft_of_text(text: str, files: Sequence[NewFile] = ()) -> TicketDraft:
    """A form filled with a message: the title is its first line that is no greeting, without the marks of a
    forwarded one; the description is the whole text."""
    return replace(_filled(cut_words(title_line(text), TITLE_MAX), text.strip()), files=files)


def _filled(title: str, description: str) -> TicketDraft:
    """A form with these; `rest` is what the input of the description cannot hold."""
    shown, rest = split_words(description, INPUT_MAX)
    return TicketDraft(submission=str(uuid4()), title=title, description=shown, rest=rest)
