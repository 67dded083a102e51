"""The time of the playground's Slack: real time, plus what a test or a person has added."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

OPENING = 8  # the hour at which a working day begins
_SATURDAY = 5


def next_weekday(now: float, zone: str) -> float:
    """The next beginning of a working day after `now` (seconds since 1970), as people of this zone count."""
    here = datetime.fromtimestamp(now, ZoneInfo(zone))
    morning = here.replace(hour=OPENING, minute=0, second=0, microsecond=0)
    while morning <= here or morning.weekday() >= _SATURDAY:
        morning += timedelta(days=1)
    return morning.timestamp()


class Clock:
    """Seconds since 1970, moved forward at will."""

    def __init__(self) -> None:
        self.offset = 0.0
        self._last_ts = 0
        self._moved = asyncio.Event()
        self._followers: list[Callable[[], None]] = []

    def now(self) -> float:
        """The present, in seconds since 1970."""
        return time.time() + self.offset

    def moment(self) -> datetime:
        """The present, for a program that is to live in Slack's time."""
        return datetime.fromtimestamp(self.now(), UTC)

    def tell(self, follower: Callable[[], None]) -> None:
        """Call `follower` each time that time has been moved, from the server's thread."""
        self._followers.append(follower)

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once, for those who wait in `until` too."""
        self.offset += seconds
        self._moved.set()
        self._moved = asyncio.Event()
        for follower in self._followers:
            follower()

    def restart(self) -> None:
        """Real time again, whatever was added."""
        self.advance(-self.offset)
        self._last_ts = 0

    async def until(self, moment: float) -> None:
        """Wait until `moment` (seconds since 1970) has come, by itself or by `advance`."""
        while (remaining := moment - self.now()) > 0:
            try:
                await asyncio.wait_for(self._moved.wait(), remaining)
            except TimeoutError:
                continue

    def next_ts(self) -> str:
        """A message's `ts`: seconds and microseconds, never the same twice and always growing."""
        self._last_ts = max(self._last_ts + 1, int(self.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"
