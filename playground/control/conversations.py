"""What people do in conversations: messages, files, coming and going, reading."""

from playground import client
from playground.client import Refused
from playground.control.request import Wish, control
from playground.screen.choices import upload
from playground.state.conversation.message_payloads import message_payload
from playground.state.workspace import Channel, Json


@control("message")
async def message(wish: Wish) -> Json:
    """Write a message; `files` are uploaded first, each `{"name", "content_base64"}`."""
    channel = wish.channel
    files = [await upload(wish.slack, wish.person, file) for file in wish.fields.get("files") or []]
    text, thread_ts = wish.maybe("text") or "", wish.maybe("thread_ts")
    posted = await client.post(wish.slack, wish.person, channel.id, text, thread_ts, files)
    return {"message": message_payload(wish.slack, posted) | {"channel": channel.id}}


@control("edit")
async def edit(wish: Wish) -> Json:
    """Change one's own message."""
    changed = await client.edit(wish.slack, wish.person, wish.channel.id, wish.text("ts"), wish.text("text"))
    return {"message": message_payload(wish.slack, changed)}


@control("delete")
async def delete(wish: Wish) -> Json:
    """Delete one's own message."""
    await client.delete(wish.slack, wish.person, wish.channel.id, wish.text("ts"))
    return {}


@control("read")
async def read(wish: Wish) -> Json:
    """Have read a channel."""
    await client.mark_read(wish.slack, wish.person, wish.channel.id)
    return {}


@control("invite")
async def invite(wish: Wish) -> Json:
    """Add a person to a channel, or the app (`user` is then its handle); `by` names who invites."""
    inviter = wish.slack.workspace.person(wish.maybe("by") or "")
    await client.invite(wish.slack, wish.person, _room(wish).id, inviter)
    return {}


@control("kick")
async def kick(wish: Wish) -> Json:
    """Remove a person or the app from a channel."""
    await client.kick(wish.slack, wish.person, _room(wish).id)
    return {}


def _room(wish: Wish) -> Channel:
    """What is named by `channel`, whoever is in it."""
    channel = wish.slack.workspace.channel(wish.text("channel"))
    if channel is None:
        raise Refused("channel_not_found", f"there is no channel {wish.text('channel')!r}")
    return channel
