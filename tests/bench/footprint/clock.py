"""A clock that the benchmark moves on: `python -m tests.bench.footprint.clock web` is `guichet web` with it.

BENCH_CLOCK names a file with the seconds, a double, by which the process's time is ahead of the database's.
It is mapped into memory, so that reading it costs next to nothing, and may change at any time.
"""

import mmap
import os
import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import models.base
from bot.cli import main
from bot.db.clock import DatabaseClock

VARIABLE = "BENCH_CLOCK"
SECONDS = struct.Struct("d")


class MovedClock:
    """The side that moves it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.write_bytes(SECONDS.pack(0.0))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), SECONDS.size)

    def now(self) -> datetime:
        """The simulated time."""
        return datetime.now(UTC) + timedelta(seconds=SECONDS.unpack_from(self._map)[0])

    def move_to(self, moment: datetime) -> None:
        """Make it so late at once. From then on it runs as the machine's does."""
        SECONDS.pack_into(self._map, 0, (moment - datetime.now(UTC)).total_seconds())


def ahead(path: Path) -> Callable[[], timedelta]:
    """Reads how far the time is ahead."""
    with path.open("r+b") as file:
        mapped = mmap.mmap(file.fileno(), SECONDS.size, access=mmap.ACCESS_READ)
    return lambda: timedelta(seconds=SECONDS.unpack_from(mapped)[0])


def use(path: Path) -> None:
    """Use that clock in this process and those that it forks."""
    offset, right = ahead(path), DatabaseClock.__call__

    def now() -> datetime:
        return datetime.now(UTC) + offset()

    patch.object(models.base, "utc_now", now).start()
    patch.object(DatabaseClock, "__call__", lambda clock: right(clock) + offset()).start()


if __name__ == "__main__":
    use(Path(os.environ[VARIABLE]))
    main()
