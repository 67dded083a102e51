"""Asks Slack to judge payloads (docs.slack.dev, "blocks.validate"), no faster than it answers."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.db.clock import ticks
from bot.ops.screens.screen import Surface
from bot.slack.client import CREDENTIALS, UNANSWERED, error_code
from bot.slack.unanswered import is_rate_limit

WAIT_MAX = 60.0
"""Seconds to wait in all: for Slack's answers, and for its rate limit."""
WAIT_DEFAULT = 10.0
"""Seconds, when Slack does not say how long."""
UNKNOWN = "unknown_method"
REFUSALS = frozenset({"invalid_blocks", "invalid_blocks_format", "invalid_view", "invalid_message"})
"""Slack's codes that are about what it was given. Others that it may add begin in the same way."""
TOO_LARGE = frozenset({"view_too_large", "msg_blocks_too_long", "msg_too_long"})


class NotJudged(Exception):
    """Slack judges nothing more now. As text: why."""


class TooMany(NotJudged):
    """Its answers, or its rate limit, would have us wait longer than `WAIT_MAX`."""


class NoSuchMethod(NotJudged):
    """This Slack has no `blocks.validate`."""


class Judge:
    """Slack, with the time that may still be waited for it."""

    def __init__(self, client: WebClient, sleep: Callable[[float], object] = time.sleep) -> None:
        self._client, self._sleep, self._left = client, sleep, WAIT_MAX

    def refusal(self, surface: Surface, content: Mapping[str, Any]) -> str | None:
        """Why Slack refuses it, in Slack's words; `None` when it does not. Raises `NotJudged`."""
        while True:
            try:
                self._ask(surface, content)
            except SlackApiError as error:
                if is_rate_limit(error):
                    self._wait(error)
                    continue
                if (reason := _reason(error)) is None:
                    raise _not_judged(error) from error
                return reason
            except UNANSWERED as error:
                raise NotJudged("Slack does not answer") from error
            return None

    def _ask(self, surface: Surface, content: Mapping[str, Any]) -> None:
        if self._left <= 0:
            raise TooMany
        began = ticks()
        try:
            if surface == "view":
                self._client.blocks_validate(view=dict(content))
            else:
                self._client.blocks_validate(message=dict(content))
        finally:
            self._left -= ticks() - began

    def _wait(self, error: SlackApiError) -> None:
        given = str(error.response.headers.get("Retry-After", ""))
        seconds = float(given) if given.isascii() and given.isdigit() else WAIT_DEFAULT
        if seconds > self._left:
            raise TooMany
        self._left -= seconds
        self._sleep(seconds)


def _reason(error: SlackApiError) -> str | None:
    """What Slack says is wrong with what it was given; `None` when it has not judged it."""
    code = error_code(error)
    if code not in REFUSALS | TOO_LARGE:
        return None
    first = next(iter(error.response.get("errors") or []), None)
    if isinstance(first, dict):
        return f"{first.get('message', code)} [{first.get('pointer', '')}]"
    if first is not None:
        return str(first)
    messages = (error.response.get("response_metadata") or {}).get("messages") or []
    return str(messages[0]) if messages else code


def _not_judged(error: SlackApiError) -> NotJudged:
    code = error_code(error)
    if code == UNKNOWN:
        return NoSuchMethod("this Slack has no blocks.validate")
    advice = "; check SLACK_BOT_TOKEN" if code in CREDENTIALS else ""
    return NotJudged(f"Slack answers {code or error.response.status_code}{advice}")
