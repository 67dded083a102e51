"""`deploy/systemd/guichet-command`, with another program in systemd-run's place."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.deploy.units import COMMAND, FOLDER

TYPED = ["$HOME ${SMTP_URL} $$", "a  b", "%n", "", "l1\nl2\n", "*", "é 'q' \"q\" \\n", "--keep=3", "--"]


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """The command, whose settings are in the folder, and whose systemd-run prints its arguments."""
    text = (FOLDER / "guichet-command").read_text(encoding="utf-8")
    copy, settings = tmp_path / "guichet", "settings=/etc/guichet/guichet.env"
    assert settings in text
    copy.write_text(text.replace(settings, f"settings={tmp_path / 'guichet.env'}"), encoding="utf-8")
    instead = tmp_path / "systemd-run"
    instead.write_text("#!/bin/sh\nprintf '%s\\0' \"$@\"\nexit 3\n", encoding="utf-8")
    instead.chmod(0o755)
    return copy


def typed(script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = f"{script.parent}:{os.environ['PATH']}"
    command = ["sh", str(script), *arguments]
    return subprocess.run(command, env={"PATH": path}, capture_output=True, text=True, check=False)


def test_arguments_arrive_as_they_were_typed(script: Path) -> None:
    (script.parent / "guichet.env").touch()
    done = typed(script, *TYPED)
    arguments = done.stdout.split("\0")[:-1]
    passed = arguments[arguments.index(COMMAND) + 1 :]
    assert passed == [
        each.replace("$", "$$") for each in TYPED
    ]  # systemd makes one of two (systemd.service(5))
    assert done.returncode == 3


def test_a_missing_file_of_settings_is_named(script: Path) -> None:
    done = typed(script, "doctor")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{script.parent}/guichet.env cannot be read" in done.stderr
