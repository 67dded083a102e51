"""The wiring: `create_app` makes a Bolt app out of its parts. Nothing happens at import."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import App, BoltContext, BoltResponse
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped

from blocks.i18n import translator
from bot.context.rules import Rules
from bot.db.session import Sessions
from bot.listeners import app_home as home
from bot.listeners import catalogue, outages, queue, search
from bot.listeners.tickets import comments as conversations
from bot.listeners.tickets import menu, my_tickets, resolution, satisfaction, triage
from bot.listeners.tickets import new_ticket as ticket_form
from bot.listeners.tickets.comments import is_in_person
from bot.observability.slack_requests import MeasuredApp
from bot.settings import Settings
from bot.slack import error_handler as errors
from bot.slack.client import quick_client
from bot.slack.directory import Directory
from bot.slack.event_deduplication import NotingAck, event_id, is_handled

CONVERSATIONS = (
    ticket_form,
    catalogue,
    my_tickets,
    queue,
    search,
    outages,
    resolution,
    satisfaction,
    triage,
    menu,
    conversations,
    home,  # the last: it answers the messages that no other conversation takes
)
PATIENCE = 1.0  # seconds that a listener waits for its answer to Slack


def create_app(
    settings: Settings, sessions: Sessions, directory: Directory, clock: Callable[[], datetime]
) -> App:
    """The Bolt app. A listener runs before its acknowledgement leaves: what is acknowledged is committed."""
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else None
    secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else None
    # Bolt warns that the token in the environment is not used when a client is given, which is the intention.
    logging.getLogger("slack_bolt.App").addFilter(_is_not_about_the_token)
    app = MeasuredApp(
        name="guichet",  # else Bolt reads the source of every caller to find one
        client=quick_client(token, settings.slack_api_url, PATIENCE),
        signing_secret=secret,
        request_verification_enabled=secret is not None,
        process_before_response=True,
        token_verification_enabled=False,
    )
    _provide(app, settings, sessions, directory, clock)
    for conversation in CONVERSATIONS:
        conversation.register(app)
    errors.register(app, settings.default_locale)
    return app


def rules_of(settings: Settings) -> Rules:
    """What the use cases need of the settings."""
    return Rules(reopen_days=settings.reopen_days, description_required=settings.description_required)


def _provide(
    app: App,
    settings: Settings,
    sessions: Sessions,
    directory: Directory,
    clock: Callable[[], datetime],
) -> None:
    """Put into each request's context what listeners name as arguments; never an open session, which would
    be closed again before the listener runs."""
    rules = rules_of(settings)

    @app.middleware
    def provide(context: BoltContext, body: dict[str, Any], next: Callable[[], None]) -> BoltResponse | None:
        if event := event_id(body):
            if is_handled(sessions, event):
                return BoltResponse(status=200)
            context["ack"] = NotingAck(sessions, event, clock)
        context["sessions"], context["directory"] = sessions, directory
        context["rules"], context["clock"] = rules, clock
        if context.user_id and _is_a_persons(body):
            person = directory.asker(context.user_id)
            context["person"], context["_"] = person, translator(person.locale)
        next()
        return None


def _is_not_about_the_token(record: logging.LogRecord) -> bool:
    return record.msg != warning_client_prioritized_and_token_skipped()


def _is_a_persons(body: dict[str, Any]) -> bool:
    """Whether somebody asks us for something; what is said in channels is heard in our threads only."""
    event = body.get("event")
    if event is None:
        return True
    asks = event["type"] == "app_home_opened" or (event["type"] == "message" and is_in_person(event))
    return asks and "bot_id" not in event
