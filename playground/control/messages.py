"""Messages that are not simply typed: forwarded ones, other apps', Slackbot's; previews; files that go."""

from playground import client, happenings
from playground.client import Refused
from playground.control.request import Wish, control
from playground.happenings.other_apps import Said
from playground.state.conversation.message_payloads import message_payload
from playground.state.workspace import File, Json, Message


@control("forward")
async def forward(wish: Wish) -> Json:
    """Forward the message `from` (`{"channel", "ts"}`) to `channel`, with a comment in `text` or without."""
    source = wish.fields.get("from")
    if not isinstance(source, dict) or not {"channel", "ts"} <= source.keys():
        raise Refused("bad_request", 'from is {"channel", "ts"}')
    there = Wish(wish.slack, {"user": wish.text("user"), **source})
    message = there.message(there.channel)
    comment, thread_ts = wish.maybe("text") or "", wish.maybe("thread_ts")
    return _told(
        wish, await client.forward(wish.slack, wish.person, message, wish.channel.id, comment, thread_ts)
    )


@control("app_message")
async def app_message(wish: Wish) -> Json:
    """Post as another `app`, by its bot user or its `webhook`: `text`, `blocks`, `attachments`."""
    said = Said(
        wish.maybe("text") or "", wish.listing("blocks"), wish.listing("attachments"), wish.maybe("thread_ts")
    )
    webhook = bool(wish.fields.get("webhook"))
    return _told(
        wish, happenings.app_message(wish.slack, wish.place, wish.text("app"), said, webhook=webhook)
    )


@control("slackbot")
async def slackbot(wish: Wish) -> Json:
    """Slackbot answers in a channel."""
    return _told(wish, happenings.slackbot_message(wish.slack, wish.place, wish.text("text")))


@control("preview")
async def preview(wish: Wish) -> Json:
    """Slack shows under a message what the `link` in it leads to: a `title` and a `text`."""
    message = wish.message(wish.place)
    link, title, words = wish.text("link"), wish.text("title"), wish.maybe("text") or ""
    return _told(wish, happenings.link_preview(wish.slack, message, link, title, words))


@control("file")
async def file(wish: Wish) -> Json:
    """Change what the app sees of a `file`: `access`, `size`, `name`, `url`, `deleted`."""
    happenings.change_file(wish.slack, _file(wish), wish.changes("file"))
    return {}


@control("remove_file")
async def remove_file(wish: Wish) -> Json:
    """Take a `file` out of one's own message; with `tombstone` it leaves its trace there."""
    message, trace = wish.message(wish.channel), bool(wish.fields.get("tombstone"))
    await client.take_file_out(wish.slack, wish.person, message, wish.text("file"), trace)
    return {}


def _file(wish: Wish) -> File:
    found = wish.slack.workspace.files.get(wish.text("file"))
    if found is None:
        raise Refused("file_not_found", wish.text("file"))
    return found


def _told(wish: Wish, message: Message) -> Json:
    return {"message": message_payload(wish.slack, message) | {"channel": message.channel}}
