"""conversations.history and conversations.replies"""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from playground.errors import ApiError
from playground.state.conversation.message_payloads import message_payload, replies
from playground.state.workspace import Channel, Json, Message
from playground.web_api.call import ApiCall
from playground.web_api.paging import page
from playground.web_api.registry import method

_SCOPES = {"public": "channels:history", "private": "groups:history", "im": "im:history"}
_ANY = tuple(_SCOPES.values())
MOST = 999


@method("conversations.history", *_ANY)
def conversations_history(call: ApiCall) -> Json:
    """The messages of a channel, newest first, without replies."""
    channel = _readable(call)
    roots = [m for m in channel.messages.values() if m.thread_ts in (None, m.ts)]
    return _answer(call, _between(call, roots)[::-1], default=100)


@method("conversations.replies", *_ANY)
def conversations_replies(call: ApiCall) -> Json:
    """A message and its replies, oldest first. Given a reply's `ts`, that reply alone."""
    channel = _readable(call)
    ts = call.required("ts")
    thread = [m for m in (channel.messages.get(ts),) if m is not None] + replies(channel, ts)
    if not thread:
        raise ApiError("thread_not_found")
    within = _between(call, thread[1:])
    return _answer(call, [thread[0], *within], default=1000)


def _readable(call: ApiCall) -> Channel:
    channel = call.visible_channel()
    call.need(_SCOPES[channel.kind])
    return call.joined_channel()


def _between(call: ApiCall, messages: Sequence[Message]) -> list[Message]:
    """The messages after `oldest` and before `latest`; with `inclusive`, also those at the bounds."""
    oldest, latest = _timestamp(call, "oldest", "0"), _timestamp(call, "latest", "Infinity")
    bounds = (oldest, latest) if call.flag("inclusive") else ()
    stamped = ((message, Decimal(message.ts)) for message in messages)
    return [message for message, at in stamped if oldest < at < latest or at in bounds]


def _timestamp(call: ApiCall, name: str, default: str) -> Decimal:
    try:
        return Decimal(call.text(name) or default)
    except InvalidOperation as error:
        raise ApiError(f"invalid_ts_{name}") from error


def _answer(call: ApiCall, messages: Sequence[Message], default: int) -> Json:
    shown, more = page(call, messages, lambda message: message.ts, default=default, most=max(MOST, default))
    has_more = bool(more["response_metadata"]["next_cursor"])
    payloads = [_payload(call, message) for message in shown]
    answer: Json = {"messages": payloads, "has_more": has_more}
    return answer | (more if has_more else {})


def _payload(call: ApiCall, message: Message) -> Json:
    """A message, with its metadata when asked for."""
    payload = message_payload(call.slack, message)
    if message.metadata and call.flag("include_all_metadata"):
        payload["metadata"] = message.metadata
    return payload
