"""Posting messages, ephemeral ones included.

Permissions are checked by the callers; here the state changes and the events are sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.block_kit import complete_ids
from playground.state.conversation.message_payloads import message_payload
from playground.state.conversation.rich_text import rich_text
from playground.state.inputs import kept_state
from playground.state.workspace import BOT_USER_ID, Channel, Json, Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playground.state.slack import Slack

MAX_TEXT = 40_000  # longer texts are truncated
CHANNEL_TYPES = {"public": "channel", "private": "group", "im": "im"}


def post_message(
    slack: Slack,
    channel: Channel,
    user: str,
    text: str,
    blocks: Sequence[Json] = (),
    *,
    thread_ts: str | None = None,
    metadata: Json | None = None,
    files: Sequence[str] = (),
    attachments: Sequence[Json] = (),
) -> Message:
    """Add a message of `user` (an id) to a channel, visible to all members; its event is sent at once."""
    message = new_message(slack, channel, user, text, blocks, thread_ts=thread_ts)
    message.metadata = metadata
    message.files = list(files)
    message.attachments = list(attachments)
    publish(slack, channel, message)
    return message


def publish(slack: Slack, channel: Channel, message: Message) -> None:
    """Add a message to its channel, visible to all members; its event is sent at once."""
    channel.messages[message.ts] = message
    for file_id in message.files:
        slack.workspace.files[file_id].shared_in.add(channel.id)
    slack.workspace.changed()
    slack.delivery.emit(message_event(channel, message.ts) | message_payload(slack, message))


def post_ephemeral(
    slack: Slack,
    channel: Channel,
    person: str,
    text: str,
    blocks: Sequence[Json] = (),
    *,
    thread_ts: str | None = None,
) -> Message:
    """Show a message of the app to one person (an id). It is not in the history and has no event."""
    message = new_message(slack, channel, BOT_USER_ID, text, blocks, thread_ts=thread_ts)
    message.ephemeral_for = person
    slack.workspace.ephemerals.setdefault(person, []).append(message)
    slack.workspace.changed()
    return message


def new_message(
    slack: Slack,
    channel: Channel,
    user: str,
    text: str,
    blocks: Sequence[Json] = (),
    *,
    thread_ts: str | None = None,
) -> Message:
    """A message that is not posted yet. Slack's client makes blocks of a person's text."""
    author = slack.workspace.people.get(user)
    if not blocks and text and author is not None and author.is_human:
        blocks = [rich_text(text)]
    complete = complete_ids(list(blocks))
    return Message(
        ts=slack.workspace.clock.next_ts(),
        channel=channel.id,
        user=user,
        text=text[:MAX_TEXT],
        blocks=complete,
        thread_ts=thread_ts,
        state=kept_state(complete, {}),
    )


def message_event(channel: Channel, ts: str) -> Json:
    return {
        "type": "message",
        "channel": channel.id,
        "channel_type": CHANNEL_TYPES[channel.kind],
        "event_ts": ts,
    }
