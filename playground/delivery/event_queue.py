"""Delivers events to the app: held back, reordered, repeated, and retried after failures."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass

from playground.delivery.events import RETRY_AFTER, about
from playground.delivery.transport import Reply, Retry
from playground.state.clock import Clock
from playground.state.workspace import Json, new_id

MAX_REPEATABLE = 1000  # latest events that can be repeated

Send = Callable[[Json, Retry], Awaitable[Reply]]


@dataclass
class Hold:
    """The next `times` events of a `kind` (any when "") are held back until the next event or `release`."""

    kind: str
    times: int
    until_next: bool

    def takes(self, body: Json) -> bool:
        """Whether this event is held back."""
        return self.times > 0 and self.kind in ("", body["event"]["type"], body["event"].get("subtype"))


class EventQueue:
    """Slack guarantees neither order nor single delivery (apis/events-api, "Error handling")."""

    def __init__(self, clock: Clock, send: Send) -> None:
        self._clock = clock
        self._send = send
        self._holds: list[Hold] = []
        self._held: list[tuple[Json, bool]] = []  # and whether the next event releases it
        self._sent: list[Json] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._tries: dict[asyncio.Future[Reply], float] = {}  # and their due times, in seconds since 1970
        self._first_tries: set[asyncio.Future[Reply]] = set()

    def put(self, body: Json) -> None:
        """Send an event or hold it back; events held until this one follow it."""
        hold = next((hold for hold in self._holds if hold.takes(body)), None)
        if hold is not None:
            hold.times -= 1
            self._held.append((body, hold.until_next))
            return
        taken = self._start(body, Retry())
        following = [held for held, until_next in self._held if until_next]
        self._held = [(held, until_next) for held, until_next in self._held if not until_next]
        for held in following:
            taken = self._start(held, Retry(), after=taken)

    def hold(self, hold: Hold) -> None:
        """Hold back events from now on."""
        self._holds.append(hold)

    def release(self, backwards: bool = False) -> int:
        """Send the held events one after the other, and hold no more. Returns how many there were."""
        held = [body for body, _ in self._held]
        self._holds.clear()
        self._held.clear()
        taken: asyncio.Future[Reply] | None = None
        for body in reversed(held) if backwards else held:
            taken = self._start(body, Retry(), after=taken)
        return len(held)

    def repeat(self, where: tuple[str, str] | None, times: int, same_id: bool) -> int:
        """Send the last event, or the last about the message `where` (channel, ts), again. Returns how often.

        With `same_id` as Slack's first retry, otherwise under new event ids.
        """
        body = next(
            (body for body in reversed(self._sent) if where is None or about(body["event"], *where)), None
        )
        if body is None:
            return 0
        for _ in range(times):
            again = deepcopy(body) if same_id else deepcopy(body) | {"event_id": new_id("Ev")}
            self._start(again, Retry(1, "http_timeout") if same_id else Retry())
        return times

    async def drained(self) -> None:
        """Wait until the first attempt of every event sent so far is over."""
        await _all(self._first_tries)

    async def caught_up(self) -> None:
        """Wait until every delivery that is due by now is over, retries included."""
        while due := [one for one, due_at in self._tries.items() if due_at <= self._clock.now()]:
            await _all(due)

    def clear(self) -> None:
        """Cancel everything: deliveries, held events, retries."""
        self._holds.clear()
        self._held.clear()
        self._sent.clear()
        for task in self._tasks:
            task.cancel()
        for one in list(self._tries):
            one.cancel()

    def _start(
        self, body: Json, retry: Retry, after: asyncio.Future[Reply] | None = None
    ) -> asyncio.Future[Reply]:
        self._sent = [*self._sent[-MAX_REPEATABLE:], body]
        first = self._due(0.0)
        self._first_tries.add(first)
        first.add_done_callback(self._first_tries.discard)
        task = asyncio.create_task(self._deliver(body, retry, first, after))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return first

    async def _deliver(
        self, body: Json, retry: Retry, attempt: asyncio.Future[Reply], after: asyncio.Future[Reply] | None
    ) -> None:
        if after is not None:
            await asyncio.wait([after])
        while True:
            reply = await self._send(body, retry)
            wait = RETRY_AFTER[retry.number] if retry.number < len(RETRY_AFTER) else None
            again = bool(reply.failure) and not reply.no_retry and wait is not None
            following = self._due(wait or 0.0) if again else None
            if not attempt.done():
                attempt.set_result(reply)
            if following is None:
                return
            attempt, retry = following, Retry(retry.number + 1, reply.failure)
            await self._clock.until(self._clock.now() + (wait or 0.0))

    def _due(self, seconds: float) -> asyncio.Future[Reply]:
        """A future delivery, due after `seconds`."""
        attempt: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._tries[attempt] = self._clock.now() + seconds
        attempt.add_done_callback(lambda done: self._tries.pop(done, None))
        return attempt


async def _all(attempts: Iterable[asyncio.Future[Reply]]) -> None:
    if waiting := set(attempts):
        await asyncio.wait(waiting)
