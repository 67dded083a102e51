"""The file of erasures: whole lines, of several processes, of nobody's name."""

import json
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from bot.ops.erasures.file import PERSON, ErasuresFile
from bot.settings import SettingsError
from tests.support.factories import NOW

KEY = "k" * 32


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "erasures"
    path.touch(mode=0o600)
    return path


def append(path: Path, number: int) -> None:
    file = ErasuresFile(path, KEY)
    file.append(PERSON, NOW, digest=file.digest(f"U{number}", "T0UNIV"))


def test_a_line_names_nobody_and_is_recognised_with_the_key(path: Path) -> None:
    file = ErasuresFile(path, KEY)
    append(path, 1)
    [entry] = file.read()[0]
    assert (entry.kind, entry.at, entry.digest) == (PERSON, NOW, file.digest("U1", "T0UNIV"))
    assert file.digest("U1", "T0UNIV") != file.digest("U1", "T0OTHER")
    assert "U1" not in path.read_text()
    assert KEY not in path.read_text()


def test_processes_that_write_at_once_lose_no_line(path: Path) -> None:
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(append, [path] * 20, range(20)))
    assert len(ErasuresFile(path, KEY).read()[0]) == 20


def test_a_line_that_was_cut_off_is_left_out(path: Path) -> None:
    append(path, 1)
    with path.open("a") as half:
        half.write('{"kind": "per')
    assert len(ErasuresFile(path, KEY).read()[0]) == 1
    append(path, 2)
    assert len(ErasuresFile(path, KEY).read()[0]) == 2
    assert [json.loads(line)["kind"] for line in path.read_text().splitlines()] == [PERSON, PERSON]


def test_a_line_of_others_is_named(path: Path) -> None:
    append(path, 1)
    with path.open("a") as more:
        more.write("autre chose\n")
    with pytest.raises(SettingsError, match=r"^ERASURES_FILE: line 2 of .* is none that Guichet wrote"):
        ErasuresFile(path, KEY).read()


def test_a_file_that_cannot_be_read_is_named(path: Path) -> None:
    path.unlink()
    path.mkdir()
    with pytest.raises(SettingsError, match=r"^ERASURES_FILE: .* cannot be used: is a directory"):
        ErasuresFile(path, KEY).read()
