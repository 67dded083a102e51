"""Python's collection of garbage, kept out of the requests.

A request leaves some hundred objects in cycles, and the modules and mappings of a process are several hundred
thousand that stay: going through those takes a tenth of a second, in which nobody gets an answer.
Source: docs.python.org, "gc".
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

NEW = 20_000
"""Objects after which Python collects the new ones although a request is being answered: those of 20."""
YOUNG, OLD = 10, 100
"""Collections of each generation before the next one is collected as well."""
FIRST, EVERY = 100, 1_000  # requests until all objects are gone through at rest, and between two such times
_rests = count(1)


def share_with_children() -> None:
    """Leave the objects that there are now where they are, so that forked processes share their memory: going
    through them would write to it (docs.python.org, "gc.freeze")."""
    gc.freeze()


@contextmanager
def not_collected() -> Iterator[None]:
    """Collect nothing meanwhile: for imports, whose objects stay. Going through them while they are made
    takes a fifth of the imports' time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def collect_between_requests() -> None:
    """Never go through the objects that there are now again, and collect others once `NEW` are new."""
    gc.freeze()
    gc.set_threshold(NEW, YOUNG, OLD)


def collect_at_rest() -> None:
    """Collect what the last requests have left, while none waits: a third of a millisecond. What the first of
    them had made for all others, such as compiled statements, is not gone through again either."""
    rests = next(_rests)
    if rests == FIRST or rests % EVERY == 0:
        gc.collect()
    else:
        gc.collect(1)
    if rests == FIRST:
        gc.freeze()
