"""Slack refuses the app's token or lacks a scope: whoever watches is told at once."""

import logging
from collections.abc import Callable
from datetime import datetime

from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot.db.session import Sessions
from bot.notifications.pauses import PAUSED_FOR, pause
from bot.slack.client import CREDENTIALS, SCOPE_MISSING, AccessRefused, error_code

logger = logging.getLogger(__name__)


def refusal(error: Exception) -> AccessRefused | None:
    """What an error says of our access; `None` when it says nothing of that."""
    if isinstance(error, AccessRefused):
        return error
    code = error_code(error)
    if code not in CREDENTIALS | SCOPE_MISSING:
        return None
    assert isinstance(error, SlackApiError)
    return AccessRefused(str(error.response.api_url).rpartition("/")[2], code)


def report(sessions: Sessions, clock: Callable[[], datetime], refused: AccessRefused) -> None:
    """Say it in the log, and let `/readyz` and `guichet doctor` say it: as a worker that is refused does."""
    scope = refused.method if refused.code in SCOPE_MISSING else "slack"
    logger.error("Slack refuses the help desk: %s", refused)
    try:
        with sessions.begin() as session:
            pause(session, scope, until=clock() + PAUSED_FOR, reason=str(refused))
    except SQLAlchemyError as error:
        logger.warning("a refusal was not noted: %s", type(error).__name__)
