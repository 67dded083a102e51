"""The Events API: which events reach the app, and in which envelope."""

from playground.manifest import Manifest
from playground.state.workspace import APP_ID, BOT_USER_ID, TEAM_ID, Json, Workspace, new_id

RETRY_AFTER = (0.0, 60.0, 300.0)  # seconds of Slack's time from a failure to the next delivery
_MESSAGE_EVENTS = {"im": "message.im", "channel": "message.channels", "group": "message.groups"}


def subscription(event: Json) -> str:
    """The name under which the manifest's `bot_events` asks for this event."""
    if event["type"] == "message":
        return _MESSAGE_EVENTS[event["channel_type"]]
    return str(event["type"])


def reaches_app(event: Json, workspace: Workspace, manifest: Manifest) -> bool:
    """Whether the app subscribed to this event and is a member where it happened.

    Changes of a public channel are sent to apps outside it too (reference/events/channel_archive).
    """
    if subscription(event) not in manifest.bot_events:
        return False
    channel = workspace.channels.get(channel_of(event))
    if channel is None or BOT_USER_ID in channel.members:
        return True
    return channel.kind == "public" and event["type"].startswith("channel_")


def channel_of(event: Json) -> str:
    """The id of the channel of an event; "" when it has none."""
    channel = event.get("channel") or event.get("channel_id") or event.get("new_channel_id") or ""
    return str(channel["id"] if isinstance(channel, dict) else channel)


def about(event: Json, channel: str, ts: str) -> bool:
    """Whether an event is about this message."""
    stamps = (event.get("ts"), event.get("deleted_ts"), event.get("message", {}).get("ts"))
    return channel_of(event) == channel and ts in stamps


def envelope(event: Json, workspace: Workspace) -> Json:
    """The `event_callback` around an event; the same for every delivery of it."""
    channel = workspace.channels.get(channel_of(event))
    return {
        "type": "event_callback",
        "token": "playground",
        "team_id": TEAM_ID,
        "context_team_id": TEAM_ID,
        "context_enterprise_id": workspace.enterprise_id,
        "api_app_id": APP_ID,
        "event": event,
        "event_id": new_id("Ev"),
        "event_time": int(workspace.clock.now()),
        "authorizations": [
            {
                "enterprise_id": workspace.enterprise_id,
                "team_id": None if workspace.org_install else TEAM_ID,
                "user_id": BOT_USER_ID,
                "is_bot": True,
                "is_enterprise_install": workspace.org_install,
            }
        ],
        "is_ext_shared_channel": channel is not None and channel.shared,
        "event_context": new_id("EC"),
    }
