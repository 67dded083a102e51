"""The database's clock, which all processes share."""

import logging
import threading
import time
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.db.refusals import refusal
from models.base import utc_now

logger = logging.getLogger(__name__)
CORRECT_EVERY = 60.0  # seconds
TOLERANCE = timedelta(seconds=5)
# A clock that also counts while the machine is suspended, where there is one (clock_gettime(2)).
_TICKS: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def ticks() -> float:
    """Seconds since an arbitrary time; changes to the machine's clock do not affect them."""
    return time.clock_gettime(_TICKS)


class DatabaseClock:
    """A clock that is corrected by the database's each minute, and monotonic in between.

    With it, machines whose clocks differ or are corrected agree on leases and due dates. With SQLite it is
    the machine's clock.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._set: tuple[datetime, float] | None = None
        self._correcting = threading.Lock()
        self._logged = timedelta()

    def __call__(self) -> datetime:
        """The time. Only the first call waits for the database."""
        if self._set is None:
            self.correct()
        assert self._set is not None
        time_set, at = self._set
        passed = ticks() - at
        if passed > CORRECT_EVERY and not self._correcting.locked():
            threading.Thread(target=self.correct, name="clock", daemon=True).start()
        return time_set + timedelta(seconds=passed)

    def correct(self) -> None:
        """Read the database's time. If it does not answer, go on from the last one, or the machine's at
        first."""
        with self._correcting:
            before = ticks()
            try:
                read = self._read()
            except SQLAlchemyError as error:
                logger.warning("the database's time could not be read: %s", refusal(error))
                current = utc_now() if self._set is None else self._set[0] + _since(self._set[1])
                self._set = current, ticks()
                return
            now = ticks()
            self._set = read + timedelta(seconds=(now - before) / 2), now
            self._compare(self._set[0] - utc_now())

    def _read(self) -> datetime:
        if self._engine.dialect.name == "sqlite":
            return utc_now()
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            time_there: Any = connection.scalar(select(func.clock_timestamp()))
            assert isinstance(time_there, datetime)
            return time_there

    def _compare(self, difference: timedelta) -> None:
        """Log a difference between the two clocks, once for each that is new."""
        if abs(difference - self._logged) < TOLERANCE:
            return
        self._logged = difference
        seconds = difference.total_seconds()
        if abs(difference) < TOLERANCE:
            logger.info("this machine's clock agrees with the database's again")
            return
        side = "behind" if seconds > 0 else "ahead of"
        logger.warning("this machine's clock is %.0f s %s the database's", abs(seconds), side)


def _since(at: float) -> timedelta:
    return timedelta(seconds=ticks() - at)
