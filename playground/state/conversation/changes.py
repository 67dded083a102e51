"""Changes of messages and their events: edits, link previews, removed files, deletions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.block_kit import complete_ids
from playground.state.conversation.message_payloads import message_payload, replies
from playground.state.conversation.messages import MAX_TEXT, message_event
from playground.state.files import delete_file
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
    """Replace the content of a message, ephemeral or not. The earlier blocks are kept in `versions`.

    Metadata and attachments are kept when None, and removed when empty.
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
        _emit_edit(slack, message, now, previous)
    slack.workspace.changed()


def add_preview(slack: Slack, message: Message, preview: Json) -> None:
    """Add a link's preview to a message: a `message_changed` without `edited`."""
    previous, now = message_payload(slack, message), slack.workspace.clock.next_ts()
    message.attachments = [*message.attachments, {"id": len(message.attachments) + 1, **preview}]
    _emit_edit(slack, message, now, previous)


def remove_file(slack: Slack, message: Message, file_id: str, *, leaves_trace: bool) -> None:
    """Remove a file from a message; the text stays."""
    previous, now = message_payload(slack, message), slack.workspace.clock.next_ts()
    delete_file(slack, slack.workspace.files[file_id])
    if leaves_trace:
        message.tombstones.append(file_id)
    else:
        message.files.remove(file_id)
    _emit_edit(slack, message, now, previous)


def delete_message(slack: Slack, message: Message) -> None:
    """Delete a message, ephemeral or not. A root with replies leaves a tombstone.

    The events are as recorded: `message_changed` to a tombstone, otherwise `message_deleted`. A tombstone is
    removed with the last reply; assumption: without an event.
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


def _emit_edit(slack: Slack, message: Message, ts: str, previous: Json) -> None:
    change = {"message": message_payload(slack, message), "previous_message": previous}
    _emit_change(slack, message, ts, {"subtype": "message_changed"} | change)
    slack.workspace.changed()


def _emit_change(slack: Slack, message: Message, ts: str, change: Json) -> None:
    channel = slack.workspace.channels[message.channel]
    slack.delivery.emit(message_event(channel, ts) | {"ts": ts, "hidden": True} | change)
