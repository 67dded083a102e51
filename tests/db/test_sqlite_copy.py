"""The copy of an SQLite database that `guichet run` takes before it migrates it."""

import os
import resource
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.cli import main
from bot.db.engine import WORKER_TIMEOUT, create_db
from bot.db.revisions import newest
from bot.db.session import Sessions
from bot.db.sqlite_copy import copy_before
from bot.delivery import periodic
from bot.ops.migrate import migrate
from bot.ops.release import prepare
from bot.settings import Settings, SettingsError
from models.base import utc_now
from tests.conftest import CATALOGUE
from tests.support.killing import in_a_process_of_its_own
from tests.support.migrations import FIRST, go_down, rows, stands_at, use


@pytest.fixture
def older(tmp_path: Path) -> Iterator[Engine]:
    """A used database of an earlier version."""
    engine = create_db(f"sqlite:///{tmp_path}/guichet.db", timeout=WORKER_TIMEOUT)
    use(engine)
    go_down(engine)
    yield engine
    engine.dispose()


def start(engine: Engine) -> None:
    """As `guichet run` does."""
    url = engine.url.render_as_string(hide_password=False)
    prepare(Settings(_env_file=None, database_url=url, catalogue=CATALOGUE))


def copies(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.before-*"))


def test_the_copy_is_the_database_as_it_was(
    older: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = rows(older)
    start(older)
    copy = tmp_path / f"guichet.db.before-{newest()}"
    assert str(copy) in capsys.readouterr().out
    assert stands_at(older) == newest()
    assert copies(tmp_path) == [copy.name]
    assert copy.stat().st_mode & 0o777 == 0o600
    copied = create_db(f"sqlite:///{copy}")
    assert (stands_at(copied), rows(copied)) == (FIRST, before)
    copied.dispose()


def test_no_copy_is_taken_of_an_empty_database_or_when_nothing_migrates(tmp_path: Path) -> None:
    engine = create_db(f"sqlite:///{tmp_path}/guichet.db")
    start(engine)
    start(engine)
    assert copies(tmp_path) == []


@pytest.mark.postgresql
def test_no_copy_is_taken_of_a_server(empty_postgresql_url: str) -> None:
    engine = create_db(empty_postgresql_url, timeout=WORKER_TIMEOUT)
    use(engine)
    go_down(engine)
    start(engine)
    assert stands_at(engine) == newest()
    engine.dispose()


def test_the_rest_of_a_killed_copy_is_replaced(older: Engine, tmp_path: Path) -> None:
    name = f"guichet.db.before-{newest()}"
    for leftover in (name, f"{name}.part"):
        (tmp_path / leftover).write_text("half of it")
    start(older)
    assert copies(tmp_path) == [name]
    with sqlite3.connect(tmp_path / name) as copied:
        assert copied.execute("SELECT count(*) FROM ticket").fetchone() == (3,)
    copied.close()


def test_no_write_is_possible_between_the_copy_and_the_migration(
    older: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_and_copy(engine: Engine, revision: str) -> Path | None:
        other = sqlite3.connect(str(engine.url.database), timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("UPDATE ticket SET title = 'Autre chose'")
        other.close()
        return copy_before(engine, revision)

    monkeypatch.setattr("bot.ops.release.copy_before", write_and_copy)
    start(older)
    assert stands_at(older) == newest()


def test_without_room_for_the_copy_nothing_is_migrated(
    older: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(older)
    older.dispose()
    said = tmp_path / "said"
    monkeypatch.setenv("DATABASE_URL", str(older.url))
    monkeypatch.setenv("CATALOGUE", str(CATALOGUE))
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")

    def run() -> None:
        with said.open("w", encoding="utf-8") as output:
            os.dup2(output.fileno(), 2)
            monkeypatch.setattr("sys.stderr", output)
            resource.setrlimit(resource.RLIMIT_FSIZE, (40_960, resource.RLIM_INFINITY))  # getrlimit(2)
            try:
                main(["run"])
            except SystemExit as ended:
                output.flush()
                os._exit(int(str(ended.code)))

    assert in_a_process_of_its_own(run) == 2
    line = said.read_text(encoding="utf-8")
    assert line.startswith("guichet: DATABASE_URL: could not write the backup ")
    assert f"guichet.db.before-{newest()}" in line
    assert "MB are free there" in line
    assert line.count("\n") == 1
    assert copies(tmp_path) == []
    assert (stands_at(older), rows(older)) == (FIRST, before)


def work(engine: Engine) -> None:
    """As a worker does that has run for long."""
    sessions = Sessions(engine)
    periodic.run_due(sessions, now=utc_now())  # notes the jobs
    assert "delete_old_backups" in periodic.run_due(sessions, now=utc_now())


@pytest.mark.parametrize("begin", [start, work])
def test_a_copy_is_removed_after_seven_days(begin: Callable[[Engine], None], tmp_path: Path) -> None:
    engine = create_db(f"sqlite:///{tmp_path}/guichet.db", timeout=WORKER_TIMEOUT)
    migrate(engine)
    for days in (6, 8):
        path = tmp_path / f"guichet.db.before-{days}"
        path.touch()
        then = (utc_now() - timedelta(days=days)).timestamp()
        os.utime(path, (then, then))
    begin(engine)
    assert copies(tmp_path) == ["guichet.db.before-6"]
    engine.dispose()


def test_a_copy_that_cannot_be_written_is_a_plain_error(older: Engine, tmp_path: Path) -> None:
    (tmp_path / f"guichet.db.before-{newest()}").mkdir()
    with pytest.raises(SettingsError, match="Nothing was migrated"):
        copy_before(older, newest())
