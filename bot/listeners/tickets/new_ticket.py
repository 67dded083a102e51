"""New tickets: the form, the priority that it shows, its submission."""

import logging
from dataclasses import replace
from html import unescape  # docs.slack.dev: "&", "<" and ">" come escaped in a command

from slack_bolt import Ack, App

from blocks import ids
from blocks.kit.files import new_files
from blocks.kit.message_text import files_of
from blocks.kit.notices import notice
from blocks.kit.values import Payload, button_number
from blocks.tickets.new_ticket import form as forms
from blocks.tickets.state import DetailState
from bot.listeners.interaction import Interaction
from bot.services.message_drafts.use import submit
from bot.services.tickets.answers import people_asked_for
from bot.services.tickets.attachments import keep_form
from bot.slack.client import UNANSWERED
from bot.slack.people.profiles import SLACKBOT
from bot.slack.unanswered import explain
from bot.views.tickets.my_tickets import detail_view
from bot.views.tickets.new_ticket import draft_of_text, new_draft, new_form, with_requesters_site
from bot.views.tickets.suggestions import redrawn_form
from models.fields import Field
from models.tickets.draft import TicketDraft

logger = logging.getLogger(__name__)
FILES_MAX = 10  # of a message; the ticket links to the others


def type_command(ack: Ack, command: Payload, interaction: Interaction) -> None:
    """Somebody typed `/ticket`, perhaps with a title."""
    _open(interaction, new_draft(unescape(command.get("text", ""))))
    ack()


def press_new_ticket(ack: Ack, interaction: Interaction) -> None:
    """Somebody pressed "Nouveau Ticket Informatique", or chose the global shortcut."""
    interaction.show(interaction.as_member_if_known().read(new_form, new_draft()))
    ack()


def choose_impact_or_urgency(ack: Ack, interaction: Interaction) -> None:
    """Somebody chose an impact or an urgency in the form."""
    view = interaction.modal
    try:
        interaction.show(interaction.read(redrawn_form, view))
    except UNANSWERED as error:
        # The form works without it: the priority is computed again at submission.
        logger.warning("the priority was not refreshed: %s", explain(error))
    ack()


def choose_requester(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """A technician chose whom they file the ticket for: the site follows, unless they chose one."""
    view = interaction.modal
    requester = interaction.chosen(action.get("selected_user") or "", Field.REQUESTER)
    form = interaction.as_member().read(with_requesters_site, view, requester)
    if form is not None:
        interaction.show(form)
    ack()


def press_made_before(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """A technician opens the ticket that was made from the same message; the form stays below."""
    number = button_number(action)
    interaction.push(interaction.as_reader(number).read(detail_view, number, DetailState()))
    ack()


def submit_form(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """Somebody pressed "Enregistrer et fermer"."""
    draft, requester = forms.read_ticket_form(view), None
    if draft.requester is not None:  # the technicians' form
        interaction = interaction.as_member()
        requester = interaction.chosen(draft.requester, Field.REQUESTER)
    if draft.approver is not None:
        interaction.chosen(draft.approver, Field.APPROVER)
    for question_id in interaction.read(people_asked_for, draft):
        [chosen] = [answer.value for answer in draft.answers if answer.question_id == question_id]
        interaction.chosen(str(chosen), Field.QUESTION, question_id)
    sent, _ = interaction.write(submit, draft, requester=requester), interaction.translator
    text = forms.sent_again(_, sent.ticket.id, is_added=sent.is_added, is_left=sent.is_left)
    if not text and requester is not None and requester.id != interaction.actor.id:
        text = _("No. {number} has been raised for {name}.", number=sent.ticket.id, name=requester.name)
    if text:
        ack(response_action="update", view=notice(_, text))
    else:
        ack()


def choose_message(ack: Ack, shortcut: Payload, interaction: Interaction) -> None:
    """Somebody chose "Créer un ticket" on a message."""
    message = shortcut["message"]
    files = new_files(files_of(message))[:FILES_MAX]
    draft = draft_of_text(interaction.text_of(message), files)
    _open(interaction, replace(draft, requester=author_of(message), source=address_of(shortcut)))
    ack()


def author_of(message: Payload) -> str | None:
    """The Slack id of who wrote a message; `None` when that was an app or Slack."""
    author = message.get("user")
    return None if "bot_id" in message or author == SLACKBOT else author


def address_of(shortcut: Payload) -> str | None:
    """The message's address, as `chat.getPermalink` would give it; `None` when an organisation's payload does
    not name the workspace."""
    if not (shortcut.get("team") or {}).get("domain"):
        return None
    message, channel = shortcut["message"], shortcut["channel"]["id"]
    address = (
        f"https://{shortcut['team']['domain']}.slack.com/archives/{channel}/p{message['ts'].replace('.', '')}"
    )
    thread = message.get("thread_ts")
    return f"{address}?thread_ts={thread}&cid={channel}" if thread and thread != message["ts"] else address


def _open(interaction: Interaction, draft: TicketDraft) -> None:
    """Open the form, and keep what it cannot hold."""
    form = interaction.as_member_if_known().read(new_form, draft)
    if draft.has_more:
        interaction.write(keep_form, draft)
    interaction.open(form)


def register(app: App) -> None:
    app.command(ids.COMMAND_TICKET)(type_command)
    app.action(ids.NEW_TICKET)(press_new_ticket)
    app.shortcut(ids.SHORTCUT_NEW_TICKET)(press_new_ticket)
    app.action(ids.REQUESTER)(choose_requester)
    app.action(ids.MADE_BEFORE)(press_made_before)
    app.action(ids.IMPACT)(choose_impact_or_urgency)
    app.action(ids.URGENCY)(choose_impact_or_urgency)
    app.shortcut(ids.SHORTCUT_FROM_MESSAGE)(choose_message)
    app.view(ids.TICKET_FORM)(submit_form)
