"""What people do in conversations: messages, files, coming and going, reading."""

from playground import client
from playground.control.request import Wish, control
from playground.screen.choices import upload
from playground.state.conversation.message_payloads import message_payload
from playground.state.workspace import Json


@control("message")
async def message(wish: Wish) -> Json:
    """Write a message, or `/me` with `me`; `files` are uploaded first (`screen.choices.upload`)."""
    channel = wish.channel
    files = [await upload(wish.slack, wish.person, file) for file in wish.fields.get("files") or []]
    text, thread_ts = wish.maybe("text") or "", wish.maybe("thread_ts")
    subtype = "me_message" if wish.fields.get("me") else ""
    posted = await client.post(wish.slack, wish.person, channel.id, text, thread_ts, files, subtype=subtype)
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
    await client.invite(wish.slack, wish.person, wish.place.id, inviter)
    return {}


@control("kick")
async def kick(wish: Wish) -> Json:
    """Remove a person or the app from a channel."""
    await client.kick(wish.slack, wish.person, wish.place.id)
    return {}
