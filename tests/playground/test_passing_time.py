"""Time that passes in half-hours."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from playground.state.clock import Clock
from playground.state.passing_time import PassingTime, next_step
from playground.state.workspace import Workspace
from playground.testing import Playground
from tests.support import event_loop

PARIS = ZoneInfo("Europe/Paris")
FRIDAY_NOON = datetime(2026, 11, 27, 12, 10, tzinfo=PARIS).timestamp()


class StandingClock(Clock):
    """A clock that only moves when it is moved."""

    def now(self) -> float:
        return FRIDAY_NOON + self.offset


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-27T12:10", "2026-11-27T12:30"),
        ("2026-11-27T12:30", "2026-11-27T13:00"),
        ("2026-11-27T19:59", "2026-11-27T20:00"),
        ("2026-11-27T20:00", "2026-11-28T07:00"),
        ("2026-11-28T03:15", "2026-11-28T07:00"),
        ("2026-10-24T20:00", "2026-10-25T07:00"),  # the clocks go back in that night
    ],
)
def test_half_hours_pass_by_day_and_a_night_at_once(now: str, then: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=PARIS).timestamp()
    assert datetime.fromtimestamp(next_step(at), PARIS) == datetime.fromisoformat(then).replace(tzinfo=PARIS)


def times_of(seconds: float, is_busy: list[bool] | None = None) -> list[str]:
    """The times that an app sees while `seconds` pass from that Friday on; `is_busy` are its answers."""
    clock, seen, answers = StandingClock(), list[str](), is_busy or []
    workspace = Workspace(clock)

    async def caught_up() -> None:
        seen.append(datetime.fromtimestamp(clock.now(), PARIS).strftime("%a %H:%M"))

    async def run() -> None:
        passing = PassingTime(workspace, caught_up)
        passing.wait_while(lambda: bool(answers) and answers.pop(0))
        passing.start(seconds, pace=0)
        while passing.until is not None:
            await workspace.next_change(1)

    event_loop.run(run())
    return seen


def test_a_week_passes_through_every_morning_and_ends_where_it_should() -> None:
    seen = times_of(7 * 86_400)
    mornings = [time for time in seen if time.endswith("08:00")]
    assert mornings == [f"{day} 08:00" for day in ("Sat", "Sun", "Mon", "Tue", "Wed", "Thu", "Fri")]
    assert seen[-1] == "Fri 12:10"


def test_a_step_waits_until_the_app_has_done_what_was_due() -> None:
    answers = [True, True, True, False]
    assert times_of(3600, answers) == ["Fri 12:30", "Fri 13:00", "Fri 13:10"]
    assert answers == []


def test_time_is_stopped_and_stands(playground: Playground) -> None:
    control, clock = playground.control, playground.clock
    assert control.post("pass_time", seconds=86_400, pace=60)["ok"]
    assert playground.slack.passing.until is not None
    now = control.post("stop_time")["now"]
    assert playground.slack.passing.until is None
    assert abs(clock.now() - now) < 5
    assert control.post("pass_time", seconds=-1)["error"] == "bad_request"


def test_a_reset_ends_it(playground: Playground) -> None:
    playground.control.post("pass_time", seconds=86_400, pace=60)
    playground.reset()
    assert playground.slack.passing.until is None
