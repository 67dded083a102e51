"""SIGINT and SIGTERM, received by a thread of their own."""

import signal
import threading
from collections.abc import Callable

STOP = (signal.SIGINT, signal.SIGTERM)


def on_stop(stop: Callable[[int], object]) -> None:
    """Call `stop` in a thread with the number of the first SIGINT or SIGTERM; later ones are ignored.

    Must be called by the main thread before it starts others, which inherit its signal mask
    (pthread_sigmask(3)). A Python handler would run in the main thread between two instructions: it would
    miss a signal that arrives just before the thread sleeps, and deadlock on an `Event` whose lock the thread
    holds.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP)
    threading.Thread(target=lambda: stop(signal.sigwait(STOP)), name="signals", daemon=True).start()
