"""The start of a process that handles Slack's requests: it waits while Slack refuses a token, or does not
answer."""

import logging
import threading
from collections.abc import Callable

from bot.bootstrap import Desk, find_channels
from bot.slack.client import UNANSWERED
from bot.slack.unanswered import explain, is_refused

logger = logging.getLogger(__name__)
REFUSED_FOR = 60.0
"""Seconds between two attempts while Slack refuses a token."""
UNANSWERED_FOR = 10.0
"""Seconds between two attempts while Slack does not answer."""
ADVICE = {
    "SLACK_BOT_TOKEN": "put the Bot User OAuth Token there, and restart",
    "SLACK_APP_TOKEN": "put an app-level token with the scope connections:write there, and restart",
}


class Stopped(Exception):
    """The process is to end while it waits."""


class SlackAtStart:
    """Repeats a call to Slack until it is accepted, and logs once why it waits.

    While a token is refused, the process is not ready (`Readiness.refused`).
    """

    def __init__(self, desk: Desk, stop: threading.Event) -> None:
        self._desk, self._stop = desk, stop
        self._said = ""

    def identify(self) -> None:
        """Wait until Slack accepts the bot's token, then read the teams' channels. Raises `Stopped`."""
        self.until_accepted("SLACK_BOT_TOKEN", self._desk.worker_directory.identity.ask)
        find_channels(self._desk)

    def until_accepted(self, setting: str, call: Callable[[], object]) -> None:
        """Repeat a call that needs the token of `setting`. Raises `Stopped`."""
        readiness = self._desk.readiness
        while True:
            try:
                call()
            except UNANSWERED as error:
                words = f"{setting}: {explain(error)}"
                readiness.refused = f"{words}: {ADVICE[setting]}" if is_refused(error) else None
                self._say(readiness.refused or f"Slack cannot be reached at the start: {explain(error)}")
            else:
                readiness.refused = None
                return
            if self._stop.wait(REFUSED_FOR if readiness.refused else UNANSWERED_FOR):
                raise Stopped

    def _say(self, why: str) -> None:
        if why != self._said:
            again = REFUSED_FOR if self._desk.readiness.refused else UNANSWERED_FOR
            logger.error("waiting: %s; tried again every %.0f s", why, again)
        self._said = why
