"""Joining and leaving channels."""

from playground.client.refusal import Refused
from playground.state.slack import Slack
from playground.state.workspace import TEAM_ID, Channel, Json, Person


async def invite(slack: Slack, person: Person, channel_id: str, inviter: Person | None = None) -> None:
    """Add a person, or the app itself, to a channel."""
    channel = _channel(slack, channel_id)
    if person.id in channel.members:
        raise Refused("already_in_channel", f"{person.name} is in #{channel.name} already")
    channel.members.add(person.id)
    event = _membership("member_joined_channel", slack, person, channel)
    slack.delivery.emit(event | ({"inviter": inviter.id} if inviter else {}))
    slack.workspace.changed()


async def kick(slack: Slack, person: Person, channel_id: str) -> None:
    """Remove a person, or the app itself, from a channel."""
    channel = _channel(slack, channel_id)
    if person.id not in channel.members:
        raise Refused("not_in_channel", f"{person.name} is not in #{channel.name}")
    slack.delivery.emit(_membership("member_left_channel", slack, person, channel))
    channel.members.remove(person.id)
    slack.workspace.changed()


def _channel(slack: Slack, channel_id: str) -> Channel:
    channel = slack.workspace.channels.get(channel_id)
    if channel is None or channel.kind == "im":
        raise Refused("channel_not_found", "people come and go in public and private channels only")
    return channel


def _membership(kind: str, slack: Slack, person: Person, channel: Channel) -> Json:
    return {
        "type": kind,
        "user": person.id,
        "channel": channel.id,
        "channel_type": "C" if channel.kind == "public" else "G",
        "team": TEAM_ID,
        "event_ts": slack.workspace.clock.next_ts(),
    }
