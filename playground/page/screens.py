"""The screens of the workspace by their addresses: `/?as=camille&channel=C…`, `/?as=camille&app=home`."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from playground.page.conversation import Line, lines, read_up_to, thread, unread
from playground.page.frame import not_found, page, reader_of
from playground.page.text.reader import Reader
from playground.state.slack import Slack
from playground.state.views import top_view
from playground.state.workspace import Channel, View


@dataclass(frozen=True)
class Entry:
    """A conversation in the side bar."""

    channel: Channel
    name: str
    unread: int


async def workspace(request: Request) -> Response:
    """The workspace as one person sees it."""
    slack: Slack = request.app.state.slack
    reader = reader_of(request)
    entries = _entries(reader)
    wanted = request.query_params.get("channel")
    channel = slack.workspace.channel(wanted) if wanted else _first(slack, entries)
    if wanted and channel is None:
        return not_found(request)
    # The line above unread messages keeps its position from when the page was opened.
    since = request.query_params.get("since", read_up_to(channel, reader) if channel else "")
    root = request.query_params.get("thread", "")
    return page(
        request,
        "workspace.html",
        {
            "entries": entries,
            "channel": channel,
            "denied": channel is not None and not reader.is_in(channel),
            "lines": _lines(channel, reader, since),
            "thread": thread(channel, root, reader) if channel and reader.is_in(channel) else [],
            "since": since,
            "home": _home(slack, reader),
            "modal": top_view(slack, reader.person),
        },
    )


def _entries(reader: Reader) -> list[Entry]:
    channels = [channel for channel in reader.workspace.channels.values() if reader.is_in(channel)]
    channels.sort(key=lambda channel: channel.name)
    return [Entry(c, reader.channel_name(c), unread(c, reader)) for c in channels]


def _first(slack: Slack, entries: list[Entry]) -> Channel | None:
    """The initial screen: the App Home (None) for those who have one, otherwise a channel."""
    can_have_home = any(entry.channel.kind == "im" for entry in entries) and slack.manifest.home_tab
    return None if can_have_home or not entries else entries[0].channel


def _lines(channel: Channel | None, reader: Reader, since: str) -> list[Line]:
    return lines(channel, reader, since) if channel is not None and reader.is_in(channel) else []


def _home(slack: Slack, reader: Reader) -> View | None:
    view_id = slack.workspace.homes.get(reader.person.id)
    return slack.workspace.views[view_id] if view_id else None
