"""What becomes of channels and of accounts: people come and go, channels are shared, archived, given another
id, profiles change."""

from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.listeners.interaction import Interaction
from bot.notifications.enqueue import refresh_home
from bot.notifications.readings import read_channel
from bot.services.channels import concerns_a_team, follow_id

# What Slack tells of a channel of ours (docs.slack.dev, "Events"); a private channel's begin with `group_`.
CHANGES = (
    "channel_archive",
    "channel_rename",
    "channel_shared",
    "channel_unarchive",
    "channel_unshared",
    "group_archive",
    "group_rename",
    "group_unarchive",
)
# The same as messages in the channel. That one was made public stands in a message of a public channel, which
# we are not told of: `message.channels` would bring every word of #general. The hourly look finds it.
MESSAGES = ("channel_convert_to_private", "channel_convert_to_public", "channel_posting_permissions")


def join_channel(ack: Ack, event: dict[str, Any], context: BoltContext, interaction: Interaction) -> None:
    """Somebody joined a channel; when it is the bot, the worker looks whether it is a team's."""
    interaction.resources.directory.members.joined(event["channel"], event["user"])
    if event["user"] == _bot_user(context, interaction):
        interaction.write(read_channel, event["channel"])
    ack()


def leave_channel(ack: Ack, event: dict[str, Any], interaction: Interaction) -> None:
    """Somebody left a channel, and with it what they might do and see there."""
    interaction.resources.directory.members.left(event["channel"], event["user"])
    interaction.write(refresh_home, event["user"])
    ack()


def change_channel(ack: Ack, event: dict[str, Any], interaction: Interaction) -> None:
    """A channel is another than before: the worker reads it again, when it is a team's."""
    channel = event["channel"]
    channel_id, name = (channel["id"], channel.get("name")) if isinstance(channel, dict) else (channel, None)
    if interaction.read(concerns_a_team, channel_id, name):
        interaction.write(read_channel, channel_id)
    ack()


def change_channel_id(ack: Ack, event: dict[str, Any], interaction: Interaction) -> None:
    """A channel has another id: a team's cards and threads follow it at once."""
    interaction.write(follow_id, event["old_channel_id"], event["new_channel_id"])
    ack()


def change_profile(ack: Ack, event: dict[str, Any], interaction: Interaction) -> None:
    """Somebody's profile changed: of those who are known, what we keep of it follows."""
    interaction.resources.directory.profiles.changed(event["user"])
    ack()


def mention(ack: Ack) -> None:
    """Somebody wrote our name in a channel: nothing to answer."""
    ack()


def register(app: App) -> None:
    app.event("member_joined_channel")(join_channel)
    app.event("member_left_channel")(leave_channel)
    for event in CHANGES:
        app.event(event)(change_channel)
    for subtype in MESSAGES:
        app.event({"type": "message", "subtype": subtype})(change_channel)
    app.event("channel_id_changed")(change_channel_id)
    app.event("user_change")(change_profile)
    app.event("app_mention")(mention)


def _bot_user(context: BoltContext, interaction: Interaction) -> str | None:
    known = interaction.resources.directory.identity.known
    return known.bot_user_id if known else context.bot_user_id
