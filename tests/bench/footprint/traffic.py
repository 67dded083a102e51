"""Sends what people do when they do it, whether the earlier requests are answered or not."""

import heapq
import http.client
import json
import re
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
REFUSED = re.compile(rb'"response_action": ?"errors"')

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
        start = time.perf_counter()
        agenda = Agenda()
        for share, make in acts:
            agenda.add(start + share * seconds, make())

        def work() -> None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            while entry := agenda.next():
                due, act = entry
                if (again := self._try(connection, due, act)) is not None:
                    agenda.add(again, act)
                agenda.done()
            connection.close()

        in_threads(work, SENDERS)
        time.sleep(max(0.0, start + seconds - time.perf_counter()))

    def _try(self, connection: http.client.HTTPConnection, due: float, act: Act) -> float | None:
        """The next request of an act. Returns when it goes on."""
        try:
            began = time.perf_counter()
            request = next(act, None)
            made = time.perf_counter() - began  # not the bot's time
            return self._send(connection, due + made, request) if request else None
        except LookupError as error:
            self.ledger.refused.append(f"nothing was opened for {error}")
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            self.ledger.refused.append(f"no answer: {error!r}")
        return None

    def _send(self, connection: http.client.HTTPConnection, due: float, request: Request) -> float | None:
        answer = _answered(connection, request)
        said = answer.read()
        now = time.perf_counter()
        self.ledger.taken.append(now - due)
        if answer.status != request.status or REFUSED.search(said):
            self.ledger.refused.append(f"{answer.status} {said[:300]!r}")
            return None
        return now + THINKING


class Agenda:
    """Acts by when they go on. `next` waits until one is due; `None`: all of them have ended."""

    def __init__(self) -> None:
        self._waiting: list[tuple[float, int, Act]] = []
        self._order, self._busy, self._changed = count(), 0, threading.Condition()

    def add(self, due: float, act: Act) -> None:
        with self._changed:
            heapq.heappush(self._waiting, (due, next(self._order), act))
            self._changed.notify()

    def next(self) -> tuple[float, Act] | None:
        with self._changed:
            while self._waiting or self._busy:
                seconds = self._waiting[0][0] - time.perf_counter() if self._waiting else None
                if seconds is not None and seconds <= 0:
                    due, _, act = heapq.heappop(self._waiting)
                    self._busy += 1
                    return due, act
                self._changed.wait(seconds)
            self._changed.notify_all()
            return None

    def done(self) -> None:
        """An act went a step further."""
        with self._changed:
            self._busy -= 1
            self._changed.notify()


def _answered(connection: http.client.HTTPConnection, request: Request) -> http.client.HTTPResponse:
    """Over a new connection when the server has closed this one, which was idle."""
    try:
        connection.request("POST", request.path, request.body, request.headers)
        return connection.getresponse()
    except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
        connection.close()
        connection.request("POST", request.path, request.body, request.headers)
        return connection.getresponse()
