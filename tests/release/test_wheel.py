"""A wheel has all that Guichet needs outside of its checkout."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.version import version
from tests.architecture.modules import PACKAGES
from tests.conftest import ROOT

RUN_ALL = """
import sys
from bot.cli import main
for command in sys.argv[1:]:
    try:
        main(command.split())
    except SystemExit as end:
        sys.stderr.flush()
        print(end.code, flush=True)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a wheel of this version is unpacked into."""
    built, unpacked = tmp_path_factory.mktemp("built"), tmp_path_factory.mktemp("unpacked")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    [path] = built.glob("*.whl")
    with ZipFile(path) as archive:
        archive.extractall(unpacked)
    return unpacked


def files_of(folder: Path) -> set[str]:
    paths = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {str(path.relative_to(folder)) for path in paths}


def said(wheel: Path, folder: Path, *commands: str) -> list[str]:
    """What commands print, one after the other in one process, each with its exit status after it."""
    ended = subprocess.run(
        [sys.executable, "-c", RUN_ALL, *commands],
        env={"PYTHONPATH": str(wheel)},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    return ended.stdout.splitlines()


def test_it_has_every_file_of_the_packages_and_the_examples(wheel: Path) -> None:
    for package in PACKAGES:
        expected = {name for name in files_of(ROOT / package) if not name.endswith(".po")}
        inside = {name for name in files_of(wheel / package) if not name.startswith("examples/")}
        assert inside == expected, package
    examples = {
        "catalogue.yaml",
        ".env.example",
        *(f"articles/{name}" for name in files_of(ROOT / "articles")),
    }
    assert files_of(wheel / "bot" / "examples") == examples
    assert (wheel / "blocks/locale/fr/LC_MESSAGES/guichet.mo").stat().st_size > 100_000


def test_it_starts_a_desk_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    commands = ("--version", "catalogue check", "init", "catalogue check")
    first, *lines = said(wheel, tmp_path, *commands)
    assert (first, lines[0]) == (f"guichet {version()}", "0")
    assert lines[1].startswith("guichet: catalogue.yaml: there is no such file — `guichet init` writes")
    assert lines[2] == "2"
    assert lines[3:6] == ["catalogue.yaml: written", ".env.example: written", "articles: written"]
    assert lines[-2].endswith("8 articles: no problems")
    assert lines[-1] == "0"
    assert (tmp_path / "catalogue.yaml").read_bytes() == (ROOT / "catalogue.yaml").read_bytes()
