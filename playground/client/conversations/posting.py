"""Writing in conversations: messages, edits, files, read marks."""

import mimetypes
import uuid

from playground.client.refusal import Refused
from playground.client.surfaces import visible_channel, visible_message
from playground.client.writing import slack_text
from playground.state.conversation.changes import delete_message, update_message
from playground.state.conversation.message_payloads import message_payload
from playground.state.conversation.messages import new_message, publish
from playground.state.conversation.rich_text import rich_text
from playground.state.slack import Slack
from playground.state.workspace import BOT_USER_ID, Channel, File, Message, Person, new_id

MAX_MESSAGE_TEXT = 12_000  # characters in a message; Slack's client turns a longer one into a text file


async def post(
    slack: Slack,
    person: Person,
    channel_id: str,
    text: str,
    thread_ts: str | None = None,
    files: list[str] | None = None,
    *,
    subtype: str = "",
) -> Message:
    """Write in a channel or thread, with files of this person, by id; `subtype` is that of `/me`."""
    channel = writable_channel(slack, person, channel_id, thread_ts)
    _check_text(text, bool(files))
    message = new_message(slack, channel, person.id, slack_text(slack.workspace, text), thread_ts=thread_ts)
    message.files, message.subtype = list(files or []), subtype
    message.client_msg_id = None if subtype else str(uuid.uuid4())
    publish(slack, channel, message)
    emit_related_events(slack, channel, message)
    mark_read_now(slack, person, channel)
    return message


def writable_channel(slack: Slack, person: Person, channel_id: str, thread_ts: str | None) -> Channel:
    """The channel, or Refused when this person cannot write there, or not in this thread."""
    channel = visible_channel(slack, person, channel_id)
    if channel.kind == "im" and (slack.manifest.messages_tab_read_only or not slack.manifest.messages_tab):
        raise Refused("messages_tab_disabled", "the manifest lets nobody write to the app")
    if channel.archived:
        raise Refused("is_archived", f"#{channel.name} is archived")
    if thread_ts is not None and thread_ts not in channel.messages:
        raise Refused("not_visible", f"no message {thread_ts} in #{channel.name}")
    return channel


async def edit(slack: Slack, person: Person, channel_id: str, ts: str, text: str) -> Message:
    """Change the text of one's own message; the same text again changes nothing."""
    message = own_message(slack, person, channel_id, ts)
    _check_text(text, bool(message.files))
    written = slack_text(slack.workspace, text)
    if written != message.text:
        update_message(slack, message, written, [rich_text(written)] if written else [])
    return message


async def delete(slack: Slack, person: Person, channel_id: str, ts: str) -> None:
    """Delete one's own message."""
    delete_message(slack, own_message(slack, person, channel_id, ts))


async def upload(
    slack: Slack, person: Person, name: str, content: bytes, mimetype: str | None = None
) -> File:
    """Upload a file from disk: it belongs to the person, and is private until it is shared."""
    guessed = mimetype or mimetypes.guess_type(name)[0] or "application/octet-stream"
    now = int(slack.workspace.clock.now())
    file = File(new_id("F"), person.id, name, guessed, content, now, title=name)
    slack.workspace.files[file.id] = file
    return file


async def mark_read(slack: Slack, person: Person, channel_id: str) -> None:
    """Mark a channel as read."""
    mark_read_now(slack, person, visible_channel(slack, person, channel_id))


def mark_read_now(slack: Slack, person: Person, channel: Channel) -> None:
    """The same, given the channel."""
    latest = next(reversed(channel.messages), "")
    if slack.workspace.read_up_to.get((person.id, channel.id)) != latest:
        slack.workspace.read_up_to[person.id, channel.id] = latest
        slack.workspace.changed()


def emit_related_events(slack: Slack, channel: Channel, message: Message) -> None:
    """Send the events of a message besides `message`: `app_mention`, and `file_shared` for each file."""
    if f"<@{BOT_USER_ID}>" in message.text and channel.kind != "im":
        mention = message_payload(slack, message) | {"type": "app_mention"}
        slack.delivery.emit(mention | {"channel": channel.id, "event_ts": message.ts})
    for file_id in message.files:
        event = {"type": "file_shared", "file_id": file_id, "file": {"id": file_id}}
        who_and_where = {"user_id": message.user, "channel_id": channel.id, "event_ts": message.ts}
        slack.delivery.emit(event | who_and_where)


def _check_text(text: str, has_files: bool) -> None:
    if not text.strip() and not has_files:
        raise Refused("no_text", "there is nothing to send")
    if len(text) > MAX_MESSAGE_TEXT:
        raise Refused("msg_too_long", f"at most {MAX_MESSAGE_TEXT} characters are allowed")


def own_message(slack: Slack, person: Person, channel_id: str, ts: str) -> Message:
    message = visible_message(slack, person, channel_id, ts)
    if message.user != person.id or message.ephemeral_for:
        raise Refused("not_yours", f"{person.name} did not write this message")
    return message
