"""SQLite's file, in every state that it should not be in. It is not touched."""

import shutil
import sqlite3
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine

from bot.db.session import Sessions
from bot.ops.doctor import database as of_database
from bot.ops.doctor.context import CheckContext
from bot.ops.doctor.database import check_database
from bot.settings import Settings
from tests.support.databases import prepared_sqlite  # noqa: F401 (a fixture)

UNUSABLE = "DATABASE_URL: the database cannot be used: "
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def file(prepared_sqlite: Path, tmp_path: Path) -> Path:  # noqa: F811 (the fixture)
    """A sound database."""
    path = tmp_path / "var" / "copy.db"
    path.parent.mkdir()
    shutil.copy(prepared_sqlite, path)
    path.chmod(0o600)
    return path


def said(path: Path) -> list[tuple[str, str]]:
    """The sign and the text of each finding."""
    settings = Settings(_env_file=None, database_url=SecretStr(f"sqlite:///{path}"))
    with CheckContext(settings) as context:
        return [(each.sign, each.text) for each in check_database(context)]


def test_a_sound_file_is_one_line(file: Path) -> None:
    [(sign, words)] = said(file)
    assert sign == "ok"
    assert words.startswith("database: SQLite, revision ")


def without(path: Path) -> str:
    path.unlink()
    return f"DATABASE_URL: there is no file {path}: run `guichet migrate`, or correct the path"


def emptied(path: Path) -> str:
    path.write_bytes(b"")
    return "DATABASE_URL: the database is empty: run `guichet migrate`"


def another_file(path: Path) -> str:
    path.write_text("sites: []\n" * 200)
    advice = "name another file in DATABASE_URL, or put a backup in its place"
    return f"{UNUSABLE}file is not a database: {advice}"


def a_folder(path: Path) -> str:
    path.unlink()
    path.mkdir()
    return f"{UNUSABLE}unable to open database file: {path} is a folder: name a file in it"


def damaged(path: Path) -> str:
    content = path.read_bytes()
    path.write_bytes(content[:100] + b"\xff" * (len(content) - 100))
    advice = "the file is damaged: put the newest backup in its place"
    return f"{UNUSABLE}database disk image is malformed: {advice}"


def without_wal(path: Path) -> str:
    """As it stays where SQLite cannot share memory (sqlite.org, "Write-Ahead Logging")."""
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    connection.close()
    return (
        f"DATABASE_URL: {path.parent} does not allow SQLite's write-ahead log (journal mode delete): put the "
        "database on a local disk, not on a network share"
    )


def newer(path: Path) -> str:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'ffffffffffff'")
    connection.close()
    return (
        "DATABASE_URL: the database is newer than this version of Guichet (revision ffffffffffff is unknown "
        "here): install the newer version, or restore the backup made before the migration"
    )


@pytest.mark.parametrize(
    "make",
    [without, emptied, another_file, a_folder, damaged, without_wal, newer],
    ids=lambda make: make.__name__,
)
def test_a_file_that_cannot_be_used_is_one_failure(file: Path, make: Callable[[Path], str]) -> None:
    words = make(file)
    before = sorted(file.parent.iterdir()), file.exists() and file.is_file() and file.read_bytes()
    assert [text for sign, text in said(file) if sign == "FAIL"] == [words]
    beside = {file.with_name(f"{file.name}-{end}") for end in ("wal", "shm")}  # which a reader makes
    after = sorted(set(file.parent.iterdir()) - beside), file.is_file() and file.read_bytes()
    assert after == before


def test_a_file_that_may_not_be_written_says_so(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The permissions of files do not hold for root: SQLite is told not to write."""
    engine = create_engine(f"sqlite:///file:{file}?mode=ro&uri=true")
    monkeypatch.setattr(of_database, "create_db", lambda *_arguments, **_more: engine)
    assert said(file) == [
        (
            "FAIL",
            "DATABASE_URL: the database cannot be written to: attempt to write a readonly database: this "
            "user must be allowed to write the file and its folder, on a disk that can be written",
        )
    ]
    assert Sessions(engine)  # it could be read


@pytest.mark.parametrize(("free", "sign"), [(50, "FAIL"), (500, "warn")])
def test_little_space_on_the_disk_is_said(
    file: Path, monkeypatch: pytest.MonkeyPatch, free: int, sign: str
) -> None:
    usage = Usage(10**12, 10**12, free * 1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    words = f"DATABASE_URL: only {free} MB are free on the disk of {file.parent}: free some space"
    assert said(file)[-1] == (sign, words)


def test_a_file_that_others_can_read_is_a_warning(file: Path) -> None:
    file.chmod(0o644)
    words = f"{file}: other users of this machine may read it: `chmod 600 {file}`"
    assert ("warn", words) in said(file)


def test_a_file_that_cannot_be_opened_may_lie_on_a_full_disk(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    another_file(file)
    monkeypatch.setattr(of_database.shutil, "disk_usage", lambda _folder: Usage(1, 1, 0))
    assert (
        "FAIL",
        f"DATABASE_URL: only 0 MB are free on the disk of {file.parent}: free some space",
    ) in said(file)
