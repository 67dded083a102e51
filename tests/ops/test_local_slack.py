"""`guichet local-slack`: the local Slack alone, for an installation apart."""

import socket
import sys
from pathlib import Path
from subprocess import PIPE, Popen
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner

from bot.cli.command import app
from bot.settings import SettingsError
from tests.support.processes import free_port

COMMAND = [sys.executable, "-m", "bot", "local-slack", "--smtp-port", "0"]


def test_it_prints_what_the_settings_need_and_has_the_teams_channels(tmp_path: Path) -> None:
    port = free_port()
    with Popen([*COMMAND, "--port", str(port)], stdout=PIPE, text=True) as process:
        assert process.stdout is not None
        printed = dict(process.stdout.readline().split(maxsplit=1) for _ in range(7))
        try:
            with urlopen(f"http://127.0.0.1:{port}/_control/screen?user=karim") as answer:
                channels = answer.read().decode()
        finally:
            process.terminate()
    assert "dnum-identites" in channels
    assert set(printed) >= {"SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SMTP_URL", "MANAGER_FIELD"}
    assert printed["SLACK_API_URL"].strip() == f"http://127.0.0.1:{port}/api/"
    assert process.returncode == 0


def test_a_port_that_is_taken_is_a_clear_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = CliRunner().invoke(app, ["local-slack", "--port", str(taken.getsockname()[1])])
    assert isinstance(result.exception, SettingsError)
    assert "local Slack: " in str(result.exception)


def test_a_certificate_that_is_none_is_a_clear_line(tmp_path: Path) -> None:
    (tmp_path / "mail.pem").write_text("nothing")
    arguments = ["--smtp-certificate", str(tmp_path / "mail.pem"), "--smtp-login", "u:p"]
    with pytest.raises(SettingsError, match="local Slack: "):
        CliRunner().invoke(app, ["local-slack", *arguments], catch_exceptions=False)
