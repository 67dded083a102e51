"""Why a delivery was not sent, as codes; why nothing of it reached a requester."""

from dataclasses import dataclass
from enum import StrEnum

REMOTE_CODE_MAX = 255


class Reason(StrEnum):
    """Why a delivery waits, was skipped or was given up, and why a sender pauses.

    `bot.observability.reasons` has the sentences for administrators.
    """

    # Slack, and transfers of files
    REFUSED = "refused"  # for good
    ACCESS_REFUSED = "access_refused"  # the token or a scope
    MESSAGE_GONE = "message_gone"  # the message to edit
    CHANNEL_REFUSED = "channel_refused"  # gone, archived, or the bot may not post there
    ACCOUNT_REFUSED = "account_refused"  # deactivated, Slack says
    RATE_LIMITED = "rate_limited"
    REMOTE_ERROR = "remote_error"  # a passing one
    NO_ANSWER = "no_answer"
    TOO_SLOW = "too_slow"
    NOT_SHARED_YET = "not_shared_yet"  # Slack has the file, and no message with it
    STORE_UNAVAILABLE = "store_unavailable"
    NO_SLACK_LINK = "no_slack_link"  # the address that e-mails link to is not known yet
    # SMTP
    MAIL_REFUSED = "mail_refused"  # this e-mail, for good
    MAIL_DEFERRED = "mail_deferred"  # for now
    MAIL_NO_ANSWER = "mail_no_answer"
    MAIL_SENDER_REFUSED = "mail_sender_refused"
    MAIL_NOT_OFFERED = "mail_not_offered"  # an extension that the server does not have
    MAIL_TLS_FAILED = "mail_tls_failed"
    MAIL_LOGIN_NOT_ASCII = "mail_login_not_ascii"
    ADDRESS_MALFORMED = "address_malformed"
    ADDRESS_NEEDS_SMTPUTF8 = "address_needs_smtputf8"
    # No channel to post in
    UNKNOWN_CHANNEL = "no_known_channel"
    UNFIT_CHANNEL = "unfit_channel"
    NO_CARD = "no_card"  # in whose thread it would be posted
    CHANNEL_FOUND = "channel_found"  # under another id
    HANDOVER_IN_PROGRESS = "handover_in_progress"
    COMMENT_NOT_SENT = "comment_not_sent"  # the message that a file came with
    # Too early, though nothing failed
    MESSAGE_NOT_POSTED = "message_not_posted"  # the one in Slack that an e-mail opens
    REMINDED_TODAY = "reminded_today"
    CLOSED_NOW = "closed_now"  # the help desk, at this hour
    # Nothing left to send
    ACCOUNT_DEACTIVATED = "account_deactivated"
    LATER_EDIT_FOLLOWS = "later_edit_follows"
    HANDED_OVER = "handed_over"
    NO_FORMER_CARD = "no_former_card"
    ANSWERED_BEFORE = "answered_before"
    NO_RESOLUTION_REQUEST = "no_resolution_request"
    NO_DECISION = "no_decision"
    OUTSIDE_HOURS = "outside_hours"  # a reminder: it is sent when the desk opens
    HOME_NEVER_OPENED = "home_never_opened"
    NO_ADDRESS = "no_address"
    TICKET_MOVED_ON = "ticket_moved_on"
    MAILS_EXHAUSTED = "mails_exhausted"  # as many as one person gets about a ticket
    CONFIDENTIAL = "confidential"  # a further part of what is not shown
    COMMENT_WITHDRAWN = "comment_withdrawn"
    FILE_WITHDRAWN = "file_withdrawn"
    FILE_UNAVAILABLE = "file_unavailable"
    NEVER_POSTED = "never_posted"
    TICKET_FORGOTTEN = "ticket_forgotten"  # its words and names were deleted
    DRAFT_GONE = "draft_gone"  # what somebody wrote, whose time is over
    # Of the help desk itself
    LEASE_LOST = "lease_lost"
    TEMPORARY_ERROR = "temporary_error"  # such as a lost connection to the database
    UNEXPECTED_ERROR = "unexpected_error"
    OTHER = "other"  # of another version; of an older one the remote code is its text


@dataclass(frozen=True)
class Cause:
    """A reason, and what was answered to what."""

    reason: Reason
    call: str | None = None
    """The Web API method, the SMTP command, or `download`, `upload` or `attachments`."""
    code: str | None = None
    """Slack's or SMTP's code, or the type of an exception. No personal data."""

    def columns(self) -> dict[str, str | None]:
        """The values of `reason`, `remote_call` and `remote_code` in a row."""
        code = self.code[:REMOTE_CODE_MAX] if self.code else None
        return {"reason": self.reason, "remote_call": self.call, "remote_code": code}


NO_COLUMNS: dict[str, str | None] = {"reason": None, "remote_call": None, "remote_code": None}
"""The same columns of a row that has no cause."""

# Slack's codes for a channel that cannot be written to (docs.slack.dev, "chat.postMessage").
CHANNEL_GONE = frozenset({"channel_not_found", "is_archived", "is_inactive", "not_in_channel"})
# And for one where the bot may not post.
POSTING_RESTRICTED = frozenset(
    {
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "restricted_action_non_threadable_channel",
        "posting_to_channel_denied",
        "posting_to_general_channel_denied",
    }
)
NO_CHANNEL = (Reason.CHANNEL_REFUSED, Reason.UNKNOWN_CHANNEL, Reason.UNFIT_CHANNEL, Reason.NO_CARD)
"""Why a team's deliveries are given up when there is no channel for them."""


class Undelivered(StrEnum):
    """Why a message or an e-mail never reached a requester, as a line for the technicians shows it."""

    ACCOUNT_CLOSED = "account_closed"  # deactivated: neither Slack nor e-mail is tried
    NO_ACCOUNT = "no_account"  # Slack has no user with this id
    NOT_VISIBLE = "not_visible"  # the app may not see them
    AN_APP = "an_app"  # the account is a bot's
    MESSAGES_OFF = "messages_off"  # the app's messages tab is switched off
    NOT_ALLOWED = "not_allowed"  # no conversation with them can be opened or written to
    TOO_LONG = "too_long"
    STORAGE_FULL = "storage_full"  # of the workspace, for files
    REFUSED = "refused"  # Slack refuses what is sent
    ADDRESS_MALFORMED = "address_malformed"
    ADDRESS_REFUSED = "address_refused"  # by the mail server, which knows no such mailbox
    MAIL_REFUSED = "mail_refused"  # by the mail server, for any recipient
    TOO_LATE = "too_late"  # tried for too long
    MAILS_EXHAUSTED = "mails_exhausted"  # as many as one person gets about a ticket
