"""The workspace and bot user of the app, read once (docs.slack.dev, "auth.test")."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient

_of_payload: ContextVar["Installation | None"] = ContextVar("of_payload", default=None)


@dataclass(frozen=True)
class Installation:
    """Where the app is installed. An app of an organisation has a `team_id` that no payload has."""

    team_id: str
    enterprise_id: str | None = None
    bot_user_id: str | None = None
    bot_id: str | None = None


class Identity:
    """The installation: read at the start, from an event, or else from Slack when it is first needed."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self.known: Installation | None = None

    def installation(self) -> Installation:
        """The installation. Raises one of `bot.slack.client.UNANSWERED`."""
        return self.known or _of_payload.get() or self.ask()

    def ask(self) -> Installation:
        """Read it from Slack, even if it is known."""
        answer = self._client.auth_test()
        self.known = Installation(
            str(answer["team_id"]), answer.get("enterprise_id"), answer.get("user_id"), answer.get("bot_id")
        )
        return self.known

    @contextmanager
    def read_from(self, body: Mapping[str, Any]) -> Iterator[None]:
        """Use the installation that a payload names while it is handled. An event's own authorization is kept
        afterwards; other payloads name the workspace of the person who acted."""
        for app in body.get("authorizations") or ():
            if self.known is None and app.get("is_bot") and app.get("team_id"):
                self.known = Installation(app["team_id"], app.get("enterprise_id"), app.get("user_id"))
        before = _of_payload.set(_where(body))
        try:
            yield
        finally:
            _of_payload.reset(before)


def _where(body: Mapping[str, Any]) -> Installation | None:
    if str(body.get("is_enterprise_install", "false")).lower() == "true":
        return None
    team_id = body.get("team_id") or _id_of(body.get("team"))
    enterprise_id = body.get("enterprise_id") or _id_of(body.get("enterprise"))
    return Installation(str(team_id), enterprise_id) if team_id else None


def _id_of(named: Any) -> Any:
    return named.get("id") if isinstance(named, dict) else None
