"""Filing a ticket: the form, its priority as one chooses, its submission."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from html import unescape  # docs.slack.dev: "&", "<" and ">" come escaped in a command
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.files import new_files
from blocks.kit.mrkdwn import as_typed
from blocks.kit.notices import notice
from blocks.tickets import new_ticket as ticket_form
from bot.context.actor import Asker, name_of
from bot.context.rules import Rules
from bot.db.session import Sessions, transact
from bot.listeners.interaction import chosen, view_of
from bot.services.tickets import new_ticket as filing
from bot.slack.client import UNANSWERED
from bot.slack.directory import Directory
from bot.views.tickets.new_ticket import first_line, form_view, new_draft

logger = logging.getLogger(__name__)
FILES_MAX = 10  # of a message; what is beyond them stays behind the link


def type_command(
    ack: Ack,
    command: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    rules: Rules,
    _: Translator,
) -> None:
    """Somebody typed `/ticket`, perhaps with a title."""
    filer = directory.with_teams_if_known(person)
    with sessions() as session:
        view = form_view(session, filer, _, rules, draft=new_draft(unescape(command.get("text", ""))))
    client.views_open(trigger_id=command["trigger_id"], view=view)
    ack()


def press_new_ticket(
    ack: Ack,
    body: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    rules: Rules,
    _: Translator,
) -> None:
    """Somebody pressed "Nouveau Ticket Informatique", or chose the global shortcut."""
    filer = directory.with_teams_if_known(person)
    with sessions() as session:
        view = form_view(session, filer, _, rules, draft=new_draft())
    client.views_open(trigger_id=body["trigger_id"], view=view)
    ack()


def choose_impact_or_urgency(ack: Ack, body: dict[str, Any], client: WebClient, _: Translator) -> None:
    """Somebody chose an impact or an urgency: the form shows the priority that follows."""
    view = view_of(body)
    try:
        client.views_update(view_id=view["id"], view=ticket_form.with_priority(_, view))
    except UNANSWERED as error:
        # The form is whole without it, and the server works it out again at submission.
        logger.warning("the priority was not refreshed: %s", type(error).__name__)
    ack()


def submit_form(
    ack: Ack,
    view: dict[str, Any],
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    rules: Rules,
    clock: Callable[[], datetime],
    _: Translator,
) -> None:
    """Somebody pressed "Enregistrer et fermer"."""
    draft, now = ticket_form.read_ticket_form(view), clock()
    filer, requester = person, None
    if draft.requester is not None:  # the technicians' form
        filer = directory.with_teams(person)
        requester = chosen(directory, draft.requester, ids.REQUESTER)
    ticket = transact(
        sessions,
        lambda session: filing.open_ticket(
            session, filer, draft, surface="form", rules=rules, now=now, requester=requester
        ),
    )
    if requester is None or requester.id == person.id:
        ack()
        return
    words = _("No. {number} is filed for {name}.", number=ticket.id, name=requester.name)
    ack(response_action="update", view=notice(_, words))


def choose_message(
    ack: Ack,
    shortcut: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    rules: Rules,
    _: Translator,
) -> None:
    """Somebody chose "Créer un ticket" on a message: its words, files and address are in the form; a
    technician is offered its author as the requester."""
    message = shortcut["message"]
    filer = directory.with_teams_if_known(person)
    with sessions() as session:
        words = as_typed(message, name_of(session))
        draft = replace(
            new_draft(),
            title=first_line(words),
            description=words,
            files=new_files(message.get("files"))[:FILES_MAX],
            requester=message.get("user"),
            source=address_of(shortcut),
        )
        view = form_view(session, filer, _, rules, draft=draft)
    client.views_open(trigger_id=shortcut["trigger_id"], view=view)
    ack()


def address_of(shortcut: dict[str, Any]) -> str:
    """Where the message stands (docs.slack.dev, "chat.getPermalink", which would cost a call)."""
    message, channel = shortcut["message"], shortcut["channel"]["id"]
    address = (
        f"https://{shortcut['team']['domain']}.slack.com/archives/{channel}/p{message['ts'].replace('.', '')}"
    )
    thread = message.get("thread_ts")
    return f"{address}?thread_ts={thread}&cid={channel}" if thread and thread != message["ts"] else address


def register(app: App) -> None:
    app.command(ids.COMMAND_TICKET)(type_command)
    app.action(ids.NEW_TICKET)(press_new_ticket)
    app.shortcut(ids.SHORTCUT_NEW_TICKET)(press_new_ticket)
    app.action(ids.IMPACT)(choose_impact_or_urgency)
    app.action(ids.URGENCY)(choose_impact_or_urgency)
    app.shortcut(ids.SHORTCUT_FROM_MESSAGE)(choose_message)
    app.view(ids.TICKET_FORM)(submit_form)
