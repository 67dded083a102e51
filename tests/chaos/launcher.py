"""`python -m tests.chaos.launcher worker`: a `guichet` command on a machine whose clock is wrong.

Used by chaos runs only. It changes, for the process and its children:

- CHAOS_CLOCK names a file with the offset of the wall clock in seconds, which may change at any time;
- deliveries are leased for `LEASE`, so that a process can be stopped for longer without a run of minutes;
  still longer than a single call may take (`bot.delivery.lease.NEEDED`);
- an outage's followers are resolved in portions of two, so that a few are several portions.
"""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import models.base
from bot.cli import main
from bot.delivery import outbox
from bot.services.outages import resolution

LEASE = timedelta(seconds=25)
PORTION = 2


def _ahead(file: Path) -> Callable[[], float]:
    def seconds() -> float:
        try:
            return float(file.read_text())
        except (OSError, ValueError):  # being written, or not written yet
            return 0.0

    return seconds


def distort(file: Path) -> None:
    """Use that clock in this process."""
    ahead, right = _ahead(file), time.time

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=ahead())

    patch.object(models.base, "utc_now", now).start()
    patch("bot.db.clock.utc_now", now).start()
    patch.object(time, "time", lambda: right() + ahead()).start()
    patch.object(outbox, "LEASE", LEASE).start()
    patch.object(resolution, "PORTION", PORTION).start()


if __name__ == "__main__":
    distort(Path(os.environ["CHAOS_CLOCK"]))
    main()
