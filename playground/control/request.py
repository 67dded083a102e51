"""One request to the control API: reading what it asks for, answering, refusing."""

import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from playground.client import Refused
from playground.delivery import Acknowledgement
from playground.json_text import AnyJSONResponse
from playground.screen.gestures import channel_called
from playground.state.slack import Slack
from playground.state.workspace import Channel, Json, Message, Person

routes: list[BaseRoute] = []


@dataclass(frozen=True)
class ControlRequest:
    """What a request asks for: the fields of its body, or of its query."""

    slack: Slack
    fields: Json

    def text(self, name: str) -> str:
        """A field that must be there."""
        if self.fields.get(name) is None:
            raise Refused("bad_request", f"{name} is missing")
        return str(self.fields[name])

    def maybe(self, name: str) -> str | None:
        """A field that may be missing."""
        return None if self.fields.get(name) is None else str(self.fields[name])

    def number(self, name: str, default: float = 0.0) -> float:
        """A field that is a number."""
        try:
            return float(self.fields.get(name, default))
        except (TypeError, ValueError) as error:
            raise Refused("bad_request", f"{name} is a number") from error

    @property
    def where(self) -> object:
        """The field `in`: the place that is meant."""
        return self.fields.get("in")

    @property
    def nth(self) -> int | None:
        """Which of several that have the same words, from 1."""
        return None if self.fields.get("nth") is None else int(self.number("nth"))

    @property
    def person(self) -> Person:
        """Who is named by `user`, as an id or a handle."""
        person = self.member
        if person.deleted:
            raise Refused("account_inactive", f"{person.name} was deactivated")
        return person

    @property
    def member(self) -> Person:
        """Who is named by `user`, though they may have been deactivated."""
        person = self.slack.workspace.person(self.text("user"))
        if person is None:
            there = ", ".join(p.name for p in self.slack.workspace.people.values())
            raise Refused("user_not_found", f"nobody is called {self.text('user')!r}; there are: {there}")
        return person

    @property
    def channel(self) -> Channel:
        """What is named by `channel`; the person must be in it."""
        return channel_called(self.slack, self.person, self.text("channel"))

    @property
    def place(self) -> Channel:
        """What is named by `channel`, whoever is in it; "@name" is that person's direct message."""
        key, workspace = self.text("channel"), self.slack.workspace
        person = workspace.person(key) if key.startswith("@") else None
        channel = workspace.direct_message(person.id) if person else workspace.channel(key)
        if channel is None:
            raise Refused("channel_not_found", f"there is no channel {key!r}")
        return channel

    def message(self, channel: Channel, name: str = "ts") -> Message:
        """The message of this channel with the `ts` given."""
        message = channel.messages.get(self.text(name))
        if message is None or message.deleted:
            raise Refused("message_not_found", f"no message {self.text(name)} in #{channel.name}")
        return message

    def listing(self, name: str) -> list[Json]:
        """A field that is a list of objects, empty when it is missing."""
        items = self.fields.get(name) or []
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise Refused("bad_request", f"{name} is a list of objects")
        return items

    def changes(self, *but: str) -> Json:
        """All fields but these."""
        return {name: value for name, value in self.fields.items() if name not in but}


Handler = Callable[[ControlRequest], Awaitable[Json]]
HANDLERS: dict[str, Handler] = {}  # by name: what the page's forms do, too


def control(name: str, method: str = "POST") -> Callable[[Handler], Handler]:
    """Make a function the answer to `/_control/<name>`, given once the app has taken all that it was sent."""

    def register(handler: Handler) -> Handler:
        @functools.wraps(handler)
        async def endpoint(request: Request) -> JSONResponse:
            slack: Slack = request.app.state.slack
            try:
                answer = await perform(slack, handler, await _fields(request))
            except Refused as refusal:
                answer = _no(refusal)
            if method == "POST":
                await slack.delivery.settled()
            return AnyJSONResponse(answer, 400 if answer.get("error") else 200)

        HANDLERS[name] = handler
        routes.append(Route(f"/{name}", endpoint, methods=[method]))
        return handler

    return register


async def perform(slack: Slack, handler: Handler, fields: Json) -> Json:
    """Do what a handler does with these fields; its answer, refusals included."""
    try:
        return {"ok": True} | await handler(ControlRequest(slack, fields))
    except Refused as refusal:
        return _no(refusal)


def _no(refusal: Refused) -> Json:
    return {"ok": False, "error": refusal.code, "detail": refusal.detail}


def acknowledged(answer: Acknowledgement) -> Json:
    """The app's acknowledgement as an answer."""
    told: Json = {"ok": answer.ok, "acknowledgement": answer.body}
    return told if answer.ok else told | {"error": answer.error, "detail": "see /_control/violations"}


async def _fields(request: Request) -> Json:
    if request.method == "GET":
        return dict(request.query_params)
    try:
        fields = await request.json() if await request.body() else {}
    except ValueError as error:
        raise Refused("bad_request", f"the body is not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise Refused("bad_request", "the body is not an object")
    return fields
