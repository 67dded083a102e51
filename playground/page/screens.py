"""The screens of the workspace, each at its own address: `/?as=camille&channel=C…`, `/?as=camille&app=home`."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from playground.page.controls import Place
from playground.page.conversation import Line, lines, read_up_to, thread, unread
from playground.page.reader import Reader
from playground.page.rendering import page
from playground.slack import Slack
from playground.views import top_view
from playground.workspace import Channel, Person, View


@dataclass(frozen=True)
class Entry:
    """A conversation in the side bar."""

    channel: Channel
    name: str
    unread: int


def reader_of(request: Request) -> Reader:
    """The person named by `as`, or the first of the workspace."""
    workspace = request.app.state.slack.workspace
    person = workspace.person(request.query_params.get("as", ""))
    if person is None or person.is_bot:
        person = people(request.app.state.slack)[0]
    return Reader(workspace, person)


def people(slack: Slack) -> list[Person]:
    """Whoever the page can be seen as."""
    return [person for person in slack.workspace.people.values() if not (person.is_bot or person.deleted)]


async def workspace(request: Request) -> Response:
    """The workspace as one person sees it."""
    slack: Slack = request.app.state.slack
    reader = reader_of(request)
    entries = _entries(reader)
    channel = _channel(request, slack, reader, entries)
    # The line above unread messages stays where it was when the page was opened.
    since = request.query_params.get("since", read_up_to(channel, reader) if channel else "")
    root = request.query_params.get("thread", "")
    return page(
        slack,
        reader,
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
        }
        | frame(slack, reader),
    )


def frame(slack: Slack, reader: Reader) -> dict[str, object]:
    """What the bar at the top shows on every screen."""
    direct = next((c for c in slack.workspace.channels.values() if c.person == reader.person.id), None)
    return {
        "people": people(slack),
        "mails": len(slack.mailbox.mails),
        "violations": len(slack.workspace.violations),
        "toasts": slack.workspace.toasts.get(reader.person.id, []),
        "direct": direct,
        "Place": Place,
    }


def _entries(reader: Reader) -> list[Entry]:
    channels = [channel for channel in reader.workspace.channels.values() if reader.is_in(channel)]
    channels.sort(key=lambda channel: channel.name)
    return [Entry(c, reader.channel_name(c), unread(c, reader)) for c in channels]


def _channel(request: Request, slack: Slack, reader: Reader, entries: list[Entry]) -> Channel | None:
    """The channel asked for; None for the App Home, which is also where one begins."""
    wanted = request.query_params.get("channel")
    if wanted:
        return slack.workspace.channel(wanted)
    can_have_home = any(entry.channel.kind == "im" for entry in entries) and slack.manifest.home_tab
    return None if can_have_home or not entries else entries[0].channel


def _lines(channel: Channel | None, reader: Reader, since: str) -> list[Line]:
    return lines(channel, reader, since) if channel is not None and reader.is_in(channel) else []


def _home(slack: Slack, reader: Reader) -> View | None:
    view_id = slack.workspace.homes.get(reader.person.id)
    return slack.workspace.views[view_id] if view_id else None
