"""Events that Slack tells again: each is dealt with once.

Slack repeats an event whose acknowledgement it did not get, at once, after a minute and after five
(docs.slack.dev, "Events API"), with the same `event_id`. What a listener did before the loss must not be done
again; what failed must. So an event is noted when it is acknowledged, not when it comes.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import Ack, BoltRequest, BoltResponse
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.db.session import Sessions, transact
from models.outbox.slack_event import HandledEvent

# They say how something is now: heard twice they change nothing, and there are too many to note each.
HARMLESS = {"user_change"}
# What Slack tells of a message that it told before.
CHANGES = {"message_changed", "message_deleted"}
RETRIES = 3  # after the first time
logger = logging.getLogger(__name__)


def event_id(body: dict[str, Any]) -> str | None:
    """The id of an event that must be dealt with once, a message's own where it has one; `None` for what is
    none."""
    is_event = body.get("type") == "event_callback" and "event_id" in body
    event = body.get("event", {})
    if not is_event or event.get("type") in HARMLESS:
        return None
    is_message = event.get("type") == "message" and event.get("subtype") not in CHANGES
    if is_message and "channel" in event and "ts" in event:
        # Slack may tell one under several ids (github.com/slackapi/node-slack-sdk, issue 2141).
        return f"{event['channel']}:{event['ts']}"[:64]
    return str(body["event_id"])[:64]


def is_handled(sessions: Sessions, event_id: str) -> bool:
    """Whether this event was dealt with before."""
    with sessions() as session:
        return session.get(HandledEvent, event_id) is not None


def will_be_retried(request: BoltRequest) -> bool:
    """Whether this is words that somebody typed, which Slack tells again if they are not acknowledged now."""
    retries = request.headers.get("x-slack-retry-num", ["0"])[0]
    is_message = event_id(request.body) is not None and request.body["event"]["type"] == "message"
    return is_message and int(retries) < RETRIES


class RecordingAck(Ack):
    """An acknowledgement that notes its event."""

    def __init__(self, sessions: Sessions, event_id: str, clock: Callable[[], datetime]) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # Bolt leaves it without types
        self._sessions, self._event_id, self._clock = sessions, event_id, clock

    def __call__(self, *arguments: Any, **more: Any) -> BoltResponse:
        """Note the event, then acknowledge it. What was done is done: a note that fails is no error."""
        try:
            transact(self._sessions, self._note)
        except SQLAlchemyError as error:
            logger.warning("an event was not noted: %s", type(error).__name__)
        return super().__call__(*arguments, **more)

    def _note(self, session: Session) -> None:
        session.merge(HandledEvent(event_id=self._event_id, at=self._clock()))
