"""The log: the app's Web API calls, and the rules that it broke."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from playground.page.frame import page, reader_of
from playground.page.text.reader import Reader
from playground.state.slack import Slack
from playground.state.workspace import Call

_SHOWN = 200  # calls on the page
_LONGEST = 120  # characters of a call's summary


async def log(request: Request) -> Response:
    """Violations and the latest Web API calls, the newest first; `method` keeps those of one method."""
    slack: Slack = request.app.state.slack
    reader = reader_of(request)
    wanted = request.query_params.get("method", "")
    numbered = [(n, call) for n, call in enumerate(slack.workspace.calls) if wanted in ("", call.method)]
    return page(
        request,
        "log.html",
        {
            "violation_list": list(enumerate(slack.workspace.violations))[::-1],
            "calls": numbered[: -_SHOWN - 1 : -1],
            "methods": sorted({call.method for call in slack.workspace.calls}),
            "wanted": wanted,
            "outcome": outcome,
            "summary": lambda call: summary(call, reader),
            "time": lambda at: reader.calendar.time(at, with_seconds=True),
        },
    )


def outcome(call: Call) -> str:
    """Slack's answer in short: "ok", "429 ratelimited", "channel_not_found"."""
    if call.answer.get("ok"):
        return "ok"
    error = str(call.answer.get("error", ""))
    return f"{call.status} {error}".strip() if call.status != 200 else error


def summary(call: Call, reader: Reader) -> str:
    """A call in one line: its user or channel, and the beginning of its text."""
    arguments = call.arguments
    where = _named(
        str(arguments.get("channel") or arguments.get("user_id") or arguments.get("user") or ""), reader
    )
    view = arguments.get("view")
    title = view.get("title", {}).get("text") or view.get("type") if isinstance(view, dict) else ""
    parts = [where, str(arguments.get("text") or title or "")]
    return " · ".join(part for part in parts if part)[:_LONGEST] or reader.words("details")


def _named(key: str, reader: Reader) -> str:
    channel = reader.workspace.channels.get(key)
    if channel is not None and channel.kind == "im" and channel.person:
        return "@" + reader.workspace.people[channel.person].name
    if channel is not None:
        return reader.channel_name(channel)
    person = reader.workspace.people.get(key)
    return "@" + person.name if person else key


routes = [Route("/log", log)]
