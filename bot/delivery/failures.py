"""When something was not sent: what Slack's refusals mean, and what follows for the delivery.

Slack's errors: docs.slack.dev, the pages of `chat.postMessage`, `chat.update`, `views.publish` and `files.*`.
"""

import logging
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import NoReturn

from slack_sdk.errors import SlackApiError
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.delivery import message_references, outbox
from bot.delivery.errors import (
    AccountClosed,
    CardGone,
    ChannelMoved,
    ChannelUnreachable,
    MethodStopped,
    NotSent,
    RateLimited,
    SenderStopped,
    TryAgain,
    Undeliverable,
)
from bot.notifications.enqueue import redraw_card
from bot.notifications.pauses import STOPPED_FOR, pause
from bot.services import channels
from bot.slack.client import (
    CARD_GONE,
    CREDENTIALS,
    FOR_GOOD,
    RATE_LIMITED,
    SCOPE_MISSING,
    error_code,
)
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.reasons import CHANNEL_GONE, POSTING_RESTRICTED
from models.person import Person
from models.tickets.event import Event

REST_MAX = 3600.0  # seconds
DIGITS = 9
logger = logging.getLogger("guichet.deliveries")


def fail(method: str, error: Exception) -> NoReturn:
    """Raise the outcome that this failure of a Web API call means."""
    if not isinstance(error, SlackApiError):
        refused = isinstance(getattr(error, "reason", error), ConnectionRefusedError)
        raise TryAgain(f"{method}: {type(error).__name__}", reached=not refused) from error
    response = error.response
    code = error_code(error)
    if response.status_code == 429 or code in RATE_LIMITED:
        raise RateLimited(method, _rest(response.headers.get("Retry-After"))) from error
    if code in SCOPE_MISSING:
        raise MethodStopped(method, code) from error
    for outcome, codes in _MEANINGS.items():
        if code in codes and response.status_code < 500:
            raise outcome(f"{method}: {code}") from error
    # Passing, or a code that is new to us: what it means, the next attempt may show.
    raise TryAgain(f"{method}: {code or response.status_code}", reached=True) from error


def _rest(said: object) -> float:
    """For how many seconds Slack asked for a rest, as far as it makes sense: a proxy may name a date."""
    text = str(said)
    seconds = float(text) if text.isascii() and text.isdecimal() and len(text) < DIGITS else 1.0
    return min(max(seconds, 1.0), REST_MAX)


_MEANINGS: Mapping[type[NotSent], Collection[str]] = {
    SenderStopped: CREDENTIALS,
    CardGone: CARD_GONE,
    ChannelUnreachable: CHANNEL_GONE | POSTING_RESTRICTED,
    AccountClosed: {"user_disabled"},
    Undeliverable: FOR_GOOD,
}


def put_back(session: Session, delivery: Delivery, outcome: NotSent, *, now: datetime) -> DeliveryState:
    """What follows for a delivery that was not sent: its state afterwards."""
    wait = partial(outbox.put_back, session, delivery, reason=outcome.reason)
    if isinstance(outcome, ChannelUnreachable):
        _note_restriction(session, delivery, outcome, now)
    match outcome:
        case RateLimited(method=method, seconds=seconds):
            until = now + timedelta(seconds=seconds)
            pause(session, method, until=until, reason=outcome.reason)
            wait(due_at=until, reached=False, method=method)
        case MethodStopped(method=method):
            logger.error("%s is stopped: %s", method, outcome.reason)
            pause(session, method, until=now + STOPPED_FOR, reason=outcome.reason)
            wait(due_at=now, reached=False, method=method)
        case SenderStopped():
            scope = "smtp" if delivery.kind is DeliveryKind.MAIL else "slack"
            logger.error("sending by %s is stopped: %s", scope, outcome.reason)
            pause(session, scope, until=now + STOPPED_FOR, reason=outcome.reason)
            wait(due_at=now, reached=False)
        case CardGone():
            if wait(due_at=now, reached=False, method="chat.postMessage"):
                message_references.forget_post(session, delivery)
        case ChannelMoved():
            wait(due_at=now, reached=False)
        case AccountClosed():
            if wait(due_at=now, reached=False) and delivery.person_id:
                session.get_one(Person, delivery.person_id).is_deactivated = True
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


def _note_restriction(session: Session, delivery: Delivery, outcome: NotSent, now: datetime) -> None:
    """Slack let nothing into a team's channel: the next cards need not try. What was for a card's thread
    follows the card, which goes where another team reads it."""
    if outcome.reason.rpartition(": ")[2] not in POSTING_RESTRICTED or delivery.team_id is None:
        return
    channels.refuse(session, message_references.channel_of(session, delivery), now=now)
    if delivery.kind not in message_references.TEAM_CARDS and delivery.event_id is not None:
        event = session.get_one(Event, delivery.event_id)
        why = f"delivery {delivery.id} refused at {delivery.attempt}"
        redraw_card(UnitOfWork(session, now), event.ticket, event, why=why)
