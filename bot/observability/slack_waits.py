"""How long a payload waited for Slack's own answers: what its acknowledgement took without us.

A context variable, as `bot.slack.budget`: Bolt handles a payload in the thread that received it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import perf_counter


@dataclass
class Waited:
    """Seconds that one payload has waited for Slack so far."""

    seconds: float = 0.0


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
    start = perf_counter()
    try:
        yield
    finally:
        if waited := _waited.get():
            waited.seconds += perf_counter() - start
