"""The way of events to the app: in order or not, once or often, and again after failures."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass

from playground.delivery.events import RETRY_AFTER, about
from playground.delivery.transport import Reply, Retry
from playground.state.clock import Clock
from playground.state.workspace import Json, new_id

REMEMBERED = 1000  # events that can be told again

Send = Callable[[Json, Retry], Awaitable[Reply]]


@dataclass
class Hold:
    """The next `times` events of a `kind` (any when "") wait: for the next event, or for `release`."""

    kind: str
    times: int
    until_next: bool

    def takes(self, body: Json) -> bool:
        """Whether this event is one of those that wait."""
        return self.times > 0 and self.kind in ("", body["event"]["type"], body["event"].get("subtype"))


class EventQueue:
    """Slack promises neither order nor that an event comes once (apis/events-api, "Error handling")."""

    def __init__(self, clock: Clock, send: Send) -> None:
        self._clock = clock
        self._send = send
        self._holds: list[Hold] = []
        self._held: list[tuple[Json, bool]] = []  # and whether the next event sets it free
        self._told: list[Json] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._tries: dict[asyncio.Future[Reply], float] = {}  # and when they are due
        self._first_tries: set[asyncio.Future[Reply]] = set()

    def put(self, body: Json) -> None:
        """Send an event, or let it wait when it was asked to; those that waited for it follow."""
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
        """Let events wait from here on."""
        self._holds.append(hold)

    def release(self, backwards: bool = False) -> int:
        """Send what waits, one after the other, and let nothing wait any more; how many there were."""
        held = [body for body, _ in self._held]
        self._holds.clear()
        self._held.clear()
        taken: asyncio.Future[Reply] | None = None
        for body in reversed(held) if backwards else held:
            taken = self._start(body, Retry(), after=taken)
        return len(held)

    def tell_again(self, where: tuple[str, str] | None, times: int, same_id: bool) -> int:
        """Send the last event, or the last about the message `where` (channel, ts), again; how often it was.

        Under other event ids, as if it had happened anew, or under its own as the first retry of Slack.
        """
        body = next(
            (told for told in reversed(self._told) if where is None or about(told["event"], *where)), None
        )
        if body is None:
            return 0
        for _ in range(times):
            again = deepcopy(body) if same_id else deepcopy(body) | {"event_id": new_id("Ev")}
            self._start(again, Retry(1, "http_timeout") if same_id else Retry())
        return times

    async def settled(self) -> None:
        """Wait until every event sent so far has been taken, or missed, once."""
        await _all(self._first_tries)

    async def caught_up(self) -> None:
        """Wait until every delivery that is due by now has been taken or missed, retries too."""
        while due := [one for one, moment in self._tries.items() if moment <= self._clock.now()]:
            await _all(due)

    def forget(self) -> None:
        """Give up what is on its way, waits or is to be sent again."""
        self._holds.clear()
        self._held.clear()
        self._told.clear()
        for task in self._tasks:
            task.cancel()
        for one in list(self._tries):
            one.cancel()

    def _start(
        self, body: Json, retry: Retry, after: asyncio.Future[Reply] | None = None
    ) -> asyncio.Future[Reply]:
        self._told = [*self._told[-REMEMBERED:], body]
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
        """A delivery to come, due after `seconds`."""
        attempt: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._tries[attempt] = self._clock.now() + seconds
        attempt.add_done_callback(lambda done: self._tries.pop(done, None))
        return attempt


async def _all(attempts: Iterable[asyncio.Future[Reply]]) -> None:
    if waiting := set(attempts):
        await asyncio.wait(waiting)
