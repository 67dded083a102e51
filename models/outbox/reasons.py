"""Why a delivery ended: the words that `Delivery.reason` ends with."""

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
