"""Filing a ticket: the form, its priority as one chooses, its submission."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from html import unescape  # docs.slack.dev: "&", "<" and ">" come escaped in a command
from typing import Any
from uuid import uuid4

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.models.views import View
from sqlalchemy.orm import Session

from blocks import ids, ticket_form
from blocks.i18n import Translator
from bot import tickets
from bot.db import Sessions, transact
from bot.people import Asker
from bot.slack import UNANSWERED
from bot.tickets import Rules
from models.catalogue import Service
from models.draft import TicketDraft
from models.person import Person
from models.ticket import TITLE_MAX

logger = logging.getLogger(__name__)


def form_view(session: Session, person: Asker, _: Translator, rules: Rules, *, draft: TicketDraft) -> View:
    """The form as this person gets it: their last site chosen, the states that they may set offered."""
    return ticket_form.ticket_form(
        _,
        sites=tickets.sites(session),
        statuses=tickets.settable_statuses(frozenset()),
        draft=replace(draft, site_id=draft.site_id or session.get_one(Person, person.id).last_site_id),
        service=session.get(Service, draft.service_id) if draft.service_id else None,
        description_required=rules.description_required,
    )


def new_draft(words: str = "") -> TicketDraft:
    """An empty form; the words given with `/ticket` are its title, and what exceeds one its description."""
    words = words.strip()
    if len(words) <= TITLE_MAX:
        return TicketDraft(submission=str(uuid4()), title=words)
    return TicketDraft(submission=str(uuid4()), title=words[:TITLE_MAX], description=words[TITLE_MAX:])


def type_command(
    ack: Ack,
    command: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    person: Asker,
    rules: Rules,
    _: Translator,
) -> None:
    """Somebody typed `/ticket`, perhaps with a title."""
    with sessions() as session:
        view = form_view(session, person, _, rules, draft=new_draft(unescape(command.get("text", ""))))
    client.views_open(trigger_id=command["trigger_id"], view=view)
    ack()


def press_new_ticket(
    ack: Ack,
    body: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    person: Asker,
    rules: Rules,
    _: Translator,
) -> None:
    """Somebody pressed "Nouveau Ticket Informatique", or chose the global shortcut."""
    with sessions() as session:
        view = form_view(session, person, _, rules, draft=new_draft())
    client.views_open(trigger_id=body["trigger_id"], view=view)
    ack()


def choose_impact_or_urgency(ack: Ack, body: dict[str, Any], client: WebClient, _: Translator) -> None:
    """Somebody chose an impact or an urgency: the form shows the priority that follows."""
    try:
        client.views_update(view_id=body["view"]["id"], view=ticket_form.with_priority(_, body["view"]))
    except UNANSWERED as error:
        # The form is whole without it, and the server works it out again at submission.
        logger.warning("the priority was not refreshed: %s", type(error).__name__)
    ack()


def submit_form(
    ack: Ack,
    view: dict[str, Any],
    sessions: Sessions,
    person: Asker,
    rules: Rules,
    clock: Callable[[], datetime],
) -> None:
    """Somebody pressed "Enregistrer et fermer"."""
    draft = ticket_form.read_ticket_form(view)
    now = clock()
    transact(
        sessions,
        lambda session: tickets.open_ticket(session, person, draft, surface="form", rules=rules, now=now),
    )
    ack()


def register(app: App) -> None:
    app.command(ids.COMMAND_TICKET)(type_command)
    app.action(ids.NEW_TICKET)(press_new_ticket)
    app.shortcut(ids.SHORTCUT_NEW_TICKET)(press_new_ticket)
    app.action(ids.IMPACT)(choose_impact_or_urgency)
    app.action(ids.URGENCY)(choose_impact_or_urgency)
    app.view(ids.TICKET_FORM)(submit_form)
