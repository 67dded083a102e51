"""The playground's clock: real time plus an offset."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Europe/Paris"
OPENING = 8  # the hour at which a working day begins
_SATURDAY = 5


def next_weekday(now: float, zone: str = DEFAULT_ZONE) -> float:
    """The next beginning of a working day after `now` (seconds since 1970), in this time zone."""
    here = datetime.fromtimestamp(now, ZoneInfo(zone))
    morning = here.replace(hour=OPENING, minute=0, second=0, microsecond=0)
    while morning <= here or morning.weekday() >= _SATURDAY:
        morning += timedelta(days=1)
    return morning.timestamp()


class Clock:
    """A clock in seconds since 1970 that can be moved forward."""

    def __init__(self) -> None:
        self.offset = 0.0
        self.next_opening: Callable[[float], float] = next_weekday  # an app with other hours replaces it
        self._last_ts = 0
        self._moved = asyncio.Event()
        self._subscribers: list[Callable[[], None]] = []

    def now(self) -> float:
        """The current time in seconds since 1970."""
        return time.time() + self.offset

    def utc_now(self) -> datetime:
        """The current time as a datetime, for a program that runs on Slack's time."""
        return datetime.fromtimestamp(self.now(), UTC)

    def subscribe(self, subscriber: Callable[[], None]) -> None:
        """Call `subscriber` after each move of the clock, in the server's thread."""
        self._subscribers.append(subscriber)

    def advance(self, seconds: float) -> None:
        """Move the clock by `seconds`; waits in `until` end accordingly."""
        self.offset += seconds
        self._moved.set()
        self._moved = asyncio.Event()
        for subscriber in self._subscribers:
            subscriber()

    def restart(self) -> None:
        """Return to real time."""
        self.advance(-self.offset)
        self._last_ts = 0

    async def until(self, due: float) -> None:
        """Wait until `due` (seconds since 1970), which `advance` may bring nearer."""
        while (remaining := due - self.now()) > 0:
            try:
                await asyncio.wait_for(self._moved.wait(), remaining)
            except TimeoutError:
                continue

    def next_ts(self) -> str:
        """A message's `ts`: seconds and microseconds, unique and increasing."""
        self._last_ts = max(self._last_ts + 1, int(self.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"
