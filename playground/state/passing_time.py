"""Time that passes in half-hours, so that each message comes on its day while somebody watches."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playground.state.clock import DEFAULT_ZONE
from playground.state.workspace import Workspace

STEP = 1800  # seconds
MORNING, EVENING = 7, 20  # hours; the night between them is one step
PACE = 0.25  # seconds of real time between two steps, at least
PATIENCE = 5.0  # seconds of real time for which a busy app is waited for
_LOOK_AGAIN = 0.02  # seconds


def next_step(now: float, zone: str = DEFAULT_ZONE) -> float:
    """The next half-hour after `now` (seconds since 1970) by day, the next morning by night."""
    here = datetime.fromtimestamp(now, ZoneInfo(zone))
    if MORNING <= here.hour < EVENING:
        return (now // STEP + 1) * STEP
    morning = here.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return (morning if here < morning else morning + timedelta(days=1)).timestamp()


class PassingTime:
    """Moves the workspace's clock step by step; each step waits until the app has done what was due."""

    def __init__(self, workspace: Workspace, caught_up: Callable[[], Awaitable[None]]) -> None:
        """`caught_up` returns once the events that are due have been delivered."""
        self.until: float | None = None  # seconds since 1970, while time passes
        self._workspace, self._caught_up = workspace, caught_up
        self._is_busy: Callable[[], bool] = lambda: False
        self._task: asyncio.Task[None] | None = None

    def wait_while(self, is_busy: Callable[[], bool]) -> None:
        """Have each step wait while `is_busy()`, which is called in a thread of its own."""
        self._is_busy = is_busy

    def start(self, seconds: float, pace: float = PACE) -> None:
        """Let `seconds` pass, `pace` seconds of real time a step at least. What was passing ends."""
        self.stop()
        self.until = self._workspace.clock.now() + seconds
        self._task = asyncio.create_task(self._pass(self.until, pace))
        self._workspace.changed()

    def stop(self) -> None:
        """Stay at the time that has been reached."""
        if self._task is not None:
            self._task.cancel()
        self._task = self.until = None
        self._workspace.changed()

    async def _pass(self, until: float, pace: float) -> None:
        clock = self._workspace.clock
        while (now := clock.now()) < until:
            clock.advance(min(until, next_step(now)) - now)
            self._workspace.changed()
            await self._caught_up()
            await asyncio.sleep(pace)
            await self._wait_for_app()
        self._task = self.until = None
        self._workspace.changed()

    async def _wait_for_app(self) -> None:
        patient_until = time.monotonic() + PATIENCE
        while time.monotonic() < patient_until and await asyncio.to_thread(self._is_busy):
            await asyncio.sleep(_LOOK_AGAIN)
