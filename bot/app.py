"""`create_app` makes the Bolt app from its parts. Importing this module has no effects."""

import logging
from collections.abc import Callable
from datetime import datetime

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.logger.messages import (
    warning_client_prioritized_and_token_skipped,
    warning_token_skipped,
)

from bot.context.settings import use_case_settings
from bot.db.session import Sessions
from bot.listeners import (
    app_home,
    catalogue,
    channels,
    message_drafts,
    middleware,
    outages,
    queue,
    search,
)
from bot.listeners.approvals import absence, decisions
from bot.listeners.departures import summary as departures
from bot.listeners.own_data import my_data
from bot.listeners.removals import files as removals
from bot.listeners.tickets import (
    articles,
    comments,
    my_search,
    my_tickets,
    new_ticket,
    requester,
    resolution,
    satisfaction,
    solved_call,
    suggestions,
    triage,
)
from bot.listeners.tickets.children import attaching
from bot.services.audit.readings import Readings
from bot.settings import Settings
from bot.slack import budget, error_handler
from bot.slack.client import ListenerClient
from bot.slack.directory import Directory
from bot.slack.identity import Identity
from bot.slack.sanitising import SanitisingApp
from bot.timeouts import Timeouts

# Bolt takes the first listener that matches: the last of `comments` takes whatever message no other has.
FEATURES = (
    message_drafts,
    new_ticket,
    solved_call,
    suggestions,
    my_tickets,
    my_search,
    comments,
    articles,
    triage,
    attaching,
    resolution,
    decisions,
    requester,
    satisfaction,
    catalogue,
    queue,
    search,
    outages,
    app_home,
    absence,
    my_data,
    channels,
    departures,
    removals,
)


class DeskApp(SanitisingApp):
    """An app whose listeners share a time budget for each payload, and know the installation it names."""

    timeouts = Timeouts()
    identity: Identity | None = None

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """Answer one payload."""
        assert self.identity is not None
        with self.identity.read_from(req.body), budget.limit(self.timeouts.payload):
            return super().dispatch(req)


def create_app(
    settings: Settings,
    sessions: Sessions,
    directory: Directory,
    clock: Callable[[], datetime],
    timeouts: Timeouts | None = None,
    readings: Readings | None = None,
) -> App:
    """The Bolt app. A listener ends before its acknowledgement is sent: what is acknowledged is committed."""
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else None
    secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else None
    # Bolt warns that it does not use a token of the environment, which is intended.
    logging.getLogger("slack_bolt.App").addFilter(_is_not_about_the_token)
    timeouts = timeouts or Timeouts()
    client = ListenerClient(token, settings.slack_api_url, timeouts.payload)
    app = DeskApp(
        # Without a name Bolt reads its callers' source to find one. It sets the level of the logger of this
        # name, which must not be one of ours.
        name="guichet-app",
        client=client,
        authorize=_authorize(client, directory),
        signing_secret=secret,
        # `bot.http.verification` does it, by Slack's clock and before the body is parsed.
        request_verification_enabled=False,
        process_before_response=True,
    )
    app.timeouts, app.identity = timeouts, directory.identity if directory else None
    readings = readings or Readings(sessions)
    middleware.register(app, sessions, directory, client, use_case_settings(settings), readings, clock)
    for feature in FEATURES:
        feature.register(app)
    error_handler.register(app, sessions, clock, settings.default_locale)
    return app


def _authorize(client: ListenerClient, directory: Directory) -> Callable[..., AuthorizeResult]:
    """Bolt's `authorize`, from the identity read at the start. Bolt's own calls auth.test at the first
    payload, and tells people in English to reinstall the app when Slack refuses the token."""

    def authorize() -> AuthorizeResult:
        known = directory.identity.known
        return AuthorizeResult(
            enterprise_id=known.enterprise_id if known else None,
            team_id=known.team_id if known else None,
            bot_user_id=known.bot_user_id if known else None,
            bot_id=known.bot_id if known else None,
            bot_token=client.token,
        )

    return authorize


def _is_not_about_the_token(record: logging.LogRecord) -> bool:
    return record.msg not in (warning_client_prioritized_and_token_skipped(), warning_token_skipped())
