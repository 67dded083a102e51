"""In the demo, the local Slack's clock moves the bot too."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import demo
from bot.bootstrap import Desk, create_desk
from bot.catalogue.calendar.build import shipped_calendar
from models.base import utc_now
from models.tickets.ticket import Ticket
from playground.testing import Control
from tests.support.help_desk import FORM


def test_a_week_in_the_demo_passes_for_the_bot_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    desks: list[Desk] = []

    def record(*arguments: Any) -> Desk:
        desks.append(create_desk(*arguments))
        return desks[-1]

    monkeypatch.setattr(demo, "create_desk", record)

    def live_a_week() -> None:
        [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Guichet is open")]
        control = Control(line.removeprefix("Guichet is open: "))
        assert control.post("clock", advance=7 * 86_400)["ok"]
        assert control.post("command", user="camille", command="/ticket", text="Écran noir")["ok"]
        assert control.post("submit", user="camille", values=FORM)["ok"]
        assert control.get("screen", user="karim", wait_for="Écran noir")["ok"]
        control.close()
        with desks[0].sessions() as session:
            opened_at = session.get_one(Ticket, 1).opened_at
        assert abs(opened_at - utc_now() - timedelta(days=7)) < timedelta(minutes=1)

    demo.run_demo("127.0.0.1", 0, until=live_a_week)


def test_while_a_week_passes_a_reminder_comes_at_its_hour(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)

    def watch_a_week() -> None:
        [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Guichet is open")]
        control = Control(line.removeprefix("Guichet is open: "))
        control.post("clock", until="opening")
        control.post("command", user="camille", command="/ticket", text="Écran noir")
        control.post("submit", user="camille", values=FORM)
        filed = shown(control, "karim", "Écran noir")
        control.post("pass_time", seconds=86_400, pace=0)
        late = shown(control, "karim", "Personne n’a encore pris ce ticket")
        # Three quarters of the working day in which a ticket of medium priority is to be taken.
        assert timedelta(hours=7.5) <= late - filed <= timedelta(hours=8)
        control.post("stop_time")
        control.close()

    demo.run_demo("127.0.0.1", 0, until=watch_a_week)


def shown(control: Control, who: str, words: str) -> datetime:
    """When the message with these words was posted, once there is one."""
    screen = control.get("screen", user=who, wait_for=words, timeout=30)
    assert screen["ok"], words
    messages = [message for channel in screen["channels"].values() for message in channel]
    [ts] = [message["ts"] for message in messages if words in message["text"]][:1]
    return datetime.fromtimestamp(float(ts), UTC)


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        ("2026-11-27T12:00", "2026-11-30T08:00"),  # a Friday
        ("2026-11-30T07:00", "2026-11-30T08:00"),
        ("2026-12-24T18:00", "2026-12-28T08:00"),  # Christmas is a Friday
    ],
)
def test_the_next_opening_is_the_help_desk_s_own(now: str, opening: str) -> None:
    def seconds(local: str) -> float:
        return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Europe/Paris")).timestamp()

    assert demo.next_opening_of(shipped_calendar())(seconds(now)) == seconds(opening)
