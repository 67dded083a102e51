"""The systemd units: what systemd says of them, and that they agree with the settings."""

import subprocess
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.cli.command import app
from bot.http.server import STOP_SECONDS
from bot.settings import load_settings
from bot.settings.model import Settings
from bot.settings.secret_files import SECRETS
from tests.deploy.units import COMMAND, FOLDER, PROCESSES, SERVICES, credentials, executable_copy, values
from tests.support.programs import program

EXPOSURE_MAX = 11  # tenths: 1.1 of 10 (systemd-analyze(1), "security")
NEEDS = {
    "guichet-web.service": {"database_url", "slack_bot_token", "slack_signing_secret", "erasures_key"},
    "guichet-socket.service": {"database_url", "slack_bot_token", "slack_app_token", "erasures_key"},
    "guichet-worker@.service": set(SECRETS) - {"slack_app_token", "slack_signing_secret"},
    "guichet-release.service": {"database_url", "slack_bot_token"},
    "guichet-backup.service": {
        "database_url",
        "aws_access_key_id",
        "aws_secret_access_key",
        "erasures_key",
    },
}


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [program("systemd-analyze", "systemd"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_systemd_has_nothing_to_say_against_the_units(tmp_path: Path) -> None:
    copy = executable_copy(tmp_path)
    units = [
        str(path) for path in sorted(copy.glob("guichet*.*")) if path.suffix != ".env" and path.is_file()
    ]
    checked = analyze("verify", "--man=no", *units)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def test_each_service_is_exposed_as_little_as_a_network_service_can_be(tmp_path: Path) -> None:
    services = [str(executable_copy(tmp_path) / name) for name in SERVICES]
    options = ("--offline=true", "--no-pager", f"--threshold={EXPOSURE_MAX}")
    checked = analyze("security", *options, *services)
    assert checked.returncode == 0, [
        line for line in checked.stdout.splitlines() if "✗" in line or "→" in line
    ]


@pytest.mark.parametrize("unit", SERVICES)
def test_a_service_finds_its_secrets_by_the_names_of_the_settings(unit: str) -> None:
    assert set(credentials(unit)) == NEEDS[unit]
    assert values(unit, "LoadCredential") == [f"{name}:guichet.{name}" for name in credentials(unit)]


def test_a_typed_command_has_every_secret() -> None:
    text = (FOLDER / "guichet-command").read_text(encoding="utf-8")
    names = text.partition("for secret in")[2].partition("; do")[0]
    assert set(names.replace("\\", "").split()) == set(SECRETS)


def test_the_settings_in_the_file_are_settings_and_no_secrets() -> None:
    names = {name.lower() for name in dotenv_values(FOLDER / "guichet.env")}
    assert names <= set(Settings.model_fields) - set(SECRETS)


def test_only_the_services_folders_are_written_to(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in dotenv_values(FOLDER / "guichet.env").items():
        monkeypatch.setenv(name, value or "")
    settings = load_settings(env_file=None)
    assert settings.erasures_file is not None
    written = {str(Path(settings.attachments_url).parent), str(settings.erasures_file.parent)}
    for unit in SERVICES:
        folders = {f"/var/lib/{name}" for name in " ".join(values(unit, "StateDirectory")).split()}
        assert written <= folders, unit
        assert set(values(unit, "WorkingDirectory")) <= folders, unit


@pytest.mark.parametrize("unit", SERVICES)
def test_a_service_runs_guichet_as_its_own_user(unit: str) -> None:
    [user] = values(unit, "User")
    assert (FOLDER / "sysusers.d" / "guichet.conf").read_text(encoding="utf-8").startswith(f"u {user} ")
    assert values(unit, "EnvironmentFile") == ["/etc/guichet/guichet.env"]
    known = {
        command.name or command.callback.__name__ for command in app.registered_commands if command.callback
    }
    known |= {group.name for group in app.registered_groups if group.name}
    for line in values(unit, "ExecStart"):
        assert line.partition(f"{COMMAND} ")[2].split()[0] in known, line


def test_workers_and_backups_leave_the_processor_to_the_server() -> None:
    """Beside it, by weight: of the processes of other services `Nice=` says nothing (sched(7))."""
    weights = {unit: [int(each) for each in values(unit, "CPUWeight")] for unit in SERVICES}
    assert weights["guichet-web.service"] == weights["guichet-socket.service"] == []  # 100
    for unit in ("guichet-worker@.service", "guichet-backup.service"):
        [weight] = weights[unit]
        assert weight < 100
    assert values("guichet-worker@.service", "Slice") == ["system.slice"]
    assert not any(values(unit, "Nice") for unit in SERVICES)


def test_no_core_dump_has_the_secrets() -> None:
    assert values("guichet-.service.d/hardening.conf", "LimitCORE") == ["0"]


@pytest.mark.parametrize("unit", [*PROCESSES, "guichet-release.service", "guichet-backup.timer"])
def test_the_target_starts_and_stops_a_unit(unit: str) -> None:
    assert (values(unit, "WantedBy"), values(unit, "PartOf")) == (["guichet.target"], ["guichet.target"])


@pytest.mark.parametrize("unit", PROCESSES)
def test_a_process_may_end_its_work_before_it_is_killed(unit: str) -> None:
    [seconds] = values(unit, "TimeoutStopSec")
    assert int(seconds.removesuffix("s")) > STOP_SECONDS
