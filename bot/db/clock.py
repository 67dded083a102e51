"""The time that all processes agree on: the database's."""

import logging
import threading
import time
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from models.base import utc_now

logger = logging.getLogger(__name__)
EVERY = 60.0  # seconds
FAR = timedelta(seconds=5)
# What counts while the machine sleeps, where there is such a clock (clock_gettime(2)).
_TICKS: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def ticks() -> float:
    """Seconds since some moment, whatever becomes of the machine's clock."""
    return time.clock_gettime(_TICKS)


class DatabaseClock:
    """A clock that is set by the database's each minute, and runs on evenly between.

    Machines whose clocks differ, or are put right, agree on leases and due dates all the same. SQLite's is
    the machine's own.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._set: tuple[datetime, float] | None = None
        self._asking = threading.Lock()
        self._said = timedelta()

    def __call__(self) -> datetime:
        """The time. Nobody waits for the database here but the first who asks."""
        if self._set is None:
            self.correct()
        assert self._set is not None
        moment, at = self._set
        passed = ticks() - at
        if passed > EVERY and not self._asking.locked():
            threading.Thread(target=self.correct, name="clock", daemon=True).start()
        return moment + timedelta(seconds=passed)

    def correct(self) -> None:
        """Set it; by the machine's own clock when the database does not answer the first time."""
        with self._asking:
            before = ticks()
            try:
                moment = self._ask()
            except SQLAlchemyError as error:
                logger.warning("the database does not tell the time: %s", type(error).__name__)
                moment = utc_now() if self._set is None else self._set[0] + _since(self._set[1])
                self._set = moment, ticks()
                return
            now = ticks()
            self._set = moment + timedelta(seconds=(now - before) / 2), now
            self._compare(self._set[0] - utc_now())

    def _ask(self) -> datetime:
        if self._engine.dialect.name == "sqlite":
            return utc_now()
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            moment: Any = connection.scalar(select(func.clock_timestamp()))
            assert isinstance(moment, datetime)
            return moment

    def _compare(self, difference: timedelta) -> None:
        """Say it when the machine's clock is far from the database's, once for each difference."""
        if abs(difference - self._said) < FAR:
            return
        self._said = difference
        seconds = difference.total_seconds()
        if abs(difference) < FAR:
            logger.info("this machine's clock agrees with the database's again")
            return
        side = "behind" if seconds > 0 else "ahead of"
        logger.warning("this machine's clock is %.0f s %s the database's", abs(seconds), side)


def _since(at: float) -> timedelta:
    return timedelta(seconds=ticks() - at)
