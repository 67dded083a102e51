"""In the demo, the local Slack's clock moves the bot too."""

from datetime import timedelta
from typing import Any

import pytest

from bot import demo
from bot.bootstrap import Desk, create_desk
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
