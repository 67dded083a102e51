"""A first-in, first-out write lock for the SQLite connections of one process.

SQLite lets one connection write at a time; the others poll (sqlite.org, "sqlite3_busy_timeout"), so that an
unlucky one waits for many that came later. The connections of one process queue for this lock instead. Those
of other processes are still waited for by polling.
"""

import sqlite3
from collections import defaultdict, deque
from collections.abc import Sequence
from threading import Lock
from typing import Any

# Statements before which sqlite3 begins a transaction, and BEGIN IMMEDIATE itself.
_BEGINS = ("INSERT", "UPDATE", "DELETE", "REPLACE", "BEGIN I")


class WriteLock:
    """A lock that is acquired in the order of the requests. Any thread may release it."""

    def __init__(self) -> None:
        self._mutex = Lock()
        self._waiting: deque[Lock] = deque()
        self._is_held = False

    def acquire(self, timeout: float) -> bool:
        """Wait for the lock; False when it is not acquired within `timeout` seconds."""
        with self._mutex:
            if not self._is_held:
                self._is_held = True
                return True
            waiter = Lock()
            waiter.acquire()
            self._waiting.append(waiter)
        if waiter.acquire(timeout=timeout):
            return True
        with self._mutex:
            if waiter not in self._waiting:  # released to this one after the timeout
                return True
            self._waiting.remove(waiter)
            return False

    def release(self) -> None:
        """Pass the lock on to the next in the queue, if any."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_held = False


_locks: defaultdict[str, WriteLock] = defaultdict(WriteLock)  # by the path of the database


class Connection(sqlite3.Connection):
    """A connection that holds the write lock from its transaction's first write to the transaction's end."""

    def __init__(self, database: str, timeout: float = 5.0, **more: Any) -> None:
        super().__init__(database, timeout=timeout, **more)
        self._write_lock, self._timeout = _locks[database], timeout
        self._holds_lock = False

    def cursor(self, factory: type[sqlite3.Cursor] | None = None) -> sqlite3.Cursor:  # type: ignore[override]
        return super().cursor(factory or Cursor)

    def commit(self) -> None:
        super().commit()
        self._unlock()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._unlock()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._unlock()

    def lock_for(self, statement: str) -> None:
        """Acquire the lock if this statement begins a transaction. Raises `OperationalError` as SQLite
        does."""
        if self._holds_lock or self.in_transaction or not statement.lstrip()[:7].upper().startswith(_BEGINS):
            return
        if not self._write_lock.acquire(self._timeout):
            raise sqlite3.OperationalError("database is locked")
        self._holds_lock = True

    def _unlock(self) -> None:
        if self._holds_lock:
            self._holds_lock = False
            self._write_lock.release()


class Cursor(sqlite3.Cursor):
    """A cursor that acquires the write lock before it executes a statement that writes."""

    connection: Connection

    def execute(self, statement: str, parameters: Any = (), /) -> "Cursor":
        self.connection.lock_for(statement)
        super().execute(statement, parameters)
        return self

    def executemany(self, statement: str, parameters: Sequence[Any], /) -> "Cursor":  # type: ignore[override]
        self.connection.lock_for(statement)
        super().executemany(statement, parameters)
        return self
