"""The time that is left for Slack's Web API while one payload is answered.

All calls of a payload share it, so that one slow call may take what the others did not need. It is kept for
each thread: Bolt answers a payload in the thread that took it (`process_before_response`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

_ends_at: ContextVar[float | None] = ContextVar("ends_at", default=None)
LEAST = 0.01  # seconds: urllib takes none that are negative, and 0 for "do not wait"


@contextmanager
def spend(seconds: float) -> Iterator[None]:
    """Give so much to all calls in the block."""
    before = _ends_at.set(monotonic() + seconds)
    try:
        yield
    finally:
        _ends_at.reset(before)


@contextmanager
def keep(seconds: float) -> Iterator[None]:
    """Let the calls in the block leave so much to those after it."""
    ends_at = _ends_at.get()
    before = _ends_at.set(None if ends_at is None else ends_at - seconds)
    try:
        yield
    finally:
        _ends_at.reset(before)


def left(otherwise: float) -> float:
    """The seconds that are left; `otherwise` when no payload is being answered."""
    ends_at = _ends_at.get()
    return otherwise if ends_at is None else max(LEAST, ends_at - monotonic())
