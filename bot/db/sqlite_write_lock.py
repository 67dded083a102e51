"""SQLite's writers, one after another in the order they came.

SQLite lets one connection write at a time, and lets the others sleep and try again (sqlite.org,
"sqlite3_busy_timeout"): who is unlucky waits for many who came later. Those of one process take turns here
instead; only those of other processes are waited for in SQLite's way.
"""

import sqlite3
from collections import defaultdict, deque
from collections.abc import Sequence
from threading import Lock
from typing import Any

# What sqlite3 opens a transaction for, and the same in words.
_BEGINS = ("INSERT", "UPDATE", "DELETE", "REPLACE", "BEGIN I")


class WriteLock:
    """A lock that is had in the order in which it was asked for. Any thread may give it back."""

    def __init__(self) -> None:
        self._mutex = Lock()
        self._waiting: deque[Lock] = deque()
        self._is_taken = False

    def acquire(self, timeout: float) -> bool:
        """Wait for the turn; False when it did not come within `timeout` seconds."""
        with self._mutex:
            if not self._is_taken:
                self._is_taken = True
                return True
            turn = Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=timeout):
            return True
        with self._mutex:
            if turn not in self._waiting:  # it came at the last moment
                return True
            self._waiting.remove(turn)
            return False

    def release(self) -> None:
        """Let the next one have it."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False


_lock: defaultdict[str, WriteLock] = defaultdict(WriteLock)  # of each database file


class Connection(sqlite3.Connection):
    """A connection that has the turn from its transaction's first write to its end."""

    def __init__(self, database: str, timeout: float = 5.0, **more: Any) -> None:
        super().__init__(database, timeout=timeout, **more)
        self._lock, self._timeout = _lock[database], timeout
        self._has_turn = False

    def cursor(self, factory: type[sqlite3.Cursor] | None = None) -> sqlite3.Cursor:  # type: ignore[override]
        return super().cursor(factory or Cursor)

    def commit(self) -> None:
        super().commit()
        self._end()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._end()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._end()

    def wait_to_write(self, statement: str) -> None:
        """Take the turn if this statement begins a transaction. Raises `OperationalError` as SQLite would."""
        if self._has_turn or self.in_transaction or not statement.lstrip()[:7].upper().startswith(_BEGINS):
            return
        if not self._lock.acquire(self._timeout):
            raise sqlite3.OperationalError("database is locked")
        self._has_turn = True

    def _end(self) -> None:
        if self._has_turn:
            self._has_turn = False
            self._lock.release()


class Cursor(sqlite3.Cursor):
    """A cursor of such a connection."""

    connection: Connection

    def execute(self, statement: str, parameters: Any = (), /) -> "Cursor":
        self.connection.wait_to_write(statement)
        super().execute(statement, parameters)
        return self

    def executemany(self, statement: str, parameters: Sequence[Any], /) -> "Cursor":  # type: ignore[override]
        self.connection.wait_to_write(statement)
        super().executemany(statement, parameters)
        return self
