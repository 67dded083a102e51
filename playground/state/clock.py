"""The time of the playground's Slack: real time, plus what a test has added."""

import asyncio
import time


class Clock:
    """Seconds since 1970, moved forward at will."""

    def __init__(self) -> None:
        self.offset = 0.0
        self._last_ts = 0
        self._moved = asyncio.Event()

    def now(self) -> float:
        """The present, in seconds since 1970."""
        return time.time() + self.offset

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once, for those who wait in `until` too."""
        self.offset += seconds
        self._moved.set()
        self._moved = asyncio.Event()

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
