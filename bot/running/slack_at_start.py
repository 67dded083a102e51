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

    def __init__(self, desk: Desk, stop: threading.Event, work: Callable[[], object] = lambda: None) -> None:
        """`work` is called once, as soon as Slack does not refuse the bot's token, also while it does not
        answer: emails need no Slack."""
        self._desk, self._stop, self._work = desk, stop, work
        self._said = ""
        self._works = False

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
                if is_refused(error):
                    readiness.refused = f"{setting}: {explain(error)}: {ADVICE[setting]}"
                # A refusal stands until Slack accepts the token, whatever else comes instead of an answer.
                self._say(readiness.refused or f"Slack cannot be reached at the start: {explain(error)}")
            else:
                readiness.refused = None
                self._begin_work()
                return
            if readiness.refused is None:
                self._begin_work()
            if self._stop.wait(REFUSED_FOR if readiness.refused else UNANSWERED_FOR):
                raise Stopped

    def _begin_work(self) -> None:
        if not self._works:
            self._works = True
            self._work()

    def _say(self, why: str) -> None:
        if why != self._said:
            again = REFUSED_FOR if self._desk.readiness.refused else UNANSWERED_FOR
            logger.error("waiting: %s; tried again every %.0f s", why, again)
        self._said = why
