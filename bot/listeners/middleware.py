"""What stands before every listener: an event that was handled before ends here; who acts is looked up."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import App, BoltContext, BoltResponse

from bot.context.rules import Rules
from bot.db.session import Sessions
from bot.listeners.interaction import Interaction, in_direct_message
from bot.listeners.resources import Resources
from bot.slack.client import ListenerClient
from bot.slack.directory import Directory
from bot.slack.event_deduplication import CHANGES, RecordingAck, event_id, is_handled

logger = logging.getLogger(__name__)


def register(
    app: App,
    sessions: Sessions,
    directory: Directory,
    client: ListenerClient,
    rules: Rules,
    clock: Callable[[], datetime],
) -> None:
    """Let every listener of `app` name `interaction` as an argument, and speak to Slack by `client`."""

    @app.middleware
    def provide(context: BoltContext, body: dict[str, Any], next: Callable[[], None]) -> BoltResponse | None:
        if body.get("type") == "app_rate_limited":  # docs.slack.dev, "app_rate_limited"
            logger.warning("Slack holds events back: more than 30,000 in an hour")
            return BoltResponse(status=200)
        context["client"] = client
        if event := event_id(body):
            if is_handled(sessions, event):
                return BoltResponse(status=200)
            context["ack"] = RecordingAck(sessions, event, clock)
        resources = Resources(sessions, directory, rules, clock())
        interaction = Interaction(body, context, client, resources, surface=_surface(body))
        if context.user_id and _is_for_us(body):
            interaction = interaction.identified(context.user_id)
        context["interaction"] = interaction
        next()
        return None


def _surface(body: dict[str, Any]) -> str:
    if body.get("type") == "view_submission":
        return "form"
    return "detail" if "view" in body else "message"


def _is_for_us(body: dict[str, Any]) -> bool:
    """Whether somebody asks us for something; what is said in channels is heard in our threads only."""
    event = body.get("event")
    if event is None:
        return True
    # Whose a message was asks nothing when it is changed, and may be Slackbot by now.
    asks = event["type"] == "app_home_opened" or (event["type"] == "message" and in_direct_message(event))
    return asks and "bot_id" not in event and event.get("subtype") not in CHANGES
