"""Refusals of the app's token or scopes by Slack: they are logged, and fail the health checks."""

import logging
from collections.abc import Callable
from datetime import datetime

from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot.db import refusals
from bot.db.session import Sessions
from bot.notifications.maintenance.pauses import PAUSED_FOR, pause
from bot.slack.client import CREDENTIALS, SCOPE_MISSING, AccessRefused, error_code
from models.outbox.reasons import Cause, Reason

logger = logging.getLogger(__name__)


def refusal(error: Exception) -> AccessRefused | None:
    """The refusal of our access that an error is; `None` for any other error."""
    if isinstance(error, AccessRefused):
        return error
    code = error_code(error)
    if code not in CREDENTIALS | SCOPE_MISSING:
        return None
    assert isinstance(error, SlackApiError)
    return AccessRefused(str(error.response.api_url).rpartition("/")[2], code)


def report(sessions: Sessions, clock: Callable[[], datetime], refused: AccessRefused) -> None:
    """Log a refusal, and pause its scope, which `/readyz` and `guichet doctor` report."""
    scope = refused.method if refused.code in SCOPE_MISSING else "slack"
    logger.error("Slack refuses the help desk: %s", refused)
    try:
        with sessions.begin() as session:
            pause(
                session,
                scope,
                until=clock() + PAUSED_FOR,
                cause=Cause(Reason.ACCESS_REFUSED, refused.method, refused.code),
            )
    except SQLAlchemyError as error:
        logger.warning("a refusal could not be saved: %s", refusals.refusal(error))
