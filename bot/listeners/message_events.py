"""Events of messages: who wrote what, and where."""

from blocks.kit.files import new_files, present
from blocks.kit.message_text import files_of
from blocks.kit.values import Payload
from bot.services.message_drafts.receive import WrittenMessage
from bot.services.tickets.comments.early_changes import EditedMessage

WRITTEN = {None, "file_share", "me_message", "thread_broadcast"}  # subtypes of what a person writes
TOMBSTONE = "tombstone"  # of a deleted message with replies, or of a file (docs.slack.dev, "message")


def is_written(event: Payload) -> bool:
    """Whether a person wrote it: no edit, no deletion, no app's message."""
    return event.get("subtype") in WRITTEN and "bot_id" not in event


def is_in_a_thread(event: Payload) -> bool:
    return "thread_ts" in event


def is_outside_threads(event: Payload) -> bool:
    return "thread_ts" not in event


def was_written(event: Payload) -> bool:
    """Whether the changed message is a person's, not one of ours."""
    message, before = event["message"], event.get("previous_message") or {}
    return "bot_id" not in {**before, **message} and message.get("subtype") in {*WRITTEN, TOMBSTONE}


def written(event: Payload, text: str) -> WrittenMessage:
    """The message of an event, with its text."""
    return WrittenMessage(event["channel"], event["ts"], text, new_files(files_of(event)))


def edited(event: Payload, text: str) -> EditedMessage:
    """The edit of a message. A removed file leaves a tombstone, or nothing."""
    message, before = event["message"], event.get("previous_message") or {}
    files = files_of(message)
    tombstones = {str(file.get("id")) for file in files if file.get("mode") == TOMBSTONE}
    return EditedMessage(
        channel=event["channel"],
        ts=message["ts"],
        text=text,
        edited_ts=(message.get("edited") or {}).get("ts"),
        removed=tuple(sorted({*present(files_of(before)), *tombstones} - {*present(files)})),
        thread_ts=message.get("thread_ts"),
        writer=message.get("user"),
    )
