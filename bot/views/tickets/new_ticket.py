"""The form of a new ticket, as somebody gets it."""

from dataclasses import replace
from uuid import uuid4

from slack_sdk.models.views import View
from sqlalchemy.orm import Session

from blocks.i18n import Translator
from blocks.kit.text import cut
from blocks.tickets import new_ticket as ticket_form
from bot.context.actor import Asker
from bot.context.rules import Rules
from bot.services import catalogue
from bot.services.outages.queries import open_outages
from bot.services.tickets import new_ticket as filing
from models.catalogue import Service
from models.lifecycle import TITLE_MAX
from models.person import Person
from models.tickets.draft import TicketDraft


def form_view(session: Session, person: Asker, _: Translator, rules: Rules, *, draft: TicketDraft) -> View:
    """The form as this person gets it: their last site chosen, what they may set offered."""
    technician = bool(person.teams)
    return ticket_form.ticket_form(
        _,
        sites=catalogue.sites(session),
        statuses=filing.settable_statuses(technician=technician),
        technician=person.slack_id if technician else None,
        draft=replace(draft, site_id=draft.site_id or session.get_one(Person, person.id).last_site_id),
        service=session.get(Service, draft.service_id) if draft.service_id else None,
        description_required=rules.description_required,
        outages=open_outages(session, person.id),
    )


def new_draft(words: str = "") -> TicketDraft:
    """An empty form; the words given with `/ticket` are its title, and what exceeds one its description."""
    words = words.strip()
    if len(words) <= TITLE_MAX:
        return TicketDraft(submission=str(uuid4()), title=words)
    return TicketDraft(submission=str(uuid4()), title=words[:TITLE_MAX], description=words[TITLE_MAX:])


def first_line(words: str) -> str:
    """What a ticket made from these words is called."""
    line = next((line.strip() for line in words.splitlines() if line.strip()), "")
    return cut(line, TITLE_MAX)
