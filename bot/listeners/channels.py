"""Events of channels and accounts: people join and leave, channels and profiles change."""

from slack_bolt import Ack, App, BoltContext

from blocks.kit.values import Payload
from bot.listeners.interaction import Interaction
from bot.notifications.cards import refresh_home
from bot.notifications.maintenance.readings import read_channel
from bot.services.approvers.unfit import drop_person
from bot.services.channels import concerns_us, follow_id
from bot.services.departures import leaving
from bot.slack.manifest import CHANNEL_EVENTS

# Changes that Slack tells as messages in the channel. The message of a channel that becomes public does not
# reach the app, which lacks `message.channels`: the hourly check of the channels finds the change.
MESSAGES = ("channel_convert_to_private", "channel_convert_to_public", "channel_posting_permissions")

# What takes people out of a channel, or gives it others, without anybody leaving the team.
EMPTYING = (
    *("channel_archive", "channel_unarchive", "group_archive", "group_unarchive"),
    *("channel_convert_to_private", "channel_convert_to_public", "channel_shared", "channel_unshared"),
)


def join_channel(ack: Ack, event: Payload, context: BoltContext, interaction: Interaction) -> None:
    """Somebody, or the bot, joined a channel."""
    interaction.resources.directory.members.joined(event["channel"], event["user"])
    interaction.write(leaving.come_back, event["channel"], event["user"])
    if event["user"] == _bot_user(context, interaction):
        interaction.write(read_channel, event["channel"])
    ack()


def leave_channel(ack: Ack, event: Payload, interaction: Interaction) -> None:
    """Somebody left a channel, and with it its team."""
    interaction.resources.directory.members.left(event["channel"], event["user"])
    interaction.write(leaving.leave, event["channel"], event["user"])
    interaction.write(refresh_home, event["user"])
    ack()


def change_channel(ack: Ack, event: Payload, interaction: Interaction) -> None:
    """Somebody changed a channel: renamed, archived, shared or converted it."""
    channel = event["channel"]
    channel_id, name = (channel["id"], channel.get("name")) if isinstance(channel, dict) else (channel, None)
    if interaction.read(concerns_us, channel_id, name):
        interaction.write(read_channel, channel_id)
        if event.get("subtype", event["type"]) in EMPTYING:
            interaction.write(leaving.void_all, channel_id)
    ack()


def change_channel_id(ack: Ack, event: Payload, interaction: Interaction) -> None:
    """Slack gave a channel another id."""
    interaction.write(follow_id, event["old_channel_id"], event["new_channel_id"])
    ack()


def change_profile(ack: Ack, event: Payload, interaction: Interaction) -> None:
    """Somebody changed their profile."""
    is_back = interaction.resources.directory.profiles.changed(event["user"])
    if event["user"].get("deleted"):
        interaction.write_if_possible(drop_person, event["user"]["id"])
        interaction.write_if_possible(leaving.deactivate, event["user"]["id"])
    elif is_back:
        interaction.write_if_possible(leaving.reactivate, event["user"]["id"])
    ack()


def register(app: App) -> None:
    app.event("member_joined_channel")(join_channel)
    app.event("member_left_channel")(leave_channel)
    for event in CHANNEL_EVENTS:
        app.event(event)(change_channel)
    for subtype in MESSAGES:
        app.event({"type": "message", "subtype": subtype})(change_channel)
    app.event("channel_id_changed")(change_channel_id)
    app.event("user_change")(change_profile)


def _bot_user(context: BoltContext, interaction: Interaction) -> str | None:
    known = interaction.resources.directory.identity.known
    return known.bot_user_id if known else context.bot_user_id
