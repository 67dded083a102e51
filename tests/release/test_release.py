"""`make release` refuses what could not be built again, or would surprise an administrator."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.version import version
from tests.conftest import ROOT

NEEDED = (".ci/release", "pyproject.toml", "CHANGELOG.md")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with the files that are looked at, all of them committed."""
    for name in NEEDED:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    git(tmp_path, "init", "--quiet")
    commit(tmp_path)
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    name = ("-c", "user.name=A", "-c", "user.email=a@univ.example")
    subprocess.run(["git", *name, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "All")


def refusal(folder: Path) -> str:
    command = [folder / ".ci" / "release"]
    python = os.path.relpath(Path(sys.executable).parent, folder)
    environment = os.environ | {"BIN": python}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert not (folder / "dist").exists()
    return ended.stderr


def test_a_change_that_is_not_committed(checkout: Path) -> None:
    (checkout / "CHANGELOG.md").write_text("# Changelog\n")
    assert refusal(checkout) == "make release: commit or put aside what is not committed: 1 file(s)\n"


def test_a_version_without_its_section(checkout: Path) -> None:
    (checkout / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n")
    commit(checkout)
    said = refusal(checkout)
    assert f"CHANGELOG.md has no section “## {version()} - YYYY-MM-DD”" in said


def test_what_cannot_be_built_is_said_in_the_builders_words(checkout: Path) -> None:
    said = refusal(checkout)  # it has no packages
    assert "README.md" in said
    assert said.splitlines()[-1] == "make release: hatchling failed, with the words above"
