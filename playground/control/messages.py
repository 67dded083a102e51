"""Other messages: forwarded ones, other apps', Slackbot's; link previews; removed files."""

from playground import client, workspace_events
from playground.client import Refused
from playground.control.request import ControlRequest, control
from playground.state.conversation.message_payloads import message_payload
from playground.state.workspace import File, Json, Message
from playground.workspace_events.other_apps import AppMessage


@control("forward")
async def forward(request: ControlRequest) -> Json:
    """Forward the message `from` (`{"channel", "ts"}`) to `channel`, with a comment in `text` or without."""
    source = request.fields.get("from")
    if not isinstance(source, dict) or not {"channel", "ts"} <= source.keys():
        raise Refused("bad_request", 'from is {"channel", "ts"}')
    there = ControlRequest(request.slack, {"user": request.text("user"), **source})
    message = there.message(there.channel)
    comment, thread_ts = request.maybe("text") or "", request.maybe("thread_ts")
    return _message_answer(
        request,
        await client.forward(request.slack, request.person, message, request.channel.id, comment, thread_ts),
    )


@control("app_message")
async def app_message(request: ControlRequest) -> Json:
    """Post as another `app`, by its bot user or its `webhook`: `text`, `blocks`, `attachments`."""
    content = AppMessage(
        request.maybe("text") or "",
        request.listing("blocks"),
        request.listing("attachments"),
        request.maybe("thread_ts"),
    )
    webhook = bool(request.fields.get("webhook"))
    return _message_answer(
        request,
        workspace_events.app_message(
            request.slack, request.any_channel, request.text("app"), content, webhook=webhook
        ),
    )


@control("slackbot")
async def slackbot(request: ControlRequest) -> Json:
    """Post as Slackbot."""
    return _message_answer(
        request, workspace_events.slackbot_message(request.slack, request.any_channel, request.text("text"))
    )


@control("preview")
async def preview(request: ControlRequest) -> Json:
    """Add a preview of the `link` in a message: a `title` and a `text`."""
    message = request.message(request.any_channel)
    link, title, text = request.text("link"), request.text("title"), request.maybe("text") or ""
    return _message_answer(request, workspace_events.link_preview(request.slack, message, link, title, text))


@control("file")
async def file(request: ControlRequest) -> Json:
    """Change a `file` as the app sees it: `access`, `size`, `name`, `url`, `deleted`."""
    workspace_events.change_file(request.slack, _file(request), request.changes("file"))
    return {}


@control("remove_file")
async def remove_file(request: ControlRequest) -> Json:
    """Remove a `file` from one's own message; with `tombstone`, leave a tombstone for it."""
    message, trace = request.message(request.channel), bool(request.fields.get("tombstone"))
    await client.take_file_out(request.slack, request.person, message, request.text("file"), trace)
    return {}


def _file(request: ControlRequest) -> File:
    found = request.slack.workspace.files.get(request.text("file"))
    if found is None:
        raise Refused("file_not_found", request.text("file"))
    return found


def _message_answer(request: ControlRequest, message: Message) -> Json:
    return {"message": message_payload(request.slack, message) | {"channel": message.channel}}
