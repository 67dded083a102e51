"""One clock for all processes: the database's."""

import time
from datetime import datetime, timedelta

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from bot.db import clock as clock_module
from bot.db.clock import CORRECT_EVERY, DatabaseClock
from bot.db.session import Sessions
from models.base import utc_now
from tests.support.use_case_desk import NOW, SmallDesk

NEAR = timedelta(seconds=60)  # a busy machine


class Hands:
    """A machine's clock that is wrong, its even ticks, and the database's clock."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.wall, self.ticked = NOW, 1000.0
        self.database: datetime | Exception = NOW
        monkeypatch.setattr(clock_module, "utc_now", lambda: self.wall)
        monkeypatch.setattr(clock_module, "ticks", lambda: self.ticked)
        monkeypatch.setattr(DatabaseClock, "_read", lambda _clock: self._reported())

    def _reported(self) -> datetime:
        if isinstance(self.database, Exception):
            raise self.database
        return self.database

    def pass_(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.ticked += seconds
        if isinstance(self.database, datetime):
            self.database += timedelta(seconds=seconds)


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    return Hands(monkeypatch)


def make_clock() -> DatabaseClock:
    return DatabaseClock(create_engine("sqlite://"))


def test_it_tells_the_databases_time(small_desk: SmallDesk) -> None:
    clock = DatabaseClock(Sessions.__call__(small_desk.sessions).get_bind().engine)
    assert abs(clock() - utc_now()) < NEAR
    assert clock().utcoffset() == timedelta()


def test_machines_with_different_clocks_agree(hands: Hands) -> None:
    hands.wall = NOW + timedelta(seconds=130)
    here = make_clock()
    first = here()
    hands.wall = NOW - timedelta(seconds=300)
    assert first == make_clock()() == NOW


def test_it_runs_on_evenly_when_the_machines_clock_is_put_right(hands: Hands) -> None:
    clock = make_clock()
    clock()
    hands.wall += timedelta(seconds=130)
    hands.pass_(5)
    assert clock() == NOW + timedelta(seconds=5)


def test_it_follows_a_machine_that_slept(hands: Hands) -> None:
    clock = make_clock()
    clock()
    hands.pass_(3600)
    assert clock() == NOW + timedelta(seconds=3600)


def test_it_is_corrected_each_minute_without_delaying_its_caller(hands: Hands) -> None:
    clock = make_clock()
    clock()
    hands.database = NOW + timedelta(seconds=30)
    hands.pass_(CORRECT_EVERY + 1)
    corrected = NOW + timedelta(seconds=30 + CORRECT_EVERY + 1)
    end = time.monotonic() + 60
    while clock() != corrected:
        assert time.monotonic() < end
        time.sleep(0.01)


def test_while_the_database_does_not_answer_it_runs_on(
    hands: Hands, caplog: pytest.LogCaptureFixture
) -> None:
    hands.database = OperationalError("", {}, Exception("unable to open database file"))
    clock = make_clock()
    assert clock() == NOW
    hands.pass_(10)
    clock.correct()
    assert clock() == NOW + timedelta(seconds=10)
    assert "the database's time could not be read: unable to open database file" in caplog.text


def test_a_wrong_clock_is_logged_once(hands: Hands, caplog: pytest.LogCaptureFixture) -> None:
    hands.wall = NOW - timedelta(seconds=130)
    clock = make_clock()
    clock()
    clock.correct()
    assert [record.getMessage() for record in caplog.records] == [
        "this machine's clock is 130 s behind the database's"
    ]
