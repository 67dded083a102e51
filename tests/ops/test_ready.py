"""What a process says of itself: its version, and that it is ready."""

import logging
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import main
from bot.observability import logs
from bot.observability.ready_line import log_ready
from bot.settings import Settings
from bot.version import version
from tests.conftest import ROOT


@pytest.fixture(autouse=True)
def levels_as_they_were() -> Iterator[None]:
    """The command sets the loggers' levels."""
    yield
    logs.configure()


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"guichet {project['version']}\n"


@pytest.mark.parametrize(
    ("url", "database"),
    [("sqlite:///x.db", "SQLite"), ("postgresql://guichet:s3cret@db.univ.example/x", "PostgreSQL")],
)
def test_a_process_that_is_ready_names_version_mode_and_database(
    caplog: pytest.LogCaptureFixture, url: str, database: str
) -> None:
    settings = Settings(_env_file=None, database_url=url)  # type: ignore[call-arg]
    with caplog.at_level(logging.INFO):
        log_ready("run over Socket Mode", settings)
    assert caplog.messages == [f"ready: Guichet {version()}, run over Socket Mode, {database}"]


@pytest.mark.parametrize(
    ("level", "ours", "others"),
    [
        ("debug", ["debug", "info", "warning", "error"], ["info", "warning", "error"]),
        ("info", ["info", "warning", "error"], ["info", "warning", "error"]),
        ("warning", ["warning", "error"], ["warning", "error"]),
        ("error", ["error"], ["error"]),
    ],
)
def test_the_level_is_that_of_the_settings_but_libraries_never_log_below_info(
    capsys: pytest.CaptureFixture[str], level: str, ours: list[str], others: list[str]
) -> None:
    logs.configure("text", level)  # type: ignore[arg-type]
    for name in ("bot.delivery", "slack_sdk.web"):
        for each in ("debug", "info", "warning", "error"):
            logging.getLogger(name).log(logging.getLevelNamesMapping()[each.upper()], "said %s", each)
    lines = capsys.readouterr().err
    for name, expected in (("bot.delivery", ours), ("slack_sdk.web", others)):
        assert re.findall(rf"{re.escape(name)}: said (\w+)", lines) == expected


def test_files_are_for_their_owner_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///var/guichet.db")
    main_or_exit(["migrate"])
    modes = {str(path.relative_to(tmp_path)): path.stat().st_mode & 0o777 for path in tmp_path.rglob("*")}
    assert modes["var"] == 0o700
    assert modes["var/guichet.db"] == 0o600
    assert not [name for name, mode in modes.items() if mode & 0o077]


def main_or_exit(arguments: list[str]) -> None:
    """Run a command that succeeds."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 0
