"""What people say to each other: the reply form, notes, and what is typed, edited or deleted in threads."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from blocks import ids
from blocks.app_home import entry_blocks, entry_text
from blocks.i18n import Translator
from blocks.kit.files import new_files, present
from blocks.kit.inputs import read_about
from blocks.kit.message_words import files_of
from blocks.kit.values import button_value, read_number
from blocks.tickets import comments as forms
from bot.context.unit_of_work import UnitOfWork
from bot.listeners.interaction import Interaction, in_direct_message
from bot.listeners.refresh import close_form
from bot.services.tickets.comments import edits, replies, threads
from bot.services.tickets.comments.early_changes import EditedMessage
from bot.services.tickets.comments.threads import Thread, ThreadMessage
from bot.views.tickets.comments import note_form, reply_form, with_phrase
from models.lifecycle import Status
from models.tickets.ticket import Ticket

WRITTEN = {None, "file_share", "me_message", "thread_broadcast"}  # the sorts of message that a person writes
TRACE = "tombstone"  # what is left of a message with answers, or of a file (docs.slack.dev, "message")


def press_reply(ack: Ack, action: dict[str, Any], interaction: Interaction) -> None:
    """A technician pressed "Répondre"."""
    number = read_number(button_value(action))
    interaction = interaction.as_technician(number)
    interaction.show(interaction.read(reply_form, number, interaction.origin))
    ack()


def choose_phrase(ack: Ack, action: dict[str, Any], interaction: Interaction) -> None:
    """A technician chose a ready-made phrase: it goes after what they have typed."""
    view = interaction.modal
    number, index = read_about(view).ticket_id, read_number(button_value(action))
    interaction = interaction.as_technician(number)
    interaction.show(interaction.read(with_phrase, number, view, index))
    ack()


def submit_reply(ack: Ack, view: dict[str, Any], interaction: Interaction) -> None:
    """A technician sent a reply."""
    form = forms.read_reply(view)
    number = form.about.ticket_id
    interaction = interaction.as_technician(number)
    interaction.write(
        replies.reply, number, form.text, files=form.files, waits=form.waits, submission=form.submission
    )
    close_form(ack, interaction, number, form.about.detail)


def press_note(ack: Ack, action: dict[str, Any], interaction: Interaction) -> None:
    """A technician pressed "Note interne"."""
    number = read_number(button_value(action))
    interaction = interaction.as_technician(number)
    interaction.show(interaction.read(note_form, number, interaction.origin))
    ack()


def submit_note(ack: Ack, view: dict[str, Any], interaction: Interaction) -> None:
    """A technician wrote a note for their team."""
    form = forms.read_note(view)
    number = form.about.ticket_id
    interaction = interaction.as_technician(number)
    interaction.write(replies.note, number, form.text, submission=form.submission)
    close_form(ack, interaction, number, form.about.detail)


def write_message(ack: Ack, event: dict[str, Any], client: WebClient, interaction: Interaction) -> None:
    """Somebody wrote to Guichet: words for the team under one of their own messages; to anything else Guichet
    says what it can do."""
    thread = interaction.read(thread_of, event)
    heard = _hear(interaction, event, thread) if thread else None
    if thread is None or (heard is not None and heard.status is Status.CLOSED):
        _ = interaction.translator
        client.chat_postEphemeral(
            channel=event["channel"],
            user=interaction.actor.slack_id,
            thread_ts=event.get("thread_ts"),
            text=entry_text(_) if heard is None else _say_that_it_is_closed(_, heard),
            blocks=entry_blocks(_) if heard is None else None,
        )
    ack()


def write_in_channel(ack: Ack, event: dict[str, Any], interaction: Interaction) -> None:
    """Somebody wrote in a thread of a channel: a note, when it is under a team's card."""
    thread = interaction.read(thread_of, event)
    if thread is None and (channel := interaction.read(moved_from, event)):
        interaction.resources.directory.find_again(channel)
        thread = interaction.read(thread_of, event)
    if thread is not None:
        # Who writes elsewhere is not our business; here the words of a refusal need their language.
        _hear(interaction.identified(event["user"]), event, thread)
    ack()


def thread_of(uow: UnitOfWork, event: dict[str, Any]) -> Thread | None:
    """The thread of ours that a message stands in."""
    root = event.get("thread_ts")
    return threads.thread_at(uow.session, event["channel"], root, writer=event["user"]) if root else None


def moved_from(uow: UnitOfWork, event: dict[str, Any]) -> str | None:
    """The team's channel that the message's may have been, before it was given another id."""
    return threads.moved_from(uow.session, event["channel"], event["thread_ts"])


def _hear(interaction: Interaction, event: dict[str, Any], thread: Thread) -> Ticket | None:
    """The ticket under one of whose messages it was written, with the words kept; `None` when they were taken
    back already."""
    text = interaction.text_of(event)
    if thread.is_teams and thread.ticket_id is not None:
        # A requester's words need no team, so they do not wait for what Slack says of one.
        interaction = interaction.as_technician(thread.ticket_id)
    typed = ThreadMessage(event["channel"], event["ts"], event["thread_ts"], text, new_files(files_of(event)))
    return interaction.write(threads.receive, typed)


def edit_message(ack: Ack, event: dict[str, Any], interaction: Interaction) -> None:
    """Somebody edited a message, took a file out of it, or deleted it from under its answers: what was
    passed on follows."""
    message = event["message"]
    if message.get("subtype") == TRACE:
        interaction.write(edits.delete, event["channel"], message["ts"])
    else:
        interaction.write(edits.edit, _edited(event, interaction.text_of(message)))
    ack()


def _edited(event: dict[str, Any], text: str) -> EditedMessage:
    """What became of a message. A file that was taken out leaves a trace, or nothing."""
    message, before = event["message"], event.get("previous_message") or {}
    files = files_of(message)
    traces = {str(file.get("id")) for file in files if file.get("mode") == TRACE}
    return EditedMessage(
        channel=event["channel"],
        ts=message["ts"],
        text=text,
        edited_ts=(message.get("edited") or {}).get("ts"),
        removed=tuple(sorted({*present(files_of(before)), *traces} - {*present(files)})),
        thread_ts=message.get("thread_ts"),
        writer=message.get("user"),
    )


def delete_message(ack: Ack, event: dict[str, Any], interaction: Interaction) -> None:
    """Somebody deleted a message: its words leave what was passed on; a team's card is posted anew."""
    before = event.get("previous_message") or {"thread_ts": None, "bot_id": None}
    if "bot_id" in before:
        interaction.write(threads.repost_card, event["channel"], event["deleted_ts"])
    if "thread_ts" in before and before.get("bot_id") is None:  # what stands in no thread was never for us
        interaction.write(edits.delete, event["channel"], event["deleted_ts"])
    ack()


def ignore(ack: Ack) -> None:
    """A message of our own, or of Slack's: nothing to answer."""
    ack()


def register(app: App) -> None:
    app.action(ids.ANSWER_REQUESTER)(press_reply)
    app.action(ids.PHRASE)(choose_phrase)
    app.view(ids.REPLY_FORM)(submit_reply)
    app.action(ids.WRITE_NOTE)(press_note)
    app.view(ids.NOTE_FORM)(submit_note)
    app.event("message", matchers=[_is_written, in_direct_message])(write_message)
    app.event("message", matchers=[_is_written, _is_in_a_thread])(write_in_channel)
    app.event({"type": "message", "subtype": "message_changed"}, matchers=[_was_written])(edit_message)
    app.event({"type": "message", "subtype": "message_deleted"})(delete_message)
    app.event("message", matchers=[_is_a_message])(ignore)


def _say_that_it_is_closed(_: Translator, ticket: Ticket) -> str:
    return _(
        "Your message was passed on, but No. {number} is closed. To have it worked on again, open it and "
        "press “Reopen”.",
        number=ticket.id,
    )


def _is_written(event: dict[str, Any]) -> bool:
    """By a person: not an edit, a deletion, or what an app says."""
    return event.get("subtype") in WRITTEN and "bot_id" not in event


def _is_a_message(event: dict[str, Any]) -> bool:
    """And not what Slack says there of the channel itself."""
    return not str(event.get("subtype", "")).startswith("channel_")


def _is_in_a_thread(event: dict[str, Any]) -> bool:
    return "thread_ts" in event


def _was_written(event: dict[str, Any]) -> bool:
    """Not one of our own edits, nor what is left of a message of ours."""
    message, before = event["message"], event.get("previous_message") or {}
    return "bot_id" not in {**before, **message} and message.get("subtype") in {*WRITTEN, TRACE}
