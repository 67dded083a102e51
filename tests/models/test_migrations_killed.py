"""Migrations cut short, or begun by several processes at once: all of it happens, once, or nothing."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from bot.db import migration as migrating
from bot.db.engine import WORKER_TIMEOUT, create_db
from bot.db.revisions import newest
from bot.ops.migrate import migrate
from bot.settings import SettingsError
from models.base import Base
from tests.support.killing import in_a_process_of_its_own, kill_at_each_tenth_statement
from tests.support.migrations import FIRST, differences, go_down, refreshed_rows, rows, stands_at, use


def test_a_killed_migration_leaves_the_database_as_it_was(empty: Engine) -> None:
    """And the next one finds its way, with all that was kept."""
    use(empty)
    newer = rows(empty)
    go_down(empty)
    older = rows(empty)
    killed = kill_at_each_tenth_statement(empty, lambda: stands_at(empty) == FIRST and rows(empty) == older)
    assert killed >= 5
    assert (stands_at(empty), refreshed_rows(empty), differences(empty)) == (newest(), newer, [])


def test_a_killed_first_migration_leaves_nothing(empty: Engine) -> None:
    killed = kill_at_each_tenth_statement(empty, lambda: stands_at(empty) is None and rows(empty) == {})
    assert killed >= 5
    assert (stands_at(empty), differences(empty)) == (newest(), [])


def test_a_full_disk_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    """Whichever page is the one too many."""
    engine = create_db(f"sqlite:///{tmp_path}/a.db", timeout=WORKER_TIMEOUT)
    use(engine)
    newer = rows(engine)
    go_down(engine)
    with engine.connect() as connection:
        connection.execute(text("VACUUM"))
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    older = rows(engine)
    engine.dispose()
    refused = 0
    while error := migrate_in(engine, pages + 8 * refused):
        assert "database or disk is full" in error
        assert (stands_at(engine), rows(engine)) == (FIRST, older)
        refused += 1
    assert refused > 0
    assert (stands_at(engine), refreshed_rows(engine), differences(engine)) == (newest(), newer, [])
    engine.dispose()


def migrate_in(engine: Engine, pages: int) -> str:
    """Migrate a file with a limited number of pages. Returns the error, if any."""
    limited = create_db(str(engine.url))
    event.listen(limited, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count = {pages}"))
    try:
        migrate(limited)
    except SettingsError as error:
        return str(error)
    finally:
        limited.dispose()
    return ""


def test_of_four_at_once_one_migrates_and_the_others_wait_for_it(empty: Engine) -> None:
    use(empty)
    newer = rows(empty)
    go_down(empty)
    url = empty.url.render_as_string(hide_password=False)
    empty.dispose()

    def one(_: int) -> int:
        return in_a_process_of_its_own(lambda: migrate(create_db(url, timeout=0.01)))

    with ThreadPoolExecutor(4) as processes:
        assert list(processes.map(one, range(4))) == [0] * 4
    assert (stands_at(empty), refreshed_rows(empty), differences(empty)) == (newest(), newer, [])


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_migration_that_breaks_a_reference_is_undone(
    empty: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Foreign keys are not looked at while tables are made anew: all are, before the commit."""
    use(empty)

    def lose(config: Any, _revision: str) -> None:
        config.attributes["connection"].execute(text("DELETE FROM person"))

    monkeypatch.setattr("bot.ops.migrate.command.upgrade", lose)
    before = rows(empty)
    with pytest.raises(SettingsError, match=r"would break foreign keys .* of ticket to person"):
        migrate(empty)
    assert rows(empty) == before


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_reference_that_was_broken_before_does_not_stop_a_migration(empty: Engine) -> None:
    use(empty)
    go_down(empty)
    with sqlite3.connect(str(empty.url.database)) as shell:  # its foreign keys are off by default
        shell.execute("UPDATE ticket SET assignee_id = 4711 WHERE id = 1")
    shell.close()
    migrate(empty)
    assert differences(empty) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_connection_is_as_before_after_a_migration(empty: Engine) -> None:
    asked = ("foreign_keys", "busy_timeout", "journal_mode")

    def revision_of() -> list[object]:
        with empty.connect() as connection:
            raw: Any = connection.connection.dbapi_connection
            said = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in asked]
            return [*said, raw.isolation_level, raw.in_transaction]

    before = revision_of()
    migrate(empty)
    assert revision_of() == before


def test_a_database_that_stays_locked_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "SQLITE_TIMEOUT", 0)
    engine = create_db(f"sqlite:///{tmp_path}/a.db", timeout=0.01)
    Base.metadata.create_all(engine)
    with sqlite3.connect(tmp_path / "a.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Exception, match="database is locked"):
            migrate(engine)
    other.close()
    engine.dispose()
