"""What becomes of messages: edits, previews of links, files taken out, deletions; and their events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.block_kit import complete_ids
from playground.state.conversation.message_payloads import message_payload, replies
from playground.state.conversation.messages import MAX_TEXT, message_event
from playground.state.inputs import kept_state
from playground.state.workspace import Json, Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playground.state.slack import Slack


def update_message(
    slack: Slack,
    message: Message,
    text: str,
    blocks: Sequence[Json] = (),
    *,
    metadata: Json | None = None,
    attachments: Sequence[Json] | None = None,
) -> None:
    """Replace what a message says, ephemeral or not. What stood there before stays in `versions`.

    Metadata and attachments stay when they are not given, and go when they are empty.
    """
    previous = message_payload(slack, message)
    message.versions.append(message.blocks)
    message.text = text[:MAX_TEXT]
    message.blocks = complete_ids(list(blocks))
    message.state = kept_state(message.blocks, message.state)
    if attachments is not None:
        message.attachments = list(attachments)
    if metadata is not None:
        message.metadata = metadata or None
    now = slack.workspace.clock.next_ts()
    if message.ephemeral_for is None:
        message.edited = now
        _tell_change(slack, message, now, previous)
    slack.workspace.changed()


def add_preview(slack: Slack, message: Message, preview: Json) -> None:
    """Show what a link in a message leads to: a `message_changed` in which nobody has edited anything."""
    previous, now = message_payload(slack, message), slack.workspace.clock.next_ts()
    message.attachments = [*message.attachments, {"id": len(message.attachments) + 1, **preview}]
    _tell_change(slack, message, now, previous)


def remove_file(slack: Slack, message: Message, file_id: str, *, leaves_trace: bool) -> None:
    """Take a file out of a message, with the same text as before."""
    previous, now = message_payload(slack, message), slack.workspace.clock.next_ts()
    slack.workspace.files[file_id].deleted = True
    if leaves_trace:
        message.tombstones.append(file_id)
    else:
        message.files.remove(file_id)
    _tell_change(slack, message, now, previous)


def delete_message(slack: Slack, message: Message) -> None:
    """Take a message away, ephemeral or not. A root with replies leaves a tombstone, until the last one goes.

    The events are those that Slack was recorded to send: `message_changed` to a tombstone, else
    `message_deleted`. That a tombstone goes without a word is an assumption.
    """
    if message.ephemeral_for is not None:
        slack.workspace.ephemerals[message.ephemeral_for].remove(message)
        slack.workspace.changed()
        return
    channel = slack.workspace.channels[message.channel]
    previous, now = message_payload(slack, message), slack.workspace.clock.next_ts()
    channel.gone.add(message.ts)
    if replies(channel, message.ts):
        message.deleted = True
        change: Json = {"subtype": "message_changed", "message": message_payload(slack, message)}
    else:
        del channel.messages[message.ts]
        change = {"subtype": "message_deleted", "deleted_ts": message.ts}
    _emit_change(slack, message, now, change | {"previous_message": previous})
    root = channel.messages.get(message.thread_ts or "")
    if root is not None and root.deleted and not replies(channel, root.ts):
        del channel.messages[root.ts]
    slack.workspace.changed()


def _tell_change(slack: Slack, message: Message, ts: str, previous: Json) -> None:
    change = {"message": message_payload(slack, message), "previous_message": previous}
    _emit_change(slack, message, ts, {"subtype": "message_changed"} | change)
    slack.workspace.changed()


def _emit_change(slack: Slack, message: Message, ts: str, change: Json) -> None:
    channel = slack.workspace.channels[message.channel]
    slack.delivery.emit(message_event(channel, ts) | {"ts": ts, "hidden": True} | change)
