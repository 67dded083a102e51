"""What an unanswered call of Slack's Web API means, in words for administrators."""

from slack_sdk.errors import SlackApiError

from bot.no_answer import why
from bot.slack.client import CREDENTIALS, SCOPE_MISSING, AccessRefused, error_code
from models.errors import HelpDeskError


def is_refused(error: Exception) -> bool:
    """Whether Slack refuses the token: an administrator has to change it, or its scopes."""
    return error_code(error) in CREDENTIALS | SCOPE_MISSING


def explain(error: Exception) -> str:
    """What came instead of an answer: "Slack answers invalid_auth", "no answer: connection refused".

    `error`: one of `bot.slack.client.UNANSWERED`."""
    if isinstance(error, AccessRefused):
        return f"Slack answers {error.code}"
    if isinstance(error, HelpDeskError):
        return "Slack does not answer"
    if code := error_code(error):
        return f"Slack answers {code}"
    if isinstance(error, SlackApiError):
        return f"an answer that is not Slack's (HTTP status {error.response.status_code})"
    return f"no answer: {why(error)}"
