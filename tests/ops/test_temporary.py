"""No temporary folder stays: not those of killed processes either."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from bot.temporary import temporary_folder
from tests.conftest import ROOT

HOLDS_ONE = """
import sys
from bot.temporary import temporary_folder
with temporary_folder("guichet-test-") as folder:
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def folder_of_temporary_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """TMPDIR, empty."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))


def test_the_folder_of_a_killed_process_is_removed_by_the_next_one() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS_ONE],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        held = Path(process.stdout.readline().strip())
        with temporary_folder("guichet-test-") as ours:
            assert held.is_dir()
            assert ours.stat().st_mode & 0o777 == 0o700
        assert not ours.exists()
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert held.is_dir()
        with temporary_folder("guichet-test-"):
            assert not held.exists()


def test_what_a_link_points_to_and_what_has_another_name_stays(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (tmp_path / "guichet-test-link").symlink_to(other)
    (tmp_path / "guichet-test-file").touch()
    with temporary_folder("guichet-test-"):
        pass
    assert {path.name for path in tmp_path.iterdir()} == {"other", "guichet-test-link", "guichet-test-file"}
