"""What `guichet doctor` says of the file of erasures."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.db.session import Sessions
from bot.ops.database import open_engine
from bot.ops.erasures.file import PERSON, ErasuresFile
from bot.settings import Settings
from models.base import utc_now
from tests.support.databases import ON_SQLITE_ONLY
from tests.support.doctor import said
from tests.support.factories import make_person

KEY = SecretStr("k" * 32)
pytestmark = ON_SQLITE_ONLY


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An empty file in a folder of its own."""
    path = tmp_path / "apart" / "erasures"
    path.parent.mkdir()
    path.touch(mode=0o600)
    return path


def found(settings: Settings, file: Path | None, key: SecretStr | None = KEY) -> list[tuple[str, str]]:
    return said(settings, "erasures", erasures_file=file, erasures_key=key)


def test_a_file_apart_is_well(settings: Settings, file: Path) -> None:
    assert found(settings, file) == [("ok", f"erasures: remembered in {file}, lines: 0")]


def test_without_the_settings_nobody_can_be_erased(settings: Settings, file: Path) -> None:
    [(sign, text)] = found(settings, file, None)
    assert (sign, "nobody can be erased" in text) == ("warn", True)


def test_a_file_that_is_missing_or_readable_by_others_is_named(settings: Settings, file: Path) -> None:
    file.chmod(0o644)
    assert found(settings, file)[0] == (
        "warn",
        f"{file}: other users of this machine may read it: `chmod 600 {file}`",
    )
    file.unlink()
    [(sign, text)] = found(settings, file)
    assert (sign, text.startswith(f"ERASURES_FILE: there is no file {file}")) == ("FAIL", True)


@pytest.mark.parametrize("beside", ["attachments", "database"])
def test_a_file_that_is_restored_with_other_data_is_refused(settings: Settings, beside: str) -> None:
    database = Path(settings.database_url.get_secret_value().removeprefix("sqlite:///")).parent
    folder = database if beside == "database" else Path(settings.attachments_url)
    folder.mkdir(exist_ok=True)
    path = folder / "erasures"
    path.touch(mode=0o600)
    try:
        assert found(settings, path)[0][0] == "FAIL"
    finally:
        path.unlink()


def test_another_key_is_refused(settings: Settings, file: Path) -> None:
    ErasuresFile(file, KEY.get_secret_value()).append(PERSON, utc_now(), digest="0" * 64)
    [(sign, text)] = found(settings, file, SecretStr("x" * 32))
    assert (sign, text.startswith("ERASURES_KEY: ")) == ("FAIL", True)


def test_a_restored_database_is_behind_the_file(settings: Settings, file: Path) -> None:
    ErasuresFile(file, KEY.get_secret_value()).append(PERSON, utc_now(), digest="0" * 64)
    [(sign, text)] = found(settings, file)
    assert (sign, "this database is behind ERASURES_FILE" in text) == ("warn", True)


def test_an_older_copy_of_the_file_is_named(settings: Settings, file: Path) -> None:
    ErasuresFile(file, KEY.get_secret_value()).append(PERSON, utc_now(), digest="0" * 64)
    with open_engine(settings) as engine, Sessions(engine).begin() as session:
        for number in (1, 2):
            session.add(make_person(f"Erased {number}", slack_id=f"person:{number}", erased_at=utc_now()))
    [(sign, text)] = found(settings, file)
    assert (sign, "names 1 people, though 2 were erased" in text) == ("FAIL", True)
