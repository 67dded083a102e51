"""What Prometheus itself says of its files: they are valid, and each alert fires when it should."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.observability.alerts.files import CASES, DEPLOYED


def run(package: str, *command: str | Path) -> None:
    """Run a program of a Debian package; skip where it is missing."""
    if shutil.which(str(command[0])) is None:
        pytest.skip(f"{command[0]} is missing: install the Debian package {package}")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_rules_and_the_example_that_loads_them_are_valid() -> None:
    run("prometheus", "promtool", "check", "rules", "--lint-fatal", DEPLOYED / "rules.yaml")
    run("prometheus", "promtool", "check", "config", DEPLOYED / "prometheus.yml")


def test_the_example_for_alertmanager_is_valid() -> None:
    run("prometheus-alertmanager", "amtool", "check-config", DEPLOYED / "alertmanager.yml")


@pytest.mark.parametrize("cases", CASES, ids=lambda path: path.stem)
def test_each_rule_does_what_its_cases_say(cases: Path) -> None:
    run("prometheus", "promtool", "test", "rules", cases)
