"""Why a delivery ended: the words that `Delivery.reason` ends with; why nothing of it reached a requester."""

from enum import StrEnum

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
DEACTIVATED = "the account was deactivated"
UNFIT_CHANNEL = "the team's channel is unfit for tickets"
UNKNOWN_CHANNEL = "no channel is known for the team"
NO_CARD = "the team has no card to put it under"
# What a team's deliveries end with for want of a channel.
NO_CHANNEL = (*sorted(CHANNEL_GONE | POSTING_RESTRICTED), UNFIT_CHANNEL, UNKNOWN_CHANNEL, NO_CARD)


class Undelivered(StrEnum):
    """Why a message or an e-mail never reached a requester, as a line for the technicians says it."""

    ACCOUNT_CLOSED = "account_closed"  # deactivated: neither Slack nor e-mail is tried
    NO_ACCOUNT = "no_account"  # Slack knows nobody of this id
    NOT_VISIBLE = "not_visible"  # somebody whom the app may not see
    AN_APP = "an_app"  # the account is a bot's
    MESSAGES_OFF = "messages_off"  # the app's messages tab is switched off
    NOT_ALLOWED = "not_allowed"  # no conversation with them can be opened or written to
    TOO_LONG = "too_long"
    STORAGE_FULL = "storage_full"  # of the workspace, for files
    REFUSED = "refused"  # Slack refuses what is sent
    ADDRESS_MALFORMED = "address_malformed"
    ADDRESS_REFUSED = "address_refused"  # by the mail server, which knows no such mailbox
    MAIL_REFUSED = "mail_refused"  # by the mail server, whoever it is for
    TOO_LATE = "too_late"  # tried for too long
