"""Slack's clock, from the `Date` of its responses, to the second (RFC 9110, 6.6.1).

A machine whose own clock is 5 minutes off would refuse all of Slack's requests as too old (docs.slack.dev,
"Verifying requests from Slack").
"""

import logging
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from bot.db.clock import ticks

logger = logging.getLogger(__name__)
TOLERANCE = 60.0  # seconds
VALID_FOR = 3600.0  # seconds


class SlackTime:
    """Slack's time."""

    def __init__(self) -> None:
        self._reading: tuple[float, float] | None = None
        self._logged: float = 0

    def note(self, headers: Mapping[str, Any]) -> None:
        """Read the time from a response's headers, if they have it."""
        date = next((value for name, value in headers.items() if name.lower() == "date"), None)
        try:
            time_there = parsedate_to_datetime(str(date)).timestamp()
        except (ValueError, OverflowError):
            return
        self._reading = time_there, ticks()
        self._compare()

    def now(self) -> float:
        """Seconds since the epoch by Slack's clock if it was read within the last hour, else by this
        machine's."""
        if self._reading is None or ticks() - self._reading[1] > VALID_FOR:
            return time.time()
        time_there, at = self._reading
        return time_there + ticks() - at

    def difference(self) -> float:
        """Seconds that this machine's clock is behind Slack's; negative when it is ahead."""
        return self.now() - time.time()

    def problem(self) -> str | None:
        """A message for an administrator, if this machine's clock is wrong."""
        seconds = self.difference()
        if abs(seconds) < TOLERANCE:
            return None
        side = "behind" if seconds > 0 else "ahead of"
        return f"this machine's clock is {abs(seconds):.0f} s {side} Slack's: set it (NTP)"

    def _compare(self) -> None:
        """Log a difference between the two clocks, once for each that is new."""
        seconds = self.difference()
        if abs(seconds - self._logged) >= TOLERANCE:
            self._logged = seconds
            logger.warning(self.problem() or "this machine's clock agrees with Slack's again")


SLACK_TIME = SlackTime()
"""Shared by all clients of this process."""
