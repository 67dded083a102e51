"""How long a payload waited for Slack's own answers: what its acknowledgement took without us.

A context variable, as `bot.slack.budget`: Bolt handles a payload in the thread that received it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from time import perf_counter


class Waited:
    """How long one payload has waited for Slack so far. Calls at the same time, from several threads, count
    once."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._calls, self._since, self._lock = 0, 0.0, Lock()

    def begin(self) -> None:
        """A call begins."""
        with self._lock:
            self._calls += 1
            if self._calls == 1:
                self._since = perf_counter()

    def end(self) -> None:
        """A call ends, answered or not."""
        with self._lock:
            self._calls -= 1
            if self._calls == 0:
                self.seconds += perf_counter() - self._since


_waited: ContextVar[Waited | None] = ContextVar("waited", default=None)


@contextmanager
def of_payload() -> Iterator[Waited]:
    """Count the waits for Slack within the block."""
    waited = Waited()
    before = _waited.set(waited)
    try:
        yield waited
    finally:
        _waited.reset(before)


@contextmanager
def for_slack() -> Iterator[None]:
    """The block is one call to Slack, answered or not. Outside of any payload nothing is counted."""
    waited = _waited.get()
    if waited is None:
        yield
        return
    waited.begin()
    try:
        yield
    finally:
        waited.end()
