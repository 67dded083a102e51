"""What one person sees, as JSON for assertions."""

from dataclasses import replace

from playground.client import elements_of
from playground.screen.text import human_value, normalise, text_of
from playground.state.conversation.message_payloads import TOMBSTONE, replies
from playground.state.slack import Slack
from playground.state.workspace import SLACKBOT, Channel, Json, Message, Person, View


def screen(slack: Slack, person: Person) -> Json:
    """The top modal, the App Home, the person's channels, their ephemeral messages, and toasts."""
    workspace = slack.workspace
    stack = workspace.modals.get(person.id, [])
    home = workspace.homes.get(person.id)
    channels = [c for c in workspace.channels.values() if person.id in c.members]
    return {
        "user": person.name,
        "modal": _modal(slack, workspace.views[stack[-1]]) if stack else None,
        "modals": len(stack),
        "home": _view(slack, workspace.views[home]) if home else None,
        "channels": {_title(channel): _messages(slack, channel) for channel in channels},
        "unread": {_title(c): count for c in channels if (count := unread(slack, person, c))},
        "ephemeral": [_message(slack, message) for message in workspace.ephemerals.get(person.id, [])],
        "toasts": list(workspace.toasts.get(person.id, [])),
    }


def shows(seen: Json, text: str) -> bool:
    """Whether this text is anywhere on a screen."""
    wanted = normalise(text)
    return any(wanted in normalise(each) for each in _texts(seen))


def unread(slack: Slack, person: Person, channel: Channel) -> int:
    """How many messages others wrote since this person last read the channel."""
    read = slack.workspace.read_up_to.get((person.id, channel.id), "")
    others = (m for m in channel.messages.values() if m.user != person.id and not m.deleted)
    return sum(message.ts > read for message in others)


def _texts(seen: object) -> list[str]:
    """All texts of a part of a screen: messages, titles, buttons, errors, toasts."""
    if isinstance(seen, str):
        return [seen]
    if isinstance(seen, list):
        return [text for part in seen for text in _texts(part)]
    if isinstance(seen, dict):
        unread_parts = (
            "blocks",
            "id",
            "ts",
            "user",
            "private_metadata",
            "callback_id",
            "unread",
            "notification",
        )
        return [text for key, part in seen.items() if key not in unread_parts for text in _texts(part)]
    return []


def _title(channel: Channel) -> str:
    return f"@{channel.name}" if channel.kind == "im" else f"#{channel.name}"


def _messages(slack: Slack, channel: Channel) -> list[Json]:
    """The roots of a channel, oldest first, each with its replies."""
    roots = [m for m in channel.messages.values() if m.thread_ts in (None, m.ts)]
    return [
        {**_message(slack, root), "replies": [_message(slack, reply) for reply in replies(channel, root.ts)]}
        for root in roots
    ]


def _message(slack: Slack, message: Message) -> Json:
    workspace = slack.workspace
    author = workspace.people[message.user]
    if message.deleted:
        author = Person(SLACKBOT, "slackbot", "Slackbot", "")
        message = replace(message, text=TOMBSTONE, blocks=[], files=[], reactions={}, edited=None)
    return {
        "ts": message.ts,
        "channel": _title(workspace.channels[message.channel]),
        "user": author.name,
        "from": author.real_name,
        "thread_ts": message.thread_ts,
        "text": text_of(message.blocks, message.state, workspace) if message.blocks else message.text,
        "notification": message.text,
        "blocks": message.blocks,
        "files": [workspace.files[file].name for file in message.files],
        "reactions": {name: len(users) for name, users in message.reactions.items()},
        "edited": message.edited is not None,
    }


def _modal(slack: Slack, view: View) -> Json:
    given = view.payload
    return _view(slack, view) | {
        "title": given["title"]["text"],
        "submit": given.get("submit", {}).get("text"),
        "close": given.get("close", {}).get("text"),
        "errors": _by_label(view, view.errors),
    }


def _view(slack: Slack, view: View) -> Json:
    """A view; `values` by label, of inputs and of other named elements with a value."""
    blocks = view.payload["blocks"]
    inputs = [element for element in elements_of(blocks) if element.is_input]
    values = {}
    for element in inputs:
        value = view.state.get(element.block_id, {}).get(element.action_id, {})
        values[element.block["label"]["text"]] = human_value(element.type, value, slack.workspace)
    return {
        "id": view.id,
        "callback_id": view.payload.get("callback_id", ""),
        "private_metadata": view.payload.get("private_metadata", ""),
        "text": text_of(blocks, view.state, slack.workspace),
        "labels": list(values),
        "values": values,
        "blocks": blocks,
    }


def _by_label(view: View, errors: dict[str, str]) -> dict[str, str]:
    """Errors of the inputs, by label instead of block_id."""
    labels = {b["block_id"]: b["label"]["text"] for b in view.payload["blocks"] if b["type"] == "input"}
    return {labels[block_id]: words for block_id, words in errors.items() if block_id in labels}
