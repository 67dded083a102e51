"""Requests to the control API: fields, answers, refusals."""

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
    """A request: the fields of its body or query."""

    slack: Slack
    fields: Json

    def text(self, name: str) -> str:
        """A required field."""
        if self.fields.get(name) is None:
            raise Refused("bad_request", f"{name} is missing")
        return str(self.fields[name])

    def maybe(self, name: str) -> str | None:
        """An optional field."""
        return None if self.fields.get(name) is None else str(self.fields[name])

    def number(self, name: str, default: float = 0.0) -> float:
        """A field that is a number."""
        try:
            return float(self.fields.get(name, default))
        except (TypeError, ValueError) as error:
            raise Refused("bad_request", f"{name} is a number") from error

    @property
    def where(self) -> object:
        """The field `in`: the surface."""
        return self.fields.get("in")

    @property
    def nth(self) -> int | None:
        """Which one of several with the same text, from 1."""
        return None if self.fields.get("nth") is None else int(self.number("nth"))

    @property
    def person(self) -> Person:
        """The active person named by `user`, an id or a handle."""
        person = self.member
        if person.deleted:
            raise Refused("account_inactive", f"{person.name} was deactivated")
        return person

    @property
    def member(self) -> Person:
        """The person named by `user`, also a deactivated one."""
        person = self.slack.workspace.person(self.text("user"))
        if person is None:
            known = ", ".join(p.name for p in self.slack.workspace.people.values())
            raise Refused("user_not_found", f"nobody is called {self.text('user')!r}; known are: {known}")
        return person

    @property
    def channel(self) -> Channel:
        """The channel named by `channel`, which must have the person as a member."""
        return channel_called(self.slack, self.person, self.text("channel"))

    @property
    def any_channel(self) -> Channel:
        """The channel named by `channel`, with any members; "@name" is that person's direct message."""
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
HANDLERS: dict[str, Handler] = {}  # by name, also for the page's forms


def control(name: str, method: str = "POST") -> Callable[[Handler], Handler]:
    """Register a function for `/_control/<name>`. A POST is answered once all events have been delivered."""

    def register(handler: Handler) -> Handler:
        @functools.wraps(handler)
        async def endpoint(request: Request) -> JSONResponse:
            slack: Slack = request.app.state.slack
            try:
                answer = await perform(slack, handler, await _fields(request))
            except Refused as refusal:
                answer = _refused(refusal)
            if method == "POST":
                await slack.delivery.drained()
            return AnyJSONResponse(answer, 400 if answer.get("error") else 200)

        HANDLERS[name] = handler
        routes.append(Route(f"/{name}", endpoint, methods=[method]))
        return handler

    return register


async def perform(slack: Slack, handler: Handler, fields: Json) -> Json:
    """Run a handler with these fields. Returns its answer, or the refusal."""
    try:
        return {"ok": True} | await handler(ControlRequest(slack, fields))
    except Refused as refusal:
        return _refused(refusal)


def _refused(refusal: Refused) -> Json:
    return {"ok": False, "error": refusal.code, "detail": refusal.detail}


def acknowledged(answer: Acknowledgement) -> Json:
    """The app's acknowledgement as an answer."""
    body: Json = {"ok": answer.ok, "acknowledgement": answer.body}
    return body if answer.ok else body | {"error": answer.error, "detail": "see /_control/violations"}


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
