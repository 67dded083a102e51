"""Forwarding a message, and removing a file from one's own."""

import uuid

from playground.client.conversations.posting import (
    emit_related_events,
    mark_read_now,
    own_message,
    writable_channel,
)
from playground.client.refusal import Refused
from playground.client.surfaces import visible_message
from playground.client.writing import slack_text
from playground.state.conversation.attachments import share
from playground.state.conversation.changes import delete_message, remove_file
from playground.state.conversation.messages import new_message, publish
from playground.state.slack import Slack
from playground.state.workspace import Message, Person


async def forward(
    slack: Slack,
    person: Person,
    source: Message,
    channel_id: str,
    comment: str = "",
    thread_ts: str | None = None,
) -> Message:
    """Forward a message to a channel or thread, with or without a comment.

    Its text is in an attachment; `text` is the comment, or empty, and then there are no blocks (recorded).
    """
    seen = visible_message(slack, person, source.channel, source.ts)
    channel = writable_channel(slack, person, channel_id, thread_ts)
    message = new_message(
        slack, channel, person.id, slack_text(slack.workspace, comment), thread_ts=thread_ts
    )
    message.attachments = [share(slack, seen)]
    message.client_msg_id = str(uuid.uuid4())
    publish(slack, channel, message)
    emit_related_events(slack, channel, message)
    mark_read_now(slack, person, channel)
    return message


async def take_file_out(
    slack: Slack, person: Person, message: Message, file_id: str, leaves_trace: bool = False
) -> None:
    """Delete a file from one's own message, which is deleted with its last file when it has no text.

    In recordings Slack left a tombstone in its place, or nothing.
    """
    own_message(slack, person, message.channel, message.ts)
    if file_id not in message.files:
        raise Refused("file_not_found", f"no file {file_id!r} in this message")
    if message.files == [file_id] and not message.text and not leaves_trace:
        delete_message(slack, message)
    else:
        remove_file(slack, message, file_id, leaves_trace=leaves_trace)
