"""Messages that are not simply typed: forwarded ones, other apps', Slackbot's; previews; files that go."""

from playground import client, happenings
from playground.client import Refused
from playground.control.request import ControlRequest, control
from playground.happenings.other_apps import Said
from playground.state.conversation.message_payloads import message_payload
from playground.state.workspace import File, Json, Message


@control("forward")
async def forward(request: ControlRequest) -> Json:
    """Forward the message `from` (`{"channel", "ts"}`) to `channel`, with a comment in `text` or without."""
    source = request.fields.get("from")
    if not isinstance(source, dict) or not {"channel", "ts"} <= source.keys():
        raise Refused("bad_request", 'from is {"channel", "ts"}')
    there = ControlRequest(request.slack, {"user": request.text("user"), **source})
    message = there.message(there.channel)
    comment, thread_ts = request.maybe("text") or "", request.maybe("thread_ts")
    return _told(
        request,
        await client.forward(request.slack, request.person, message, request.channel.id, comment, thread_ts),
    )


@control("app_message")
async def app_message(request: ControlRequest) -> Json:
    """Post as another `app`, by its bot user or its `webhook`: `text`, `blocks`, `attachments`."""
    said = Said(
        request.maybe("text") or "",
        request.listing("blocks"),
        request.listing("attachments"),
        request.maybe("thread_ts"),
    )
    webhook = bool(request.fields.get("webhook"))
    return _told(
        request,
        happenings.app_message(request.slack, request.place, request.text("app"), said, webhook=webhook),
    )


@control("slackbot")
async def slackbot(request: ControlRequest) -> Json:
    """Slackbot answers in a channel."""
    return _told(request, happenings.slackbot_message(request.slack, request.place, request.text("text")))


@control("preview")
async def preview(request: ControlRequest) -> Json:
    """Slack shows under a message what the `link` in it leads to: a `title` and a `text`."""
    message = request.message(request.place)
    link, title, words = request.text("link"), request.text("title"), request.maybe("text") or ""
    return _told(request, happenings.link_preview(request.slack, message, link, title, words))


@control("file")
async def file(request: ControlRequest) -> Json:
    """Change what the app sees of a `file`: `access`, `size`, `name`, `url`, `deleted`."""
    happenings.change_file(request.slack, _file(request), request.changes("file"))
    return {}


@control("remove_file")
async def remove_file(request: ControlRequest) -> Json:
    """Take a `file` out of one's own message; with `tombstone` it leaves its trace there."""
    message, trace = request.message(request.channel), bool(request.fields.get("tombstone"))
    await client.take_file_out(request.slack, request.person, message, request.text("file"), trace)
    return {}


def _file(request: ControlRequest) -> File:
    found = request.slack.workspace.files.get(request.text("file"))
    if found is None:
        raise Refused("file_not_found", request.text("file"))
    return found


def _told(request: ControlRequest, message: Message) -> Json:
    return {"message": message_payload(request.slack, message) | {"channel": message.channel}}
