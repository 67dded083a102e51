"""Clients of Slack's Web API, and the meanings of its error codes.

The codes: docs.slack.dev, the errors on the page of each method.
"""

from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web import SlackResponse

from bot.observability import slack_waits
from bot.slack import budget
from bot.slack.slack_time import SLACK_TIME
from models.characters import storable_json


class SanitisingClient(WebClient):
    """A client whose responses hold no character that a database cannot store, such as the lone surrogate of
    a name that was cut inside an emoji."""

    def api_call(self, *arguments: Any, **more: Any) -> SlackResponse:
        """Call a method; all other methods of the client use this one. Raises one of `UNANSWERED`."""
        try:
            answer = super().api_call(*arguments, **more)
        except (UnicodeDecodeError, LookupError) as error:  # a proxy's page in another encoding
            raise SlackRequestError(f"unreadable answer: {type(error).__name__}") from error
        SLACK_TIME.note(answer.headers)
        answer.data = storable_json(answer.data)
        return answer


class ListenerClient(SanitisingClient):
    """A client whose calls share the time budget of one payload (`bot.slack.budget`). It does not retry."""

    def __init__(self, token: str | None, base_url: str, timeout: float, team_id: str | None = None) -> None:
        """`timeout`: seconds for a call outside any payload."""
        self._timeout = timeout
        super().__init__(token=token, base_url=base_url, retry_handlers=[], team_id=team_id)

    def api_call(self, *arguments: Any, **more: Any) -> SlackResponse:
        """Call a method; the time that it takes is Slack's, not ours."""
        with slack_waits.for_slack():
            return super().api_call(*arguments, **more)

    @property  # type: ignore[override] # urllib allows fractions
    def timeout(self) -> float:
        return budget.remaining(self._timeout)

    @timeout.setter
    def timeout(self, _seconds: Any) -> None:
        """Ignore what slack_sdk sets."""


class AccessRefused(Exception):
    """Slack refuses the app's token, or a scope is missing: an administrator has to fix it."""

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"{method}: {code}")
        self.method, self.code = method, code


CREDENTIALS = {
    "invalid_auth",
    "not_authed",
    "not_allowed_token_type",
    "token_revoked",
    "token_expired",
    "account_inactive",
    "org_login_required",
    "ekm_access_denied",
    "enterprise_is_restricted",
    "team_access_not_granted",
}
# The app may not call this one method: it was installed with an older manifest.
SCOPE_MISSING = {"missing_scope", "no_permission"}
RATE_LIMITED = {"ratelimited", "rate_limited"}
CARD_GONE = {"message_not_found", "edit_window_closed", "cant_update_message"}
PASSING = {
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",
    "accesslimited",
    "update_failed",
    "external_channel_migrating",
    "message_limit_exceeded",
    "file_update_failed",
    "fetch_members_failed",
}
# There is no account that the app could write to.
NOBODY = {"user_not_found", "users_not_found", "user_not_visible", "user_disabled"}
# Permanent: a retry would be refused as well.
FOR_GOOD = NOBODY | {
    "access_denied",
    "block_mismatch",
    "cannot_dm_bot",
    "cannot_reply_to_message",
    "cant_delete_message",
    "cant_delete_file",
    "channels_limit_exceeded",
    "compliance_exports_prevent_deletion",
    "duplicate_channel_not_found",
    "duplicate_external_id",
    "duplicate_message_not_found",
    "file_deleted",
    "file_not_found",
    "invalid_arg_name",
    "invalid_arguments",
    "invalid_array_arg",
    "invalid_attachments",
    "invalid_blocks",
    "invalid_blocks_format",
    "invalid_channel",
    "invalid_charset",
    "invalid_form_data",
    "invalid_json",
    "invalid_metadata_format",
    "invalid_metadata_schema",
    "invalid_post_type",
    "invalid_user_combination",
    "json_not_object",
    "length_mismatch",
    "markdown_text_conflict",
    "messages_tab_disabled",
    "metadata_must_be_sent_from_app",
    "metadata_too_large",
    "method_deprecated",
    "method_not_supported_for_channel_type",
    "missing_argument",
    "missing_post_type",
    "msg_blocks_too_long",
    "msg_too_long",
    "no_text",
    "not_enabled",
    "not_enough_users",
    "snippet_too_large",
    "storage_limit_reached",
    "team_not_found",
    "thread_not_found",
    "too_many_attachments",
    "too_many_contact_cards",
    "too_many_users",
    "unknown_method",
    "users_list_not_supplied",
    "view_too_large",
}


# What a Web API call raises when Slack refuses it or does not answer.
UNANSWERED = (SlackApiError, SlackRequestError, HTTPException, OSError)


def worker_client(token: str, base_url: str, *, timeout: int = 15) -> WebClient:
    """A client that does not retry: slack_sdk's default handler would post a message twice."""
    return SanitisingClient(token=token, base_url=base_url, timeout=timeout, retry_handlers=[])


def error_code(error: Exception) -> str:
    """Slack's error code; "" when there is none, as when a proxy responded instead."""
    if not isinstance(error, SlackApiError) or not isinstance(error.response.data, dict):
        return ""
    code = str(error.response.get("error", ""))
    return code if code.isidentifier() else ""  # slack_sdk puts the body there when it is not JSON
