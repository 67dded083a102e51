"""A thread that checks every few seconds whether the process is ready, and saves when Slack was heard."""

import logging
import threading

from sqlalchemy.exc import SQLAlchemyError

from bot.bootstrap import Desk
from bot.db.refusals import refusal
from bot.delivery.lanes import LogThrottle
from bot.observability.last_heard import HEARD
from bot.observability.liveness.heartbeat import HEARTBEAT
from bot.observability.metrics import CLOCK, STARTED
from bot.observability.readiness import Unready
from bot.slack.slack_time import SLACK_TIME

logger = logging.getLogger(__name__)
EVERY = 10.0  # seconds


class Watch:
    """The thread; it runs within the block."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stop = threading.Event()
        STARTED.set_to_current_time()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()
        look(self._desk)  # saves what was heard since

    def start(self) -> None:
        """Start it beside a server that owns the main thread, with which it ends. What was heard in its last
        seconds is not saved."""
        self._thread.start()

    def _run(self) -> None:
        throttle = LogThrottle()
        while True:
            HEARTBEAT.beat("watch")
            try:
                look(self._desk)
            except Exception:
                if throttle.is_due():
                    logger.exception("the watch failed")
            if self._stop.wait(EVERY):
                return


def look(desk: Desk) -> None:
    """Check once, and save what was heard."""
    reasons = desk.readiness.check()
    CLOCK.set(SLACK_TIME.difference())
    if Unready.DATABASE in reasons:
        return  # what was heard is saved later
    try:
        HEARD.save(desk.sessions, desk.clock())
    except SQLAlchemyError as error:
        logger.warning("not saved: %s", refusal(error))
