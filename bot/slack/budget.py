"""The time budget for Slack's Web API while one payload is handled.

All calls for a payload share it, so that a slow call may use what the others did not need. It is a context
variable: Bolt handles a payload in the thread that received it (`process_before_response`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

_ends_at: ContextVar[float | None] = ContextVar("ends_at", default=None)
TIMEOUT_MIN = 0.01  # seconds; urllib allows no negative time-out, and takes 0 for "do not wait"


@contextmanager
def limit(seconds: float) -> Iterator[None]:
    """Limit the total time of the calls within the block."""
    before = _ends_at.set(monotonic() + seconds)
    try:
        yield
    finally:
        _ends_at.reset(before)


@contextmanager
def reserve(seconds: float) -> Iterator[None]:
    """Reserve some of the time for the calls after the block."""
    ends_at = _ends_at.get()
    before = _ends_at.set(None if ends_at is None else ends_at - seconds)
    try:
        yield
    finally:
        _ends_at.reset(before)


def remaining(default: float) -> float:
    """The remaining seconds; `default` when no payload is being handled."""
    ends_at = _ends_at.get()
    return default if ends_at is None else max(TIMEOUT_MIN, ends_at - monotonic())
