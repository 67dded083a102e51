"""A thread that checks every few seconds whether the process is ready, and saves when Slack was heard."""

import logging
import threading

from sqlalchemy.exc import SQLAlchemyError

from bot.bootstrap import Desk
from bot.observability.last_heard import HEARD

logger = logging.getLogger(__name__)
EVERY = 10.0  # seconds


class Watch:
    """The thread; it runs within the block."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()

    def until_main_thread_ends(self) -> None:
        """Start it beside a server that owns the main thread."""
        self._thread.start()

    def _run(self) -> None:
        look(self._desk)
        while not self._stop.wait(EVERY):
            look(self._desk)
        look(self._desk)  # saves what was heard since


def look(desk: Desk) -> None:
    """Check once, and save what was heard."""
    try:
        desk.readiness.check()
        HEARD.save(desk.sessions, desk.clock())
    except SQLAlchemyError:
        pass  # `check` has logged that the database fails; what was heard is saved later
    except Exception:
        logger.exception("the watch failed")
