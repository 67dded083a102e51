"""Comments: the forms of replies and notes, and messages written, edited or deleted in threads."""

from slack_bolt import Ack, App
from slack_sdk import WebClient

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.block_text import Content
from blocks.kit.files import new_files
from blocks.kit.message_text import files_of
from blocks.kit.text import escape
from blocks.kit.values import Payload, button_number, button_value
from blocks.kit.view_state import load_view_state
from blocks.tickets.conversation import comments as forms
from blocks.tickets.conversation.reply_hint import read_note_value, reply_hint, reply_hint_text
from blocks.tickets.state import FormState
from bot.context.unit_of_work import UnitOfWork
from bot.listeners.interaction import Interaction, in_direct_message
from bot.listeners.message_events import (
    TOMBSTONE,
    edited,
    is_in_a_thread,
    is_written,
    was_written,
    written,
)
from bot.listeners.refresh import close_form
from bot.services.approvers import thread as approvers_thread
from bot.services.message_drafts.receive import receive
from bot.services.outages import notes
from bot.services.tickets.comments import edits, replies, threads
from bot.services.tickets.comments.reply_hint import decline, note_to_offer
from bot.services.tickets.comments.threads import Thread, ThreadMessage
from bot.services.tickets.technician_forms.meanwhile import OpenedForm
from bot.slack.channel_messages import show_to
from bot.views.tickets.comments import note_form, reply_form, reply_with_note, with_phrase
from models.tickets.ticket import Ticket


def press_reply(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """A technician pressed "Répondre"."""
    number = button_number(action)
    interaction = interaction.as_technician(number)
    interaction.show(interaction.read(reply_form, number, interaction.detail))
    ack()


def choose_phrase(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """A technician chose a ready-made phrase in the reply form."""
    view = interaction.modal
    number, index = FormState.load(load_view_state(view)).ticket_id, button_number(action)
    interaction = interaction.as_technician(number)
    interaction.show(interaction.read(with_phrase, number, view, index))
    ack()


def submit_reply(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """A technician sent a reply."""
    form = forms.read_reply(view)
    state, number = form.state, form.state.ticket_id
    interaction = interaction.as_technician(number)
    new = replies.NewReply(form.text, state.submission, form.files, form.waits)
    interaction.write(replies.reply, number, new, OpenedForm(state.event, form.takes))
    close_form(ack, interaction, state)


def press_note(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """A technician pressed "Note interne"."""
    number = button_number(action)
    interaction = interaction.as_technician(number)
    interaction.show(interaction.read(note_form, number, interaction.detail))
    ack()


def submit_note(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """A technician wrote a note for their team."""
    form = forms.read_note(view)
    number = form.state.ticket_id
    interaction = interaction.as_technician(number)
    interaction.write(replies.note, number, form.text, submission=form.state.submission)
    close_form(ack, interaction, form.state)


def write_message(ack: Ack, event: Payload, interaction: Interaction) -> None:
    """Somebody wrote in a thread of their direct message with Guichet: under one of our messages about a
    ticket, or under another message."""
    thread = interaction.read(thread_of, event)
    if thread is not None:
        _hear(interaction, event, thread)
    else:
        interaction.write(receive, written(event, interaction.text_of(event)))
    ack()


def write_in_channel(ack: Ack, event: Payload, client: WebClient, interaction: Interaction) -> None:
    """Somebody wrote in a thread of a channel: a note, when it is the thread of a team's card."""
    thread = interaction.read(thread_of, event)
    if thread is None and (channel := interaction.read(moved_from, event)):
        interaction.resources.directory.find_again(channel)
        thread = interaction.read(thread_of, event)
    if thread is not None:
        # Looked up only now: an error needs their language, and most threads are none of ours.
        interaction = interaction.identified(event["user"])
        _hear(interaction, event, thread)
        if thread.is_teams and thread.outage_id is None:
            _offer_to_send(interaction, event, client)
    ack()


def _offer_to_send(interaction: Interaction, event: Payload, client: WebClient) -> None:
    """Offer the author of a note to send it to the requester, who has just written."""
    offer = interaction.read(offer_of, event, interaction.translator)
    if offer is not None:  # when Slack does not show it, the note is saved, and the card has "Reply"
        show_to(client, event, offer)


def offer_of(uow: UnitOfWork, event: Payload, _: Translator) -> Content | None:
    """The text and blocks of that offer; `None` when there is none to make."""
    note = note_to_offer(uow, event["channel"], event["ts"])
    return (escape(reply_hint_text(_, note)), reply_hint(_, note)) if note else None


def press_send_note(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """A technician pressed "L'envoyer à Camille" below their note."""
    number, note_id = read_note_value(button_value(action))
    interaction = interaction.as_technician(number)
    interaction.open(interaction.read(reply_with_note, number, note_id))
    ack()


def press_decline_hint(ack: Ack, interaction: Interaction) -> None:
    """A technician pressed "Ne plus me le proposer"."""
    interaction.write(decline)
    _ = interaction.translator
    interaction.replace_original(_("Understood: this will no longer be suggested."))
    ack()


def thread_of(uow: UnitOfWork, event: Payload) -> Thread | None:
    """The thread of ours that a message is in."""
    root, above = event.get("thread_ts"), event.get("parent_user_id")
    if root is None:
        return None
    return threads.thread_at(uow.session, event["channel"], root, writer=event["user"], above=above)


def moved_from(uow: UnitOfWork, event: Payload) -> str | None:
    """The team's channel that the message's channel may be, under a former id."""
    return threads.moved_from(uow.session, event["channel"], event["thread_ts"])


def _hear(interaction: Interaction, event: Payload, thread: Thread) -> Ticket | None:
    """Save the message as a comment; the ticket, or `None` when the message was deleted already, or is a note
    of an outage."""
    text = interaction.text_of(event)
    if thread.is_teams and thread.ticket_id is not None:
        # Only for the team's thread: a requester's message does not depend on Slack's answer.
        interaction = interaction.as_technician(thread.ticket_id)
    files = new_files(files_of(event))
    message = ThreadMessage(event["channel"], event["ts"], event["thread_ts"], text, files)
    if thread.outage_id is not None:
        interaction = interaction.as_outage_technician(thread.outage_id)
        interaction.write(notes.receive, thread.outage_id, message)
        return None
    return interaction.write(approvers_thread.receive, message)


def edit_message(ack: Ack, event: Payload, interaction: Interaction) -> None:
    """Somebody edited a message, removed a file from it, or deleted it while it had replies."""
    message = event["message"]
    if message.get("subtype") == TOMBSTONE:
        interaction.write(edits.delete, event["channel"], message["ts"])
    else:
        interaction.write(edits.edit, edited(event, interaction.text_of(message)))
    interaction.write(notes.follow, event["channel"], message["ts"])
    ack()


def delete_message(ack: Ack, event: Payload, interaction: Interaction) -> None:
    """Somebody deleted a message: a comment, or a message of ours."""
    before = event.get("previous_message") or {"thread_ts": None, "bot_id": None}
    if "bot_id" in before:
        interaction.write(threads.repost_card, event["channel"], event["deleted_ts"])
    if "thread_ts" in before and before.get("bot_id") is None:  # a message outside of threads was no comment
        interaction.write(edits.delete, event["channel"], event["deleted_ts"])
        interaction.write(notes.follow, event["channel"], event["deleted_ts"])
    ack()


def ignore(ack: Ack) -> None:
    """Slack sent a message of our own, or of its own: nothing to do."""
    ack()


def register(app: App) -> None:
    app.action(ids.ANSWER_REQUESTER)(press_reply)
    app.action(ids.PHRASE)(choose_phrase)
    app.view(ids.REPLY_FORM)(submit_reply)
    app.action(ids.WRITE_NOTE)(press_note)
    app.action(ids.SEND_NOTE)(press_send_note)
    app.action(ids.DECLINE_HINT)(press_decline_hint)
    app.view(ids.NOTE_FORM)(submit_note)
    app.event("message", matchers=[is_written, in_direct_message, is_in_a_thread])(write_message)
    app.event("message", matchers=[is_written, is_in_a_thread])(write_in_channel)
    app.event({"type": "message", "subtype": "message_changed"}, matchers=[was_written])(edit_message)
    app.event({"type": "message", "subtype": "message_deleted"})(delete_message)
    app.event("message", matchers=[_is_a_message])(ignore)


def _is_a_message(event: Payload) -> bool:
    """Whether it is no notice of Slack's about the channel."""
    return not str(event.get("subtype", "")).startswith("channel_")
