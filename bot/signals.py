"""SIGINT and SIGTERM, received by a thread of their own."""

import signal
import threading
from collections.abc import Callable

STOP = (signal.SIGINT, signal.SIGTERM)


def on_stop(stop: Callable[[int], object]) -> None:
    """Call `stop` in a thread, with the number of the first SIGINT or SIGTERM that comes; later ones do
    nothing. To be called by the main thread before it starts others: they inherit that the signals are
    blocked (pthread_sigmask(3)).

    A Python handler would run in the main thread, between two of its instructions: a signal that comes just
    before that thread sleeps is not noticed, and a handler that sets an `Event` whose lock that thread holds
    waits for ever."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP)
    threading.Thread(target=lambda: stop(signal.sigwait(STOP)), name="signals", daemon=True).start()
