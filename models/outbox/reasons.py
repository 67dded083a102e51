"""Why a delivery ended: the words that `Delivery.reason` ends with."""

# Slack's codes for a channel that cannot be written to (docs.slack.dev, "chat.postMessage").
CHANNEL_GONE = frozenset({"channel_not_found", "is_archived", "is_inactive", "not_in_channel"})
UNKNOWN_CHANNEL = "no channel is known for the team"
NO_CARD = "the team has no card to put it under"
# What a team's deliveries end with for want of a channel.
NO_CHANNEL = (*sorted(CHANNEL_GONE), UNKNOWN_CHANNEL, NO_CARD)
