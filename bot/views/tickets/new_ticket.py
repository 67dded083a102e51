"""The form of a new ticket."""

from dataclasses import replace
from uuid import uuid4

from slack_sdk.models.views import View

from blocks.i18n import translator
from blocks.kit.text import cut
from blocks.tickets.new_ticket import NewTicketForm, ticket_form
from bot.context.unit_of_work import UnitOfWork
from bot.services import catalogue
from bot.services.outages.queries import open_outages
from bot.services.tickets.draft import follow_up, settable_statuses
from models.catalogue import Service
from models.characters import is_blank
from models.lifecycle import TITLE_MAX, Kind
from models.tickets.draft import TicketDraft


def new_form(uow: UnitOfWork, draft: TicketDraft) -> View:
    """The form for the actor, with their last site chosen, and the statuses that they may set."""
    actor, session = uow.actor, uow.session
    technician = bool(actor.teams)
    form = NewTicketForm(
        draft=replace(draft, site_id=draft.site_id or uow.person.last_site_id),
        sites=catalogue.sites(session),
        statuses=settable_statuses(technician=technician),
        outages=open_outages(session, actor.id),
        service=session.get(Service, draft.service_id) if draft.service_id else None,
        is_description_required=uow.settings.description_required,
        technician=actor.slack_id if technician else None,
    )
    return ticket_form(translator(actor.locale), form)


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
    first, *rest = text.strip().splitlines() or [""]
    description = "\n".join([*filter(None, [first[TITLE_MAX:]]), *rest]).strip("\n")
    return TicketDraft(submission=str(uuid4()), title=first[:TITLE_MAX], description=description)


def first_line(text: str) -> str:
    """The title of a ticket made from a message: its first line, without the marks of a forwarded one."""
    lines = (line.lstrip("> ").strip() for line in text.splitlines())
    return cut(next((line for line in lines if not is_blank(line)), ""), TITLE_MAX)
