"""The middleware before every listener: it drops an event that was handled before, and looks up who acts."""

import logging
from collections.abc import Callable
from datetime import datetime

from slack_bolt import App, BoltContext, BoltResponse

from blocks.kit.values import Payload
from bot.context.settings import UseCaseSettings
from bot.db.session import Sessions
from bot.listeners.interaction import Interaction, in_direct_message
from bot.listeners.resources import Resources
from bot.services.audit.readings import Readings
from bot.slack.client import ListenerClient
from bot.slack.directory import Directory
from bot.slack.event_deduplication import CHANGES, RecordingAck, event_id, is_handled

logger = logging.getLogger(__name__)


def register(
    app: App,
    sessions: Sessions,
    directory: Directory,
    client: ListenerClient,
    settings: UseCaseSettings,
    readings: Readings,
    clock: Callable[[], datetime],
) -> None:
    """Give every listener of `app` an `interaction`, and `client` in place of Bolt's own."""

    @app.middleware
    def provide(context: BoltContext, body: Payload, next: Callable[[], None]) -> BoltResponse | None:
        if body.get("type") == "app_rate_limited":  # docs.slack.dev, "app_rate_limited"
            logger.warning("Slack holds events back: more than 30,000 in an hour")
            return BoltResponse(status=200)
        context["client"] = client
        if event := event_id(body):
            if is_handled(sessions, event):
                return BoltResponse(status=200)
            context["ack"] = RecordingAck(sessions, event, clock)
        resources = Resources(sessions, directory, settings, clock(), readings)
        interaction = Interaction(body, context, client, resources, surface=_surface(body))
        if context.user_id and _is_for_us(body):
            interaction = interaction.identified(context.user_id)
        context["interaction"] = interaction
        next()
        return None


def _surface(body: Payload) -> str:
    if body.get("type") == "view_submission":
        return "form"
    return "detail" if "view" in body else "message"


def _is_for_us(body: Payload) -> bool:
    """Whether who acts is looked up at once: for all but events that may not concern us."""
    event = body.get("event")
    if event is None:
        return True
    # The `user` of a change may be Slackbot, and needs no answer.
    asks = event["type"] == "app_home_opened" or (event["type"] == "message" and in_direct_message(event))
    return asks and "bot_id" not in event and event.get("subtype") not in CHANGES
