"""Slack's clock, as its answers tell it."""

import time
from email.utils import formatdate

import pytest

from bot.slack import slack_time
from bot.slack.slack_time import SLACK_TIME, TOLERANCE, VALID_FOR, SlackTime
from tests.support.doctor import examined
from tests.support.help_desk import Desk

NEAR = 30.0  # a busy machine, and a date without fractions


def reported(seconds: float) -> SlackTime:
    """What is known after an answer of a Slack whose clock differs by so much."""
    slack = SlackTime()
    slack.note({"date": formatdate(time.time() + seconds, usegmt=True)})
    return slack


@pytest.mark.parametrize("seconds", [-7200, -312, 0, 312, 7200])
def test_its_time_is_that_of_the_last_response(seconds: float) -> None:
    assert abs(reported(seconds).now() - time.time() - seconds) < NEAR


@pytest.mark.parametrize(("seconds", "side"), [(-7200, "ahead of"), (7200, "behind")])
def test_a_wrong_clock_is_logged_once(seconds: float, side: str, caplog: pytest.LogCaptureFixture) -> None:
    slack = reported(seconds)
    problem = slack.problem()
    assert problem is not None
    assert f"s {side} Slack's: set it (NTP)" in problem
    slack.note({"Date": formatdate(time.time() + seconds, usegmt=True)})
    assert len(caplog.records) == 1, "and once"


def test_a_small_difference_is_no_problem() -> None:
    assert reported(TOLERANCE / 3).problem() is None


@pytest.mark.parametrize("headers", [{}, {"Date": "soon"}, {"Date": ""}, {"Date": None}])
def test_a_response_without_a_date_is_ignored(headers: dict[str, str]) -> None:
    slack = SlackTime()
    slack.note(headers)
    assert abs(slack.now() - time.time()) < NEAR


def test_an_old_reading_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    slack, now = reported(7200), slack_time.ticks()
    monkeypatch.setattr(slack_time, "ticks", lambda: now + VALID_FOR + 60)
    assert abs(slack.now() - time.time()) < NEAR


def test_each_response_is_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SLACK_TIME, "_reading", None)
    desk.parts.directory.resolve_channels()
    assert SLACK_TIME._reading is not None
    assert SLACK_TIME.problem() is None


def test_the_doctor_names_a_clock_that_is_wrong(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        SLACK_TIME, "problem", lambda: "this machine's clock is 312 s behind Slack's: set it (NTP)"
    )
    findings = {finding.text: finding.ok for finding in examined(desk.settings)}
    assert findings["this machine's clock is 312 s behind Slack's: set it (NTP)"] is False
