"""Sends what people do when they do it, whether the earlier requests are answered or not."""

import heapq
import http.client
import json
import threading
import time
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from itertools import count
from urllib.request import urlopen

from tests.bench.acknowledgement.load import Request, in_threads
from tests.bench.footprint.payloads import Json

SENDERS = 24
THINKING = 0.4  # seconds until a person sends the form that they opened
LATE = 2.5  # Slack gives up after 3 s

Act = Generator[Request, None, None]
"""What one person does: a request at a time, each once the one before it was acknowledged."""


@dataclass
class Ledger:
    """What was acknowledged."""

    taken: list[float] = field(default_factory=list)
    """The seconds of each acknowledgement."""
    refused: list[str] = field(default_factory=list)
    submissions: list[str] = field(default_factory=list)
    done: list[tuple[str, int]] = field(default_factory=list)
    """Actions on tickets, as their history has to have them."""

    @property
    def late(self) -> int:
        return sum(seconds > LATE for seconds in self.taken)


@dataclass
class Traffic:
    """The people's side: the bot's port, Slack's address."""

    port: int
    slack: str
    ledger: Ledger = field(default_factory=Ledger)
    _triggers: "count[int]" = field(default_factory=count)

    def trigger(self) -> str:
        """A new trigger id."""
        return f"trigger-{next(self._triggers)}"

    def view(self, trigger: str) -> Json:
        """What was opened with it. Raises `LookupError` when nothing was."""
        with urlopen(f"{self.slack.removesuffix('/api/')}/view/{trigger}") as answer:
            view: Json = json.load(answer)
        if not view:
            raise LookupError(trigger)
        return view

    def during(self, seconds: float, acts: Iterable[tuple[float, Callable[[], Act]]]) -> None:
        """Let the acts begin at these shares of so many seconds, and wait until all of them have ended."""
        start, order = time.perf_counter(), count()
        waiting = [(start + share * seconds, next(order), make()) for share, make in acts]
        heapq.heapify(waiting)
        lock, busy = threading.Lock(), [0]

        def work() -> None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            while True:
                with lock:
                    if not waiting and not busy[0]:
                        break
                    entry = heapq.heappop(waiting) if waiting else None
                    busy[0] += entry is not None
                if entry is None:
                    time.sleep(0.01)
                    continue
                again = None
                try:
                    again = self._step(connection, entry[0], entry[2])
                except (OSError, http.client.HTTPException) as error:
                    connection.close()
                    self.ledger.refused.append(f"no answer: {error!r}")
                with lock:
                    busy[0] -= 1
                    if again:
                        heapq.heappush(waiting, (again, next(order), entry[2]))
            connection.close()

        in_threads(work, SENDERS)
        time.sleep(max(0.0, start + seconds - time.perf_counter()))

    def _step(self, connection: http.client.HTTPConnection, due: float, act: Act) -> float | None:
        time.sleep(max(0.0, due - time.perf_counter()))
        try:
            request = next(act)
        except StopIteration:
            return None
        except LookupError as error:
            self.ledger.refused.append(f"nothing was opened for {error}")
            return None
        answer = _answered(connection, request)
        said = answer.read()
        now = time.perf_counter()
        self.ledger.taken.append(now - due)
        if (
            answer.status != 200
            or b'"response_action": "errors"' in said
            or b'"response_action":"errors"' in said
        ):
            self.ledger.refused.append(f"{answer.status} {said[:300]!r}")
            return None
        return now + THINKING


def _answered(connection: http.client.HTTPConnection, request: Request) -> http.client.HTTPResponse:
    """Over a new connection when the server has closed this one, which was idle."""
    try:
        connection.request("POST", request.path, request.body, request.headers)
        return connection.getresponse()
    except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
        connection.close()
        connection.request("POST", request.path, request.body, request.headers)
        return connection.getresponse()
