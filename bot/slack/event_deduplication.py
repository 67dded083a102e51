"""Deduplication of Slack's events.

Slack retries an event that was not acknowledged at once, after a minute and after five, with the same
`event_id` (docs.slack.dev, "Events API"). A retry of an event that was handled must be ignored, and one that
failed must not: so an event is saved when it is acknowledged, not when it arrives.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import Ack, BoltRequest, BoltResponse
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from blocks.kit.values import Payload
from bot.db.refusals import refusal
from bot.db.session import Sessions, transact
from models.outbox.slack_event import HandledEvent

# Idempotent, and too frequent to save each.
IDEMPOTENT = {"user_change", "file_deleted"}
# Events about an earlier message.
CHANGES = {"message_changed", "message_deleted"}
MESSAGES = {"message", "app_mention"}  # what people write, which must not be lost
RETRIES = 3  # after the first attempt
logger = logging.getLogger(__name__)


def event_id(body: Payload) -> str | None:
    """The id of an event that must be handled once, for a message its channel and `ts`; `None` for other
    payloads."""
    is_event = body.get("type") == "event_callback" and "event_id" in body
    event = body.get("event", {})
    if not is_event or event.get("type") in IDEMPOTENT:
        return None
    is_message = event.get("type") == "message" and event.get("subtype") not in CHANGES
    if is_message and "channel" in event and "ts" in event:
        # Slack may send one with several `event_id`s (github.com/slackapi/node-slack-sdk, issue 2141).
        return f"{event['channel']}:{event['ts']}"[:64]
    return str(body["event_id"])[:64]


def is_handled(sessions: Sessions, event_id: str) -> bool:
    """Whether this event was handled before."""
    with sessions() as session:
        return session.get(HandledEvent, event_id) is not None


def will_be_retried(request: BoltRequest) -> bool:
    """Whether this is the event of a message, which Slack will retry unless it is acknowledged now."""
    retries = request.headers.get("x-slack-retry-num", ["0"])[0]
    is_message = event_id(request.body) is not None and request.body["event"]["type"] in MESSAGES
    return is_message and int(retries) < RETRIES


class RecordingAck(Ack):
    """An acknowledgement that saves its event."""

    def __init__(self, sessions: Sessions, event_id: str, clock: Callable[[], datetime]) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # Bolt leaves it without types
        self._sessions, self._event_id, self._clock = sessions, event_id, clock

    def __call__(self, *arguments: Any, **more: Any) -> BoltResponse:
        """Save the event, then acknowledge it. It is acknowledged even if it cannot be saved: it was
        handled."""
        try:
            transact(self._sessions, self._save)
        except SQLAlchemyError as error:
            logger.warning("an event could not be saved: %s", refusal(error))
        return super().__call__(*arguments, **more)

    def _save(self, session: Session) -> None:
        session.merge(HandledEvent(event_id=self._event_id, at=self._clock()))
