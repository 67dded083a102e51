"""What people do in conversations: messages, files, joining, leaving, reading."""

from playground import client
from playground.control.request import ControlRequest, control
from playground.screen.choices import upload
from playground.state.conversation.message_payloads import message_payload
from playground.state.workspace import Json


@control("message")
async def message(request: ControlRequest) -> Json:
    """Write a message, or `/me` with `me`; `files` are uploaded first (`screen.choices.upload`)."""
    channel = request.channel
    files = [await upload(request.slack, request.person, file) for file in request.fields.get("files") or []]
    text, thread_ts = request.maybe("text") or "", request.maybe("thread_ts")
    subtype = "me_message" if request.fields.get("me") else ""
    posted = await client.post(
        request.slack, request.person, channel.id, text, thread_ts, files, subtype=subtype
    )
    return {"message": message_payload(request.slack, posted) | {"channel": channel.id}}


@control("edit")
async def edit(request: ControlRequest) -> Json:
    """Change one's own message."""
    changed = await client.edit(
        request.slack, request.person, request.channel.id, request.text("ts"), request.text("text")
    )
    return {"message": message_payload(request.slack, changed)}


@control("delete")
async def delete(request: ControlRequest) -> Json:
    """Delete one's own message."""
    await client.delete(request.slack, request.person, request.channel.id, request.text("ts"))
    return {}


@control("read")
async def read(request: ControlRequest) -> Json:
    """Mark a channel as read."""
    await client.mark_read(request.slack, request.person, request.channel.id)
    return {}


@control("invite")
async def invite(request: ControlRequest) -> Json:
    """Add a person to a channel, or the app (`user` is then its handle); `by` is the inviter."""
    inviter = request.slack.workspace.person(request.maybe("by") or "")
    await client.invite(request.slack, request.person, request.any_channel.id, inviter)
    return {}


@control("kick")
async def kick(request: ControlRequest) -> Json:
    """Remove a person or the app from a channel."""
    await client.kick(request.slack, request.person, request.any_channel.id)
    return {}
