"""How a commit wakes the worker: an in-process flag, and `NOTIFY` between processes on PostgreSQL.

The worker also polls, so that a lost wake-up costs a second, never a message.
"""

import logging
import threading
from typing import Any

import psycopg
from sqlalchemy import Engine, event

from bot.db.session import DeskSession, Sessions
from models.outbox.delivery import Delivery

logger = logging.getLogger(__name__)
CHANNEL = "guichet_deliveries"
# Seconds. A connection that only listens would not notice that its host is gone (postgresql.org, "Database
# Connection Control Functions"); and connecting must not delay the end of the process.
_OPTIONS: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


class Wakeup:
    """The flags that a commit with deliveries sets, one for each thread that waits."""

    def __init__(self) -> None:
        self._flags: list[threading.Event] = []

    def flag(self) -> threading.Event:
        """A flag that each wake-up sets; the thread that waits for it clears it."""
        flag = threading.Event()
        self._flags.append(flag)
        return flag

    def set(self) -> None:
        """Set all flags."""
        for flag in self._flags:
            flag.set()

    def connect(self, sessions: Sessions) -> None:
        """Set the flags at each commit that brings deliveries."""
        event.listen(sessions, "after_flush", self._after_flush)
        event.listen(sessions, "after_commit", self._after_commit)

    def _after_flush(self, session: DeskSession, _context: object) -> None:
        if not any(isinstance(row, Delivery) for row in session.new) or session.brings_deliveries:
            return
        session.brings_deliveries = True
        if session.get_bind().dialect.name == "postgresql":
            session.connection().exec_driver_sql(f"NOTIFY {CHANNEL}")

    def _after_commit(self, session: DeskSession) -> None:
        if session.brings_deliveries:
            session.brings_deliveries = False
            self.set()


def listen(engine: Engine, wakeup: Wakeup, stop: threading.Event) -> None:
    """Turn PostgreSQL's notifications into wake-ups until `stop`, on a connection of its own.

    A lost connection is opened again after 1 s, 2 s, … at most 30 s.
    """
    pause = 1.0
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    while not stop.is_set():
        try:
            with psycopg.connect(url, autocommit=True, **_OPTIONS) as connection:
                connection.execute(f"LISTEN {CHANNEL}")
                pause = 1.0
                wakeup.set()  # for what came before LISTEN
                while not stop.is_set():
                    for _notice in connection.notifies(timeout=1, stop_after=1):
                        wakeup.set()
        except psycopg.Error:
            logger.warning("no connection to listen on; trying again in %.0f s", pause)
            stop.wait(pause)
            pause = min(pause * 2, 30.0)
