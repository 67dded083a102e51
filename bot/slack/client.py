"""Slack's Web API: clients, and what the codes of its refusals mean."""

from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError


def quick_client(token: str | None, base_url: str, patience: float) -> WebClient:
    """A client that gives up after `patience` seconds and never repeats a call by itself."""
    return WebClient(token=token, base_url=base_url, timeout=patience, retry_handlers=[])  # type: ignore[arg-type] # urllib takes fractions


CREDENTIALS = {
    "invalid_auth",
    "not_authed",
    "not_allowed_token_type",
    "token_revoked",
    "token_expired",
    "account_inactive",
    "missing_scope",
    "no_permission",
    "org_login_required",
    "ekm_access_denied",
    "enterprise_is_restricted",
    "team_access_not_granted",
}
RATE_LIMITED = {"ratelimited", "rate_limited"}
CARD_GONE = {"message_not_found", "edit_window_closed", "cant_update_message"}
PASSING = {
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",
    "accesslimited",
}


# What a Web API call raises when Slack refuses it, or does not answer it.
UNANSWERED = (SlackApiError, SlackRequestError, HTTPException, OSError)


def worker_client(token: str, base_url: str, *, timeout: int = 15) -> WebClient:
    """A client that never repeats a call by itself: slack_sdk's default repeats a lost post."""
    return WebClient(token=token, base_url=base_url, timeout=timeout, retry_handlers=[])


def error_code(error: Exception) -> str:
    """Slack's own word for a refusal; "" when there is none, as when a proxy answered in its place."""
    if not isinstance(error, SlackApiError) or not isinstance(error.response.data, dict):
        return ""
    code = str(error.response.get("error", ""))
    return code if code.isidentifier() else ""  # slack_sdk puts a page that is no JSON there


# Slack's codes for a channel that cannot be written to.
CHANNEL_GONE = {"channel_not_found", "is_archived", "is_inactive", "not_in_channel"}
