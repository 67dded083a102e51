"""Slack's time, which an app may live in too."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from playground.state.clock import next_weekday
from tests.playground.happenings.conftest import Hearing

PARIS = ZoneInfo("Europe/Paris")


def test_time_goes_on_by_seconds_for_whoever_follows(slack: Hearing) -> None:
    clock = slack.playground.clock
    before, told = clock.moment(), []
    clock.tell(lambda: told.append(clock.moment()))
    slack.do("clock", advance=3600)
    assert timedelta(hours=1) <= told[0] - before < timedelta(hours=1, minutes=1)
    assert float(slack.say()["ts"]) >= told[0].timestamp()


def test_time_goes_on_to_a_moment_and_never_back(slack: Hearing) -> None:
    moment = (slack.playground.clock.moment() + timedelta(days=3)).replace(microsecond=0)
    now = slack.do("clock", until=moment.isoformat())["now"]
    assert abs(now - moment.timestamp()) < 5
    assert slack.refused("clock", until="2020-01-01T00:00:00+00:00") == "bad_request"
    assert slack.refused("clock", until="2099-01-01T00:00:00") == "bad_request"  # whose?
    assert slack.refused("clock", until="soon") == "bad_request"


def test_time_goes_on_to_the_next_morning_of_work(slack: Hearing) -> None:
    now = slack.do("clock", until="weekday")["now"]
    here = datetime.fromtimestamp(now, PARIS)
    assert (here.hour, here.minute) == (8, 0)
    assert here.weekday() < 5


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-27T07:59", "2026-11-27T08:00"),  # a Friday
        ("2026-11-27T08:00", "2026-11-30T08:00"),
        ("2026-11-28T10:00", "2026-11-30T08:00"),
        ("2026-03-27T12:00", "2026-03-30T08:00"),  # the clocks go forward in between
    ],
)
def test_a_morning_of_work_is_that_of_a_time_zone(now: str, then: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=PARIS)
    found = datetime.fromtimestamp(next_weekday(moment.timestamp(), "Europe/Paris"), PARIS)
    assert found == datetime.fromisoformat(then).replace(tzinfo=PARIS)


def test_a_new_workspace_lives_in_the_present(slack: Hearing) -> None:
    slack.do("clock", advance=7 * 86_400)
    slack.playground.reset()
    assert abs(slack.playground.clock.moment() - datetime.now(UTC)) < timedelta(seconds=5)
