"""What the errors of a Web API call mean for a delivery.

Slack's errors: docs.slack.dev, the pages of `chat.postMessage`, `chat.update`, `views.publish` and `files.*`.
"""

import math
from collections.abc import Collection
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NoReturn

from slack_sdk.errors import SlackApiError

from bot.delivery.errors import (
    AccountClosed,
    CardGone,
    ChannelUnreachable,
    DeliveryError,
    MethodPaused,
    NoAnswer,
    Permanent,
    RateLimited,
    Retryable,
    SenderPaused,
)
from bot.no_answer import why
from bot.slack.client import CARD_GONE, CREDENTIALS, FOR_GOOD, RATE_LIMITED, SCOPE_MISSING, error_code
from models.outbox.reasons import CHANNEL_GONE, POSTING_RESTRICTED, Reason

PAUSE_MAX = 600.0  # seconds

_MEANINGS: tuple[tuple[type[DeliveryError], Reason, Collection[str]], ...] = (
    (SenderPaused, Reason.ACCESS_REFUSED, CREDENTIALS),
    (CardGone, Reason.MESSAGE_GONE, CARD_GONE),
    (ChannelUnreachable, Reason.CHANNEL_REFUSED, CHANNEL_GONE | POSTING_RESTRICTED),
    (AccountClosed, Reason.ACCOUNT_REFUSED, {"user_disabled"}),
    (Permanent, Reason.REFUSED, FOR_GOOD),
)


def fail(method: str, error: Exception) -> NoReturn:
    """Raise the delivery error for a Web API call that was refused or not answered."""
    if not isinstance(error, SlackApiError):
        refused = isinstance(getattr(error, "reason", error), ConnectionRefusedError)
        raise NoAnswer(Reason.NO_ANSWER, method, why(error), maybe_sent=not refused) from error
    response = error.response
    code = error_code(error)
    if response.status_code == 429 or code in RATE_LIMITED:
        raise RateLimited(method, _retry_after(response.headers.get("Retry-After"))) from error
    if code in SCOPE_MISSING:
        raise MethodPaused(method, code) from error
    for meaning, reason, codes in _MEANINGS:
        if code in codes and response.status_code < 500:
            raise meaning(reason, method, code) from error
    # A passing failure, or a code that is new to us, which the next attempt may not get.
    code = code or str(response.status_code)
    raise Retryable(Reason.REMOTE_ERROR, method, code, maybe_sent=True) from error


def _retry_after(header: object) -> float:
    """Seconds, 1 to `PAUSE_MAX`, of a number or a date (RFC 9110, 10.2.3)."""
    text = str(header)
    try:
        seconds = float(text)
    except ValueError:
        seconds = _seconds_until(text)
    return 1.0 if math.isnan(seconds) else min(max(seconds, 1.0), PAUSE_MAX)


def _seconds_until(date: str) -> float:
    try:
        at = parsedate_to_datetime(date)
    except (ValueError, OverflowError):
        return math.nan
    return (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
