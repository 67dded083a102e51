"""The Events API: which events reach the app, in which envelope, and when they are sent again."""

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
    """Whether the app subscribed to this event and is where it happened."""
    if subscription(event) not in manifest.bot_events:
        return False
    channel = workspace.channels.get(str(event.get("channel") or event.get("channel_id") or ""))
    return channel is None or BOT_USER_ID in channel.members


def envelope(event: Json, now: float) -> Json:
    """The `event_callback` around an event; the same for every delivery of it."""
    return {
        "type": "event_callback",
        "token": "playground",
        "team_id": TEAM_ID,
        "context_team_id": TEAM_ID,
        "context_enterprise_id": None,
        "api_app_id": APP_ID,
        "event": event,
        "event_id": new_id("Ev"),
        "event_time": int(now),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM_ID,
                "user_id": BOT_USER_ID,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": new_id("EC"),
    }
