"""A person's actions on the page, sent by its scripts as JSON.

Answers are `{"ok": true, …}`, or `{"ok": false, "error": code, "detail": sentence}`.
"""

from collections.abc import Awaitable, Callable
from functools import wraps

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from playground import client
from playground.client.elements import find
from playground.client.surfaces import find_surface
from playground.page.controls import Choice, choice
from playground.page.text.reader import Reader
from playground.page.text.values import read
from playground.state.files import file_payload
from playground.state.slack import Slack
from playground.state.workspace import Json, Person

Gesture = Callable[[Slack, Person, Json], Awaitable[Json]]
routes: list[Route] = []


def gesture(path: str) -> Callable[[Gesture], Gesture]:
    """Register a function for POST /page/<path>, for the person that the body names."""

    def register(function: Gesture) -> Gesture:
        @wraps(function)
        async def endpoint(request: Request) -> Response:
            slack: Slack = request.app.state.slack
            body = await request.json()
            person = slack.workspace.person(body["as"])
            if person is None:
                return JSONResponse({"ok": False, "error": "user_not_found", "detail": ""})
            try:
                return JSONResponse({"ok": True} | await function(slack, person, body))
            except client.Refused as refusal:
                return JSONResponse({"ok": False, "error": refusal.code, "detail": refusal.detail})

        routes.append(Route(f"/page/{path}", endpoint, methods=["POST"]))
        return function

    return register


@gesture("press")
async def press(slack: Slack, person: Person, body: Json) -> Json:
    """Use an element, after storing the other values of the same view."""
    ref = _surface_ref(body)
    for one in body.get("inputs", []):
        await _set(slack, person, body["view"], one)
    answer = await client.press(
        slack, person, ref, body["block"], body["action"], _value(slack, person, ref, body)
    )
    return {"ok": answer.ok}


@gesture("input")
async def keep(slack: Slack, person: Person, body: Json) -> Json:
    """Store a value in a view."""
    await _set(slack, person, body["view"], body)
    return {}


@gesture("submit")
async def submit(slack: Slack, person: Person, body: Json) -> Json:
    """Submit the modal, with its values."""
    for one in body["inputs"]:
        await _set(slack, person, body["view"], one)
    result = await client.submit_view(slack, person, body["view"])
    return {"ok": result.ok, "errors": len(result.errors)}


@gesture("stop_time")
async def stop_time(slack: Slack, _person: Person, _body: Json) -> Json:
    """Stay at the time that has been reached, when it was passing."""
    slack.passing.stop()
    return {}


@gesture("close")
async def close(slack: Slack, person: Person, body: Json) -> Json:
    """Close the modal; with `all`, the whole stack."""
    await client.close_view(slack, person, body["view"], bool(body.get("all")))
    return {}


@gesture("suggest")
async def suggest(slack: Slack, person: Person, body: Json) -> Json:
    """The options of an external menu for a query."""
    options = await client.suggest(
        slack, person, _surface_ref(body), body["block"], body["action"], body["query"]
    )
    return {"options": [{"option": option, "html": _drawn(choice(option))} for option in options]}


def _drawn(offered: Choice) -> Markup:
    """An option in a list: its text, and its description beside it."""
    if offered.description is None:
        return offered.html
    return offered.html + Markup(' <span class="description">{}</span>').format(offered.description)


@gesture("command")
async def command(slack: Slack, person: Person, body: Json) -> Json:
    """Type a slash command; `/me` is handled by Slack."""
    if body["command"] == "/me":
        await client.post(slack, person, body["channel"], body["text"].strip(), subtype="me_message")
        return {}
    answer = await client.run_command(slack, person, body.get("channel"), body["command"], body["text"])
    return {"ok": answer.ok}


@gesture("shortcut")
async def shortcut(slack: Slack, person: Person, body: Json) -> Json:
    """Run a shortcut, on a message when there is a `ts`."""
    answer = await client.run_shortcut(slack, person, body["callback"], body.get("channel"), body.get("ts"))
    return {"ok": answer.ok}


@gesture("home")
async def home(slack: Slack, person: Person, body: Json) -> Json:
    """Open the App Home."""
    await client.open_home(slack, person)
    return {}


@gesture("dismiss")
async def dismiss(slack: Slack, person: Person, body: Json) -> Json:
    """Remove a toast, named by its text."""
    toasts = slack.workspace.toasts.get(person.id, [])
    if body["words"] in toasts:
        toasts.remove(body["words"])
        slack.workspace.changed()
    return {}


def _surface_ref(body: Json) -> client.SurfaceRef:
    if body.get("view"):
        return client.ViewRef(body["view"])
    return client.MessageRef(body["channel"], body["ts"])


def _value(slack: Slack, person: Person, ref: client.SurfaceRef, body: Json) -> Json:
    """The value of this element for the browser's strings."""
    element = find(find_surface(slack, person, ref).blocks, body["block"], body["action"])
    reader = Reader(slack.workspace, person)
    return read(element.json, body.get("values", []), reader, lambda file: file_payload(slack, file))


async def _set(slack: Slack, person: Person, view_id: str, one: Json) -> None:
    value = _value(slack, person, client.ViewRef(view_id), one)
    await client.set_input(slack, person, view_id, one["block"], one["action"], value)
