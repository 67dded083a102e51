"""`guichet demo`: the help desk open for business in a local Slack."""

import socket
import sys

import pytest

from bot.cli import main
from bot.demo import free_port, run_demo
from bot.settings import SettingsError
from playground.testing import Control


def test_the_demo_starts_prints_its_url_and_stops(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)

    def look() -> None:
        [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Guichet is open")]
        control = Control(line.removeprefix("Guichet is open: "))
        assert control.post("home", user="camille")["ok"]
        assert "Comment ça marche" in control.get("screen", user="camille")["home"]["text"]
        assert control.get("violations")["violations"] == []
        control.close()

    run_demo("127.0.0.1", 0, until=look)
    assert "closed" in capsys.readouterr().out


def test_a_port_that_is_taken_gives_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert free_port("127.0.0.1", taken.getsockname()[1]) == 0


def test_a_host_that_is_not_here_is_a_clear_line() -> None:
    with pytest.raises(SettingsError, match=r"--host 192\.0\.2\.1, --port 8765: "):
        free_port("192.0.2.1", 8765)


@pytest.mark.parametrize(
    ("command", "module", "missing"),
    [("demo", "bot.demo", "playground.testing"), ("local-slack", "bot.local_slack", "playground.server")],
)
def test_without_its_packages_the_local_slack_says_what_to_install(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    module: str,
    missing: str,
) -> None:
    monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(SystemExit, match="2"):
        main([command])
    assert "pip install -r requirements/demo.txt" in capsys.readouterr().err
