"""What an unanswered call of Slack's Web API means, in words for administrators."""

from slack_sdk.errors import SlackApiError

from bot.no_answer import why
from bot.slack.client import CREDENTIALS, RATE_LIMITED, SCOPE_MISSING, AccessRefused, error_code
from models.errors import HelpDeskError


def is_refused(error: Exception) -> bool:
    """Whether Slack refuses the token: an administrator has to change it, or its scopes."""
    return error_code(error) in CREDENTIALS | SCOPE_MISSING


def is_rate_limit(error: Exception) -> bool:
    """Whether Slack answers only later (HTTP status 429)."""
    return isinstance(error, SlackApiError) and (
        error.response.status_code == 429 or error_code(error) in RATE_LIMITED
    )


def advice(error: Exception) -> str:
    """What to do when no token is refused."""
    if is_rate_limit(error):
        return "try again in some minutes"
    if error_code(error):
        return "Slack itself has a fault: see slack-status.com, and try again later"
    if isinstance(error, SlackApiError):
        return "check SLACK_API_URL, and a proxy that may answer instead; or try again later"
    return "check that this machine can reach it"


def explain(error: Exception) -> str:
    """What came instead of an answer: "Slack answers invalid_auth", "no answer: connection refused".

    `error`: one of `bot.slack.client.UNANSWERED`."""
    if isinstance(error, AccessRefused):
        return f"Slack answers {error.code}"
    if isinstance(error, HelpDeskError):
        return "Slack does not answer"
    if is_rate_limit(error):
        return "Slack limits how often it is called"
    if code := error_code(error):
        return f"Slack answers {code}"
    if isinstance(error, SlackApiError):
        return f"an answer that is not Slack's (HTTP status {error.response.status_code})"
    return f"no answer: {why(error)}"
