"""Slack's Web API: clients, and what the codes of its refusals mean.

The codes: docs.slack.dev, the errors on the page of each method.
"""

from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web import SlackResponse

from bot.slack import budget
from bot.slack.slack_time import SLACK_TIME
from models.characters import all_kept


class CleanClient(WebClient):
    """A client whose answers hold texts that every database keeps: a name that was cut in the middle of an
    emoji ends in half a character."""

    def api_call(self, *arguments: Any, **more: Any) -> SlackResponse:
        """Call a method; every other way to do so ends here. Raises one of `UNANSWERED`."""
        try:
            answer = super().api_call(*arguments, **more)
        except (UnicodeDecodeError, LookupError) as error:  # a page of a proxy's, in letters of its own
            raise SlackRequestError(f"unreadable answer: {type(error).__name__}") from error
        SLACK_TIME.note(answer.headers)
        answer.data = all_kept(answer.data)
        return answer


class ListenerClient(CleanClient):
    """A client whose calls share the time of one payload (`bot.slack.budget`); it never repeats a call by
    itself."""

    def __init__(self, token: str | None, base_url: str, timeout: float, team_id: str | None = None) -> None:
        """`timeout`: seconds for a call outside any payload."""
        self._timeout = timeout
        super().__init__(token=token, base_url=base_url, retry_handlers=[], team_id=team_id)

    @property  # type: ignore[override] # urllib takes fractions
    def timeout(self) -> float:
        return budget.left(self._timeout)

    @timeout.setter
    def timeout(self, _seconds: Any) -> None:
        """What slack_sdk would set is not wanted."""


class AccessRefused(Exception):
    """Slack does not let the app ask: its token or its scopes are to be mended by an administrator."""

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
# There is nobody whom the app could write to.
NOBODY = {"user_not_found", "users_not_found", "user_not_visible", "user_disabled"}
# What was sent, or for whom, will be refused each time.
FOR_GOOD = NOBODY | {
    "access_denied",
    "block_mismatch",
    "cannot_dm_bot",
    "cannot_reply_to_message",
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


# What a Web API call raises when Slack refuses it, or does not answer it.
UNANSWERED = (SlackApiError, SlackRequestError, HTTPException, OSError)


def worker_client(token: str, base_url: str, *, timeout: int = 15) -> WebClient:
    """A client that never repeats a call by itself: slack_sdk's default repeats a lost post."""
    return CleanClient(token=token, base_url=base_url, timeout=timeout, retry_handlers=[])


def error_code(error: Exception) -> str:
    """Slack's own word for a refusal; "" when there is none, as when a proxy answered in its place."""
    if not isinstance(error, SlackApiError) or not isinstance(error.response.data, dict):
        return ""
    code = str(error.response.get("error", ""))
    return code if code.isidentifier() else ""  # slack_sdk puts a page that is no JSON there
