"""The sender of Slack messages: most deliveries take one Web API call.

Slack's errors: docs.slack.dev, the pages of `chat.postMessage`, `chat.update`, `views.publish` and `files.*`.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient

from blocks.kit.values import Payload
from bot.delivery.errors import ChannelUnreachable, Permanent, RateLimited, Superseded
from bot.delivery.failures.slack_errors import fail
from bot.delivery.rendering.rendered import RenderedHome, RenderedMessage, Sent
from bot.slack.client import CARD_GONE, UNANSWERED, error_code
from models.outbox.kinds import POST, UPDATE
from models.outbox.reasons import Reason

logger = logging.getLogger("guichet.deliveries")
METADATA_TYPE = "guichet_delivery"
# How far our clock may differ from Slack's when a message of ours is looked for.
CLOCKS_DIFFER = timedelta(days=1)


class SlackSender:
    """Sends rendered messages to Slack. Raises the errors of `bot.delivery.errors`."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def send(
        self,
        rendered: RenderedMessage,
        *,
        key: str,
        since: datetime | None,
        before_post: Callable[[], object] = lambda: None,
    ) -> Sent:
        """Post or edit a message. `since`: an earlier attempt may have posted it, not before then.

        `before_post` is called right before a message is posted; what it raises keeps that from happening.
        Raises `Superseded` when it was to be found only, and is not there.
        """
        channel = rendered.channel or self.open_dm(rendered.slack_id)
        try:
            return self._send_to(channel, rendered, key, since, before_post)
        except ChannelUnreachable:
            # The id of a direct message may be refused for ever: the app or the conversation is a new one.
            if rendered.channel is None or rendered.slack_id is None:
                raise
            opened = self.open_dm(rendered.slack_id)
            if opened == channel:
                raise
            return self._send_to(opened, rendered, key, since, before_post)

    def delete(self, sent: Sent) -> None:
        """Delete a message of ours; one that is gone already is no failure."""
        try:
            self._client.chat_delete(channel=sent.channel, ts=sent.ts)
        except UNANSWERED as error:
            if error_code(error) not in CARD_GONE:
                fail("chat.delete", error)

    def _send_to(
        self,
        channel: str,
        rendered: RenderedMessage,
        key: str,
        since: datetime | None,
        before_post: Callable[[], object],
    ) -> Sent:
        if rendered.edit_ts:
            arguments = {"channel": channel, "ts": rendered.edit_ts, "text": rendered.text}
            return _sent(self._call(UPDATE, {**arguments, "blocks": rendered.blocks}))
        if since and (found := self._posted_before(channel, rendered, key, since)):
            return found
        if rendered.only_if_posted:
            raise Superseded(Reason.NEVER_POSTED)
        message: Payload = {
            "channel": channel,
            "text": rendered.text,
            "blocks": rendered.blocks,
            "metadata": {"event_type": METADATA_TYPE, "event_payload": {"key": key}},
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if rendered.thread_ts:
            message["thread_ts"] = rendered.thread_ts
        if rendered.replaces:
            self._delete_replaced(rendered.replaces)
        before_post()
        try:
            return _sent(self._call(POST, message))
        except RateLimited as error:
            error.channel = channel
            raise

    def _posted_before(
        self, channel: str, rendered: RenderedMessage, key: str, since: datetime
    ) -> Sent | None:
        """The message, when an earlier attempt posted it."""
        if ts := self.find(channel, rendered.thread_ts, key, since):
            return Sent(channel, ts)
        former = rendered.former_root
        if former is None:
            return None
        try:
            ts = self.find(former.channel, former.ts, key, since)
        except Permanent as error:  # that team's channel is out of reach: this team still has to know
            logger.info("it cannot be seen whether the former team has the message: %s", error)
            return None
        return Sent(former.channel, ts) if ts else None

    def _delete_replaced(self, old: Sent) -> None:
        """Delete a message that the next one replaces. One that Slack keeps stays above it."""
        try:
            self.delete(old)
        except Permanent as error:
            logger.warning("a message that another replaces was not deleted: %s", error)

    def publish(self, rendered: RenderedHome) -> None:
        """Publish a person's App Home."""
        self._call("views.publish", {"user_id": rendered.slack_id, "view": rendered.view})

    def open_dm(self, slack_id: str | None) -> str:
        """The id of the direct message with somebody. Raises `DeliveryError`."""
        return str(self._call("conversations.open", {"users": slack_id})["channel"]["id"])

    def find(self, channel: str, thread_ts: str | None, key: str, since: datetime) -> str | None:
        """The `ts` of a message of ours that carries this key, if it is there. Raises `DeliveryError`."""
        arguments: Payload = {
            "channel": channel,
            "oldest": f"{(since - CLOCKS_DIFFER).timestamp():.6f}",
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


def _sent(answer: Mapping[str, Any]) -> Sent:
    return Sent(str(answer["channel"]), str(answer["ts"]))
