"""How a commit wakes the worker: an in-process flag, and `NOTIFY` between processes on PostgreSQL.

The worker also polls, so that a lost wake-up costs a second, never a message.
"""

import threading

from sqlalchemy import event

from bot.db.session import DeskSession, Sessions
from models.outbox.delivery import Delivery

CHANNEL = "guichet_deliveries"


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
