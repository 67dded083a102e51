"""When something was not sent: what Slack's refusals mean, and what follows for the delivery.

Slack's errors: docs.slack.dev, the pages of `chat.postMessage`, `chat.update`, `views.publish` and `files.*`.
"""

import logging
import math
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
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
    Defect,
    DeliveryError,
    LeaseLost,
    MethodPaused,
    NoAnswer,
    Permanent,
    RateLimited,
    Retryable,
    SenderPaused,
)
from bot.delivery.undelivered import tell_of_death
from bot.notifications.enqueue import refresh_card
from bot.notifications.pauses import PAUSED_FOR, pause, pause_channel
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

PAUSE_MAX = 600.0  # seconds
# An e-mail that cannot leave for so long is given up (RFC 5321, 4.5.4.1).
MAIL_MAX = timedelta(days=5)
# After so many unexpected errors a delivery is tried hourly, and given up a day after the first of them.
DEFECTS_MAX = outbox.DEFECTS_MAX
DEFECT_PAUSE, DEFECT_MAX = timedelta(hours=1), timedelta(hours=24)
logger = logging.getLogger("guichet.deliveries")


def fail(method: str, error: Exception) -> NoReturn:
    """Raise the outcome that this failure of a Web API call means."""
    if not isinstance(error, SlackApiError):
        refused = isinstance(getattr(error, "reason", error), ConnectionRefusedError)
        raise NoAnswer(f"{method}: {type(error).__name__}", reached=not refused) from error
    response = error.response
    code = error_code(error)
    if response.status_code == 429 or code in RATE_LIMITED:
        raise RateLimited(method, _rest(response.headers.get("Retry-After"))) from error
    if code in SCOPE_MISSING:
        raise MethodPaused(method, code) from error
    for outcome, codes in _MEANINGS.items():
        if code in codes and response.status_code < 500:
            raise outcome(f"{method}: {code}") from error
    # Passing, or a code that is new to us: what it means, the next attempt may show.
    raise Retryable(f"{method}: {code or response.status_code}", reached=True) from error


def _rest(said: object) -> float:
    """For how many seconds Slack asked for a rest, 1 to `PAUSE_MAX`: a number or a date (RFC 9110, 10.2.3)."""
    text = str(said)
    try:
        seconds = float(text)
    except ValueError:
        seconds = _seconds_until(text)
    return 1.0 if math.isnan(seconds) else min(max(seconds, 1.0), PAUSE_MAX)


def _seconds_until(date: str) -> float:
    try:
        moment = parsedate_to_datetime(date)
    except (ValueError, OverflowError):
        return math.nan
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()


_MEANINGS: Mapping[type[DeliveryError], Collection[str]] = {
    SenderPaused: CREDENTIALS,
    CardGone: CARD_GONE,
    ChannelUnreachable: CHANNEL_GONE | POSTING_RESTRICTED,
    AccountClosed: {"user_disabled"},
    Permanent: FOR_GOOD,
}


def retry_later(
    session: Session, delivery: Delivery, outcome: DeliveryError, *, now: datetime
) -> DeliveryState:
    """What follows for a delivery that was not sent: its state afterwards."""
    wait = partial(outbox.retry_later, session, delivery, reason=outcome.reason)
    if isinstance(outcome, ChannelUnreachable):
        _note_restriction(session, delivery, outcome, now)
    match outcome:
        case RateLimited():
            # Due as before, here and below: after the rest it leaves in its order.
            _pause(session, delivery, outcome, now)
            wait(due_at=delivery.due_at, reached=False, method=outcome.method)
        case MethodPaused(method=method):
            logger.error("%s is stopped: %s", method, outcome.reason)
            pause(session, method, until=now + PAUSED_FOR, reason=outcome.reason)
            wait(due_at=delivery.due_at, reached=False, method=method)
        case SenderPaused():
            scope = "smtp" if delivery.kind is DeliveryKind.MAIL else "slack"
            logger.error("sending by %s is stopped: %s", scope, outcome.reason)
            pause(session, scope, until=now + PAUSED_FOR, reason=outcome.reason)
            wait(due_at=delivery.due_at, reached=False)
        case CardGone():
            if wait(due_at=now, reached=False, method="chat.postMessage"):
                message_references.delete_reference(session, delivery)
        case ChannelMoved():
            wait(due_at=now, reached=False)
        case AccountClosed():
            _close_account(session, delivery, outcome, now)
        case ChannelUnreachable() if message_references.can_fall_back(session, delivery):
            if wait(due_at=now, reached=False):
                message_references.fall_back(session, delivery)
        case Permanent():
            return _give_up(session, delivery, outcome, now)
        case Retryable() if delivery.kind is DeliveryKind.MAIL and now - delivery.created_at >= MAIL_MAX:
            return _give_up(session, delivery, outcome, now)
        case Retryable(reached=reached):
            wait(due_at=now + outbox.backoff(delivery.attempt), reached=reached)
        case Defect():
            return _after_defect(session, delivery, outcome, now)
        case LeaseLost():
            logger.warning("an attempt at delivery %s was too late: another has it", delivery.id)
        case _:
            raise outcome
    return DeliveryState.PENDING


def _close_account(session: Session, delivery: Delivery, outcome: AccountClosed, now: datetime) -> None:
    """What is for a closed account is skipped at the next attempt; that of nobody, or of somebody whose
    profile says otherwise again, is not tried without a rest."""
    person = session.get(Person, delivery.person_id) if delivery.person_id else None
    is_news = person is not None and not person.is_deactivated
    due_at = now if is_news else now + outbox.backoff(delivery.attempt)
    if outbox.retry_later(session, delivery, due_at=due_at, reason=outcome.reason, reached=False) and person:
        person.is_deactivated = True


def _pause(session: Session, delivery: Delivery, outcome: RateLimited, now: datetime) -> None:
    """Let what Slack named rest: the channel, or the method when a second channel is refused (docs.slack.dev,
    "Rate limits": a message a second for each channel, and a limit for the workspace)."""
    until = now + timedelta(seconds=outcome.seconds)
    if outcome.channel is None or not pause_channel(
        session, (outcome.method, outcome.channel), delivery.recipient, now=now, until=until
    ):
        pause(session, outcome.method, until=until, reason=outcome.reason)


def _after_defect(session: Session, delivery: Delivery, outcome: Defect, now: datetime) -> DeliveryState:
    """What waits behind it waits for the first few attempts only; nobody can say that it will ever leave."""
    since = delivery.defect_at or now
    if now - since >= DEFECT_MAX:
        return _give_up(session, delivery, outcome, now)
    often = delivery.defects + 1 >= DEFECTS_MAX
    due_at = now + (DEFECT_PAUSE if often else outbox.backoff(delivery.attempt))
    outbox.retry_later(
        session,
        delivery,
        due_at=due_at,
        reason=outcome.reason,
        reached=outcome.reached,
        defects=delivery.defects + 1,
        defect_at=since,
    )
    return DeliveryState.PENDING


def _give_up(session: Session, delivery: Delivery, outcome: DeliveryError, now: datetime) -> DeliveryState:
    if outbox.complete(session, delivery, DeliveryState.DEAD, now=now, reason=outcome.reason):
        logger.error("delivery %s is dead: %s", delivery.id, outcome.reason)
        tell_of_death(session, delivery, outcome, now=now)
    return DeliveryState.DEAD


def _note_restriction(session: Session, delivery: Delivery, outcome: DeliveryError, now: datetime) -> None:
    """Slack let nothing into a team's channel: the next cards need not try. What was for a card's thread
    follows the card, which goes where another team reads it."""
    if outcome.reason.rpartition(": ")[2] not in POSTING_RESTRICTED or delivery.team_id is None:
        return
    channels.refuse(session, message_references.channel_of(session, delivery), now=now)
    if delivery.kind not in message_references.TEAM_CARDS and delivery.event_id is not None:
        event = session.get_one(Event, delivery.event_id)
        why = f"delivery {delivery.id} refused at {delivery.attempt}"
        refresh_card(UnitOfWork(session, now), event.ticket, event, why=why)
