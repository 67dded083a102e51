"""Slack's clock, as its answers tell it: `Date`, to the second (RFC 9110, 6.6.1).

A machine whose clock is 5 minutes off takes each of Slack's requests for an old one (docs.slack.dev,
"Verifying requests from Slack").
"""

import logging
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from bot.db.clock import ticks

logger = logging.getLogger(__name__)
FAR = 60.0  # seconds
BELIEVED_FOR = 3600.0  # seconds


class SlackTime:
    """What time it is at Slack."""

    def __init__(self) -> None:
        self._told: tuple[float, float] | None = None
        self._said: float = 0

    def note(self, headers: Mapping[str, Any]) -> None:
        """Take the time from an answer's headers, if it is there."""
        date = next((value for name, value in headers.items() if name.lower() == "date"), None)
        try:
            moment = parsedate_to_datetime(str(date)).timestamp()
        except (ValueError, OverflowError):
            return
        self._told = moment, ticks()
        self._compare()

    def now(self) -> float:
        """Seconds since the epoch at Slack, as it said within the last hour; else on this machine."""
        if self._told is None or ticks() - self._told[1] > BELIEVED_FOR:
            return time.time()
        moment, at = self._told
        return moment + ticks() - at

    def difference(self) -> float:
        """Seconds that this machine's clock is behind Slack's; negative when it is ahead."""
        return self.now() - time.time()

    def problem(self) -> str | None:
        """What is wrong with this machine's clock, in words."""
        seconds = self.difference()
        if abs(seconds) < FAR:
            return None
        side = "behind" if seconds > 0 else "ahead of"
        return f"this machine's clock is {abs(seconds):.0f} s {side} Slack's: set it (NTP)"

    def _compare(self) -> None:
        """Log it, once for each difference."""
        seconds = self.difference()
        if abs(seconds - self._said) >= FAR:
            self._said = seconds
            logger.warning(self.problem() or "this machine's clock agrees with Slack's again")


SLACK_TIME = SlackTime()
"""Of this process: whatever client asks, it is one Slack."""
