"""One call: its arguments, in any encoding, and lookups by them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playground.errors import ApiError, missing_field
from playground.state.workspace import BOT_USER_ID, Channel, Json, Message, Person

if TYPE_CHECKING:
    from starlette.requests import Request

    from playground.state.slack import Slack

# Arguments that are JSON: encoded as text in a form or query.
_STRUCTURED = ("attachments", "blocks", "files", "message", "metadata", "view")


@dataclass(frozen=True)
class ApiCall:
    """The argument of a method. The getters raise Slack's errors."""

    slack: Slack
    method: str
    arguments: Json

    def text(self, name: str) -> str | None:
        """An argument as text; None when it is absent or empty."""
        value = self.arguments.get(name)
        return None if value is None or value == "" else str(value)

    def required(self, name: str) -> str:
        """A required argument."""
        value = self.text(name)
        if value is None:
            raise missing_field(name)
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean: JSON's own, or a form's `true`, `1`."""
        value = self.text(name)
        return default if value is None else value.lower() in ("true", "1")

    def number(self, name: str, default: int, most: int, error: str = "invalid_limit") -> int:
        """A whole number from 1 to `most`."""
        value = self.text(name)
        if value is None:
            return default
        if not value.isdecimal() or not 1 <= int(value) <= most:
            raise ApiError(error)
        return int(value)

    def ids(self, name: str) -> list[str]:
        """A list of ids: JSON's own, or separated by commas."""
        value = self.arguments.get(name) or []
        parts = value if isinstance(value, list) else str(value).split(",")
        return [part for part in (str(part).strip() for part in parts) if part]

    def need(self, scope: str) -> None:
        """Refuse without this scope."""
        self.need_one_of((scope,))

    def need_one_of(self, scopes: tuple[str, ...]) -> None:
        """Refuse without any of these scopes."""
        held = self.slack.manifest.bot_scopes
        if scopes and held.isdisjoint(scopes):
            provided = ",".join(sorted(held))
            raise ApiError("missing_scope", needed=",".join(scopes), provided=provided)

    def visible_channel(self, name: str = "channel") -> Channel:
        """The conversation with the id given; a private one without the app is not found."""
        channel = self.slack.workspace.channels.get(self.text(name) or "")
        if channel is None or (channel.kind == "private" and BOT_USER_ID not in channel.members):
            raise ApiError("channel_not_found")
        return channel

    def joined_channel(self, name: str = "channel") -> Channel:
        """The conversation with the id given, of which the app is a member."""
        channel = self.visible_channel(name)
        if BOT_USER_ID not in channel.members:
            raise ApiError("not_in_channel")
        return channel

    def message(self, channel: Channel, name: str = "ts") -> Message:
        """The message of a channel with the `ts` given."""
        message = channel.messages.get(self.text(name) or "")
        if message is None or message.deleted:
            raise ApiError("message_not_found")
        return message

    def thread(self, channel: Channel) -> str | None:
        """The root to reply to; None when it was deleted, and the reply goes to the channel (reported).

        Assumption: unknown roots, and replies to replies, are refused.
        """
        thread_ts = self.text("thread_ts")
        if thread_ts is None:
            return None
        root = channel.messages.get(thread_ts)
        if root is None and thread_ts in channel.gone:
            return None
        if root is None:
            raise ApiError("thread_not_found")
        if root.thread_ts not in (None, root.ts):
            raise ApiError("cannot_reply_to_message")
        return thread_ts

    def person(self, name: str = "user") -> Person:
        """The person with the id given."""
        person = self.slack.workspace.people.get(self.text(name) or "")
        if person is None:
            raise ApiError("user_not_found")
        return person


async def read_arguments(request: Request) -> Json:
    """The arguments of query and body together; also `token`, if it is among them."""
    arguments: Json = dict(request.query_params)
    content_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if request.method == "POST" and content_type == "application/json":
        arguments |= _json_object(await request.body())
    elif request.method == "POST":
        async with request.form() as form:
            arguments |= {key: value for key, value in form.items() if isinstance(value, str)}
    return arguments | _structured(arguments)


def _json_object(body: bytes) -> Json:
    try:
        decoded = json.loads(body or b"{}")  # slack_sdk sends no body when there are no arguments
    except ValueError as error:
        raise ApiError("invalid_json") from error
    if not isinstance(decoded, dict):
        raise ApiError("json_not_object")
    return decoded


def _structured(arguments: Mapping[str, Any]) -> Json:
    """The JSON arguments, decoded; invalid ones stay text, for the method to refuse."""
    decoded: Json = {}
    for name in _STRUCTURED:
        value = arguments.get(name)
        if isinstance(value, str) and value:
            try:
                decoded[name] = json.loads(value)
            except ValueError:
                continue
    return decoded
