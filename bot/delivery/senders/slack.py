"""The sender of Slack messages: one Web API call a delivery, and what its refusals mean.

Slack's errors: docs.slack.dev, the pages of `chat.postMessage`, `chat.update`, `views.publish` and `files.*`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.delivery.errors import (
    CardGone,
    ChannelUnreachable,
    RateLimited,
    SenderStopped,
    TryAgain,
    Undeliverable,
)
from bot.delivery.rendering.rendered import HomeDrawing, MessageDrawing, Overtaken
from bot.slack.client import (
    CARD_GONE,
    CREDENTIALS,
    PASSING,
    RATE_LIMITED,
    UNANSWERED,
    error_code,
)
from models.outbox.reasons import CHANNEL_GONE

METADATA_TYPE = "guichet_delivery"
NOT_POSTED = "it had not been sent when the ticket moved on"


@dataclass(frozen=True)
class Sent:
    """Where a message landed."""

    channel: str
    ts: str


class SlackSender:
    """Sends drawings to Slack. Raises the outcomes of `bot.delivery.errors`."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def send(self, drawing: MessageDrawing, *, key: str, since: datetime | None) -> Sent:
        """Post or edit a message. `since`: an earlier attempt may have posted it, not before then.

        Raises `Overtaken` when it was to be found only, and is not there.
        """
        channel = drawing.channel or self._open_dm(drawing.slack_id)
        if drawing.edit_ts:
            arguments = {"channel": channel, "ts": drawing.edit_ts, "text": drawing.text}
            return _sent(self._call("chat.update", {**arguments, "blocks": drawing.blocks}))
        if since and (ts := self._find(channel, drawing.thread_ts, key, since)):
            return Sent(channel, ts)
        if drawing.only_if_posted:
            raise Overtaken(NOT_POSTED)
        message: dict[str, Any] = {
            "channel": channel,
            "text": drawing.text,
            "blocks": drawing.blocks,
            "metadata": {"event_type": METADATA_TYPE, "event_payload": {"key": key}},
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if drawing.thread_ts:
            message["thread_ts"] = drawing.thread_ts
        return _sent(self._call("chat.postMessage", message))

    def publish(self, drawing: HomeDrawing) -> None:
        """Draw somebody's App Home anew."""
        self._call("views.publish", {"user_id": drawing.slack_id, "view": drawing.view})

    def _open_dm(self, slack_id: str | None) -> str:
        return str(self._call("conversations.open", {"users": slack_id})["channel"]["id"])

    def _find(self, channel: str, thread_ts: str | None, key: str, since: datetime) -> str | None:
        """The `ts` of a message of ours that carries this key, if it is there."""
        arguments: dict[str, Any] = {
            "channel": channel,
            "oldest": f"{(since - timedelta(minutes=1)).timestamp():.6f}",
            "include_all_metadata": True,
            "limit": 200,
        }
        method = "conversations.history"
        if thread_ts:
            method, arguments["ts"] = "conversations.replies", thread_ts
        while True:
            page = self._call(method, arguments)
            for message in page["messages"]:
                if message.get("metadata", {}).get("event_payload", {}).get("key") == key:
                    return str(message["ts"])
            cursor = page.get("response_metadata", {}).get("next_cursor")
            if not cursor:
                return None
            arguments["cursor"] = cursor

    def _call(self, method: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            # Methods that read take no JSON body; those that write need one for blocks.
            form = method.startswith("conversations.")
            given = dict(arguments)
            answer = (
                self._client.api_call(method, params=given)
                if form
                else self._client.api_call(method, json=given)
            )
        except UNANSWERED as error:
            fail(method, error)
        assert isinstance(answer.data, dict)
        return answer.data


def fail(method: str, error: Exception) -> NoReturn:
    """Raise the outcome that this failure of a Web API call means."""
    if not isinstance(error, SlackApiError):
        refused = isinstance(getattr(error, "reason", error), ConnectionRefusedError)
        raise TryAgain(f"{method}: {type(error).__name__}", reached=not refused) from error
    response = error.response
    code = error_code(error)
    if response.status_code == 429 or code in RATE_LIMITED:
        raise RateLimited(method, float(response.headers.get("Retry-After", 1))) from error
    if code in CREDENTIALS:
        raise SenderStopped(f"{method}: {code}") from error
    if code in CARD_GONE:
        raise CardGone(f"{method}: {code}") from error
    if code in CHANNEL_GONE:
        raise ChannelUnreachable(f"{method}: {code}") from error
    if not code or code in PASSING or response.status_code >= 500:
        raise TryAgain(f"{method}: {code or response.status_code}", reached=True) from error
    raise Undeliverable(f"{method}: {code}") from error


def _sent(answer: Mapping[str, Any]) -> Sent:
    return Sent(str(answer["channel"]), str(answer["ts"]))
