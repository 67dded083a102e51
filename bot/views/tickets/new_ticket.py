"""The form of a new ticket, as somebody gets it."""

from dataclasses import replace
from uuid import uuid4

from slack_sdk.models.views import View

from blocks.i18n import translator
from blocks.kit.text import cut
from blocks.tickets.new_ticket import ticket_form
from bot.context.unit_of_work import UnitOfWork
from bot.services import catalogue
from bot.services.outages.queries import open_outages
from bot.services.tickets.draft import follow_up, settable_statuses
from models.catalogue import Service
from models.characters import is_blank
from models.lifecycle import TITLE_MAX, Kind
from models.tickets.draft import TicketDraft


def new_form(uow: UnitOfWork, draft: TicketDraft) -> View:
    """The form as the actor gets it: their last site chosen, what they may set offered."""
    actor, session = uow.actor, uow.session
    technician = bool(actor.teams)
    return ticket_form(
        translator(actor.locale),
        sites=catalogue.sites(session),
        statuses=settable_statuses(technician=technician),
        technician=actor.slack_id if technician else None,
        draft=replace(draft, site_id=draft.site_id or uow.person.last_site_id),
        service=session.get(Service, draft.service_id) if draft.service_id else None,
        description_required=uow.rules.description_required,
        outages=open_outages(session, actor.id),
    )


def follow_up_form(uow: UnitOfWork, number: int) -> View:
    """The form of a ticket that continues a closed one. Raises `TicketNotFound`, `TransitionRefused`."""
    return new_form(uow, follow_up(uow, number, new_draft()))


def service_form(uow: UnitOfWork, service_id: str, kind: Kind) -> View:
    """The form of a service. Raises `ServiceNotFound` when it does not offer that."""
    draft = catalogue.draft_for(
        uow.session, service_id, kind, submission=str(uuid4()), locale=translator(uow.actor.locale).locale
    )
    return new_form(uow, draft)


def new_draft(words: str = "") -> TicketDraft:
    """An empty form; the first line of the words given with `/ticket` is its title, and what exceeds one its
    description."""
    first, *rest = words.strip().splitlines() or [""]
    description = "\n".join([*filter(None, [first[TITLE_MAX:]]), *rest]).strip("\n")
    return TicketDraft(submission=str(uuid4()), title=first[:TITLE_MAX], description=description)


def first_line(words: str) -> str:
    """What a ticket made from these words is called: the first of them, even when they were passed on."""
    lines = (line.lstrip("> ").strip() for line in words.splitlines())
    return cut(next((line for line in lines if not is_blank(line)), ""), TITLE_MAX)
