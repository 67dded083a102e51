"""Passing a message on, and taking a file out of one's own."""

import uuid

from playground.client.conversations.posting import mark_read_now, own_message, tell_more, writable_channel
from playground.client.places import visible_message
from playground.client.refusal import Refused
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
    """Pass a message on to a channel or thread, with or without a comment.

    Its words are in an attachment; `text` is the comment, or empty, and then there are no blocks (recorded).
    """
    seen = visible_message(slack, person, source.channel, source.ts)
    channel = writable_channel(slack, person, channel_id, thread_ts)
    message = new_message(
        slack, channel, person.id, slack_text(slack.workspace, comment), thread_ts=thread_ts
    )
    message.attachments = [share(slack, seen)]
    message.client_msg_id = str(uuid.uuid4())
    publish(slack, channel, message)
    tell_more(slack, channel, message)
    mark_read_now(slack, person, channel)
    return message


async def take_file_out(
    slack: Slack, person: Person, message: Message, file_id: str, leaves_trace: bool = False
) -> None:
    """Delete a file from one's own message, which goes with its last file when it says nothing else.

    Slack was seen to leave a tombstone in its place, and to leave nothing.
    """
    own_message(slack, person, message.channel, message.ts)
    if file_id not in message.files:
        raise Refused("file_not_found", f"no file {file_id!r} in this message")
    if message.files == [file_id] and not message.text and not leaves_trace:
        delete_message(slack, message)
    else:
        remove_file(slack, message, file_id, leaves_trace=leaves_trace)
