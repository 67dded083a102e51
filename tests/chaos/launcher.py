"""`python -m tests.chaos.launcher worker`: a `guichet` command on a machine whose clock is wrong.

Only the torture starts processes by it. What it changes, for the process and those it forks:

- CHAOS_CLOCK names a file that holds how many seconds its wall clock is ahead, which may change at any time;
- deliveries are leased for `LEASE`, so that a process can be stopped for longer without a run of minutes:
  still more than what a single call may take (`bot.delivery.lease.NEEDED`);
- an outage's followers are resolved by twos, so that a few people are several portions.
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
        except (OSError, ValueError):  # being written, or not yet
            return 0.0

    return seconds


def distort(file: Path) -> None:
    """Let this process live with that clock."""
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
