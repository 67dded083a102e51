"""The wiring: `create_app` makes a Bolt app out of its parts. Nothing happens at import."""

import logging
from collections.abc import Callable
from datetime import datetime

from slack_bolt import App
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped

from bot.context.rules import Rules
from bot.db.session import Sessions
from bot.listeners import app_home, catalogue, middleware, outages, queue, search
from bot.listeners.tickets import comments, my_tickets, new_ticket, resolution, satisfaction, triage
from bot.settings import Settings
from bot.slack import error_handler
from bot.slack.clean_requests import CleanApp
from bot.slack.client import quick_client
from bot.slack.directory import Directory

# In any order: no payload matches listeners of two features. Within one, Bolt takes the first that matches.
FEATURES = (
    new_ticket,
    my_tickets,
    comments,
    triage,
    resolution,
    satisfaction,
    catalogue,
    queue,
    search,
    outages,
    app_home,
)
PATIENCE = 1.0  # seconds that a listener waits for its answer to Slack


def create_app(
    settings: Settings,
    sessions: Sessions,
    directory: Directory,
    clock: Callable[[], datetime],
    *,
    patience: float = PATIENCE,
) -> App:
    """The Bolt app. A listener runs before its acknowledgement leaves: what is acknowledged is committed."""
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else None
    secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else None
    # Bolt warns that the token in the environment is not used when a client is given, which is the intention.
    logging.getLogger("slack_bolt.App").addFilter(_is_not_about_the_token)
    app = CleanApp(
        name="guichet",  # else Bolt reads the source of every caller to find one
        client=quick_client(token, settings.slack_api_url, patience),
        signing_secret=secret,
        request_verification_enabled=secret is not None,
        process_before_response=True,
        token_verification_enabled=False,
    )
    middleware.register(app, sessions, directory, rules_of(settings), clock)
    for feature in FEATURES:
        feature.register(app)
    error_handler.register(app, settings.default_locale)
    return app


def rules_of(settings: Settings) -> Rules:
    """What the use cases need of the settings."""
    return Rules(reopen_days=settings.reopen_days, description_required=settings.description_required)


def _is_not_about_the_token(record: logging.LogRecord) -> bool:
    return record.msg != warning_client_prioritized_and_token_skipped()
