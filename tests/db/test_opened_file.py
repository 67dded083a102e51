"""A file of SQLite that is removed or replaced under a running process."""

import shutil
from pathlib import Path

import pytest

from bot.db.engine import create_db
from bot.db.refusals import RefusalReason
from bot.db.session import Sessions
from bot.db.write_trial import try_to_write
from tests.support.databases import prepared_sqlite  # noqa: F401 (a fixture)


@pytest.fixture
def file(prepared_sqlite: Path, tmp_path: Path) -> Path:  # noqa: F811 (the fixture)
    return Path(shutil.copy(prepared_sqlite, tmp_path / "desk.db"))


def test_what_is_written_to_a_file_that_is_no_longer_there_is_not_kept(file: Path) -> None:
    engine = create_db(f"sqlite:///{file}")
    try:
        sessions = Sessions(engine)
        assert try_to_write(sessions) is None
        elsewhere = file.rename(file.with_name("elsewhere.db"))
        refused = try_to_write(sessions)
        assert refused is not None
        assert refused.reason is RefusalReason.UNREACHABLE
        assert (
            refused.words == f"{file} was removed or replaced while it was in use: put it back, and restart"
        )
        shutil.copy(elsewhere, file)  # another file of this name
        assert try_to_write(sessions) == refused
        elsewhere.rename(file)
        assert try_to_write(sessions) is None
    finally:
        engine.dispose()
