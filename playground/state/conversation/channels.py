"""Who may post in a channel, and changes of a channel's id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.state.workspace import Channel

if TYPE_CHECKING:
    from playground.state.slack import Slack

# Who may post, and with which error chat.postMessage refuses the app (methods/chat.postMessage, "Errors").
POSTING = {
    "admins": "restricted_action",
    "nobody": "restricted_action_read_only_channel",
    "threads_only": "restricted_action_thread_only_channel",
    "no_threads": "restricted_action_non_threadable_channel",
}


def posting_refusal(channel: Channel, thread_ts: str | None) -> str:
    """The error for a message of the app in this channel or thread; "" when it may post."""
    allowed = {"": True, "threads_only": thread_ts is not None, "no_threads": thread_ts is None}
    return "" if allowed.get(channel.posting) else POSTING[channel.posting]


def rename_channel_id(slack: Slack, channel: Channel, new: str) -> None:
    """Give a channel another id, in everything that refers to it."""
    workspace, old = slack.workspace, channel.id
    channel.id = new
    workspace.channels = {each.id: each for each in workspace.channels.values()}
    private = [message for messages in workspace.ephemerals.values() for message in messages]
    for message in [*channel.messages.values(), *private]:
        if message.channel == old:
            message.channel = new
    for address in workspace.response_urls.values():
        if address.channel == old:
            address.channel = new
    for file in workspace.files.values():
        if old in file.shared_in:
            file.shared_in = file.shared_in - {old} | {new}
    for person, where in [key for key in workspace.read_up_to if key[1] == old]:
        workspace.read_up_to[person, new] = workspace.read_up_to.pop((person, where))


def remove_channel(slack: Slack, channel: Channel) -> None:
    """Remove a conversation and its content from the workspace."""
    workspace = slack.workspace
    del workspace.channels[channel.id]
    for person, messages in workspace.ephemerals.items():
        workspace.ephemerals[person] = [m for m in messages if m.channel != channel.id]
    addresses = workspace.response_urls.items()
    workspace.response_urls = {key: each for key, each in addresses if each.channel != channel.id}
    for file in workspace.files.values():
        file.shared_in.discard(channel.id)
