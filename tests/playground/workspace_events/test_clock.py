"""The playground's clock, on which an app may run too."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from playground.state.clock import next_weekday
from tests.playground.workspace_events.conftest import RecordingApp

PARIS = ZoneInfo("Europe/Paris")


def test_the_clock_moves_by_seconds_and_notifies_subscribers(slack: RecordingApp) -> None:
    clock = slack.playground.clock
    before, times = clock.utc_now(), []
    clock.subscribe(lambda: times.append(clock.utc_now()))
    slack.do("clock", advance=3600)
    assert timedelta(hours=1) <= times[0] - before < timedelta(hours=1, minutes=1)
    assert float(slack.write()["ts"]) >= times[0].timestamp()


def test_the_clock_moves_forward_to_a_time_and_never_back(slack: RecordingApp) -> None:
    then = (slack.playground.clock.utc_now() + timedelta(days=3)).replace(microsecond=0)
    now = slack.do("clock", until=then.isoformat())["now"]
    assert abs(now - then.timestamp()) < 5
    assert slack.refused("clock", until="2020-01-01T00:00:00+00:00") == "bad_request"
    assert slack.refused("clock", until="2099-01-01T00:00:00") == "bad_request"  # no offset
    assert slack.refused("clock", until="soon") == "bad_request"


def test_the_clock_moves_to_the_next_working_morning(slack: RecordingApp) -> None:
    now = slack.do("clock", until="weekday")["now"]
    here = datetime.fromtimestamp(now, PARIS)
    assert (here.hour, here.minute) == (8, 0)
    assert here.weekday() < 5


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-27T07:59", "2026-11-27T08:00"),  # a Friday
        ("2026-11-27T08:00", "2026-11-30T08:00"),
        ("2026-11-28T10:00", "2026-11-30T08:00"),
        ("2026-03-27T12:00", "2026-03-30T08:00"),  # the clocks go forward in between
    ],
)
def test_a_working_morning_depends_on_the_time_zone(now: str, expected: str) -> None:
    then = datetime.fromisoformat(now).replace(tzinfo=PARIS)
    found = datetime.fromtimestamp(next_weekday(then.timestamp(), "Europe/Paris"), PARIS)
    assert found == datetime.fromisoformat(expected).replace(tzinfo=PARIS)


def test_a_reset_returns_to_real_time(slack: RecordingApp) -> None:
    slack.do("clock", advance=7 * 86_400)
    slack.playground.reset()
    assert abs(slack.playground.clock.utc_now() - datetime.now(UTC)) < timedelta(seconds=5)
