"""When something was not sent: what Slack's refusals mean, and what follows for the delivery.

Slack's errors: docs.slack.dev, the pages of `chat.postMessage`, `chat.update`, `views.publish` and `files.*`.
"""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import NoReturn

from slack_sdk.errors import SlackApiError
from sqlalchemy.orm import Session

from bot.delivery import message_references, outbox
from bot.delivery.errors import (
    CardGone,
    ChannelUnreachable,
    NotSent,
    RateLimited,
    SenderStopped,
    TryAgain,
    Undeliverable,
)
from bot.slack.client import (
    CARD_GONE,
    CREDENTIALS,
    PASSING,
    RATE_LIMITED,
    error_code,
)
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.reasons import CHANNEL_GONE

logger = logging.getLogger("guichet.deliveries")
STOPPED_FOR = timedelta(seconds=60)


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


def put_back(session: Session, delivery: Delivery, outcome: NotSent, *, now: datetime) -> DeliveryState:
    """What follows for a delivery that was not sent: its state afterwards."""
    wait = partial(outbox.put_back, session, delivery, reason=outcome.reason)
    match outcome:
        case RateLimited(method=method, seconds=seconds):
            until = now + timedelta(seconds=seconds)
            outbox.pause(session, method, until=until, reason=outcome.reason)
            wait(due_at=until, reached=False, method=method)
        case SenderStopped():
            scope = "smtp" if delivery.kind is DeliveryKind.MAIL else "slack"
            logger.error("sending by %s is stopped: %s", scope, outcome.reason)
            outbox.pause(session, scope, until=now + STOPPED_FOR, reason=outcome.reason)
            wait(due_at=now, reached=False)
        case CardGone():
            if wait(due_at=now, reached=False, method="chat.postMessage"):
                message_references.forget_post(session, delivery)
        case ChannelUnreachable() if message_references.can_fall_back(session, delivery):
            if wait(due_at=now, reached=False):
                message_references.fall_back(session, delivery)
        case Undeliverable():
            logger.error("delivery %s is dead: %s", delivery.id, outcome.reason)
            outbox.settle(session, delivery, DeliveryState.DEAD, now=now, reason=outcome.reason)
            return DeliveryState.DEAD
        case TryAgain(reached=reached):
            wait(due_at=now + outbox.back_off(delivery.attempt), reached=reached)
        case _:
            raise outcome
    return DeliveryState.PENDING
