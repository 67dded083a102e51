"""Writes readings to the audit trail, beside the listeners.

A listener's acknowledgement is sent once it has ended, and may not wait for SQLite's write lock. So it leaves
its lines here, and a thread writes all that wait in one transaction. What cannot be written is kept, and
written with the next reading: reading does not depend on it.
"""

import logging
from collections import deque
from collections.abc import Collection, Sequence
from datetime import datetime
from threading import Lock, Thread

from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from bot.db.refusals import refusal
from bot.db.session import Sessions
from bot.observability.metrics import AUDIT_LINES
from bot.services.audit.record import Line, write
from models.audit.entry import Deed

logger = logging.getLogger(__name__)
KEPT = 1_000  # lines that wait while the database takes none
Reading = tuple[Deed, int | None]
"""What was done, and with which ticket."""


class Readings:
    """The readings of one process that are not written yet."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._lock = Lock()
        self._waiting: deque[Line] = deque()
        self._hour: datetime | None = None
        self._known: set[tuple[int, Reading]] = set()
        self._thread: Thread | None = None

    def note(self, actor_id: int, readings: Collection[Reading], now: datetime) -> None:
        """Have these written, unless they were noted in the same hour. Does not wait."""
        with self._lock:
            for reading in readings:
                self._add(Line(reading[0], now, actor_id, ticket_id=reading[1]), (actor_id, reading))
            if self._waiting and self._thread is None:
                # Not a daemon: the interpreter waits for what is being written.
                self._thread = Thread(target=self._write, name="audit", daemon=False)
                self._thread.start()

    def close(self) -> None:
        """Wait for the thread, and try once more what it could not write."""
        if thread := self._thread:
            thread.join()
        self._write_once()

    def wait(self) -> None:
        """Wait until what was noted is written, or was refused."""
        if thread := self._thread:
            thread.join()

    def _add(self, line: Line, key: tuple[int, Reading]) -> None:
        if line.hour != self._hour:
            self._hour, self._known = line.hour, set()
        if key in self._known:
            return
        self._known.add(key)
        if len(self._waiting) == KEPT:
            self._waiting.popleft()
            AUDIT_LINES.labels("lost").inc()
        self._waiting.append(line)

    def _write(self) -> None:
        while self._write_once():
            pass

    def _write_once(self) -> bool:
        """Write what waits; whether there may be more. The thread is over when there is not."""
        with self._lock:
            lines = [*self._waiting]
            if not lines:
                self._thread = None
                return False
        try:
            self._save(lines)
        except SQLAlchemyError as error:
            logger.warning("readings could not be written to the audit trail: %s", refusal(error))
            AUDIT_LINES.labels("delayed").inc(len(lines))
            with self._lock:
                self._thread = None
            return False
        with self._lock:
            for line in lines:
                if self._waiting and self._waiting[0] is line:  # not one that was dropped meanwhile
                    self._waiting.popleft()
        return True

    def _save(self, lines: Sequence[Line]) -> None:
        """Write these; by themselves when one of them is about a row that is gone, which the database
        refuses for good."""
        try:
            with self._sessions.begin() as session:
                write(session, lines)
            AUDIT_LINES.labels("written").inc(len(lines))
        except IntegrityError:
            if len(lines) > 1:
                for line in lines:
                    self._save([line])
            else:
                AUDIT_LINES.labels("lost").inc()
