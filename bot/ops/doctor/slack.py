"""Slack: the tokens, the scopes, the clock, and when it was last heard."""

from collections.abc import Iterator, Mapping
from typing import Any

from slack_sdk import WebClient

from bot.ops.doctor.context import CheckContext
from bot.ops.doctor.events import check_events
from bot.ops.finding import Finding, warning, well, wrong
from bot.running.slack_at_start import ADVICE
from bot.settings import Settings
from bot.settings.tokens import signing_secret_doubt
from bot.slack.client import UNANSWERED, worker_client
from bot.slack.manifest import OPTIONAL_SCOPES, SCOPES
from bot.slack.slack_time import SLACK_TIME
from bot.slack.unanswered import advice, explain, is_refused

TIMEOUT = 10  # seconds
INSTALL = "`guichet manifest`, paste it under App Manifest, then install the app again"
NO_TRANSPORT = (
    "neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP) is set: nothing that people do in "
    "Slack can arrive"
)


def check_slack(context: CheckContext) -> Iterator[Finding]:
    """The bot's token first: without it nothing else can be asked."""
    settings = context.settings
    yield from _check_transport(settings)
    if settings.slack_bot_token is None:
        yield wrong("SLACK_BOT_TOKEN: missing; set it in the environment or in .env")
        return
    token = settings.slack_bot_token.get_secret_value()
    client = worker_client(token, settings.slack_api_url, timeout=TIMEOUT)
    try:
        answer = client.auth_test()
    except UNANSWERED as error:
        yield _unanswered("SLACK_BOT_TOKEN", error)
        return
    context.client = client
    yield well(f"Slack: {answer['team']}")
    yield from _check_scopes(answer.headers)
    if problem := SLACK_TIME.problem():
        yield wrong(problem)
    yield from check_events(context)


def _check_transport(settings: Settings) -> Iterator[Finding]:
    """Socket Mode's token, or HTTP's secret."""
    doubt = signing_secret_doubt(settings.slack_signing_secret)
    if settings.slack_app_token is not None:
        yield _of_app_token(settings)
        if doubt:
            yield warning(f"{doubt} Socket Mode does not use it")
    elif settings.slack_signing_secret is None:
        yield wrong(NO_TRANSPORT)
    elif doubt:
        yield wrong(f"{doubt} With another one, all that people do in Slack is refused")
    else:
        yield well("SLACK_SIGNING_SECRET: has the form of one")


def _of_app_token(settings: Settings) -> Finding:
    assert settings.slack_app_token is not None
    token = settings.slack_app_token.get_secret_value()
    client: WebClient = worker_client(token, settings.slack_api_url, timeout=TIMEOUT)
    try:
        client.apps_connections_open(app_token=token)  # an address that is not used ends by itself
    except UNANSWERED as error:
        return _unanswered("SLACK_APP_TOKEN", error)
    return well("SLACK_APP_TOKEN: may open a connection (Socket Mode)")


def _unanswered(setting: str, error: Exception) -> Finding:
    what_to_do = ADVICE[setting] if is_refused(error) else advice(error)
    return wrong(f"{setting}: {explain(error)}: {what_to_do}")


def _check_scopes(headers: Mapping[str, Any]) -> Iterator[Finding]:
    """What the app may do against what the manifest asks for (docs.slack.dev, "OAuth scopes")."""
    given = next((str(value) for name, value in headers.items() if name.lower() == "x-oauth-scopes"), None)
    if given is None:
        yield warning("scopes: Slack's answer does not name them; does a proxy remove its headers?")
        return
    granted = {scope.strip() for scope in given.split(",") if scope.strip()}
    missing, declined = sorted(set(SCOPES) - granted), sorted(set(OPTIONAL_SCOPES) - granted)
    if missing:
        yield wrong(f"scopes: the app lacks {', '.join(missing)}: {INSTALL}")
    else:
        yield well(f"scopes: all {len(SCOPES)} of the manifest")
    if declined:
        yield warning(f"scopes: without {', '.join(declined)}, which may be declined: see Approvers")
    if unused := sorted(granted - {*SCOPES, *OPTIONAL_SCOPES}):
        yield warning(f"scopes: the app has {', '.join(unused)}, which it does not use: {INSTALL}")
