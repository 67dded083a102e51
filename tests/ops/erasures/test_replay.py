"""A restored backup ends with everybody erased who was, before anybody is served."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import Engine, select, text

from bot.context.actor import person_by_slack_id
from bot.ops.database import require_this_version
from bot.ops.erasures import replay
from bot.ops.erasures.command import Wish
from bot.ops.erasures.lists import remember_list
from bot.settings import Settings, SettingsError
from models.base import Base
from models.retention.retention_list import RetentionList
from tests.ops.erasures.conftest import erase_person
from tests.support.factories import make_person
from tests.support.use_case_desk import NOW, SmallDesk, at_once


class Backup:
    """A copy of a database, to be put back: SQLite's file, PostgreSQL's rows."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._file = engine, sqlite3.connect(":memory:")
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                connection.connection.dbapi_connection.backup(self._file)  # type: ignore[union-attr]
                return
            self._rows = {
                table: [dict(row) for row in connection.execute(table.select()).mappings()]
                for table in Base.metadata.sorted_tables
            }

    def close(self) -> None:
        self._file.close()

    def restore(self) -> None:
        """Put it back."""
        with self._engine.begin() as connection:
            if self._engine.dialect.name == "sqlite":
                self._file.backup(connection.connection.dbapi_connection)  # type: ignore[arg-type]
                return
            connection.execute(text("SET LOCAL session_replication_role = replica"))  # as pg_restore does
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(table.delete())
            for table, rows in self._rows.items():
                if rows:
                    connection.execute(table.insert(), rows)


@pytest.fixture
def backup(on_disk: SmallDesk) -> Iterator[Backup]:
    """Of the desk with a ticket of Camille's."""
    on_disk.open(on_disk.draft("Aiguille"))
    with closing(Backup(on_disk.sessions.kw["bind"])) as backup:
        yield backup


def known(desk: SmallDesk, slack_id: str) -> bool:
    with desk.sessions() as session:
        return person_by_slack_id(session, slack_id) is not None


def test_a_restored_backup_ends_with_the_person_erased(
    on_disk: SmallDesk, settings: Settings, backup: Backup
) -> None:
    erase_person(settings, Wish("U0CAMILLE", "U0CAMILLE", with_open_tickets=True))
    backup.restore()
    assert known(on_disk, "U0CAMILLE")
    require_this_version(settings)
    assert not known(on_disk, "U0CAMILLE")
    assert known(on_disk, "U0LEA")


def test_an_erasure_that_was_interrupted_goes_on_at_the_next_start(
    on_disk: SmallDesk, settings: Settings, backup: Backup, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(replay, "erase", lambda *_given: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            erase_person(settings, Wish("U0CAMILLE", "U0CAMILLE", with_open_tickets=True))
    assert known(on_disk, "U0CAMILLE")
    require_this_version(settings)
    assert not known(on_disk, "U0CAMILLE")


def test_who_came_back_after_their_erasure_is_not_erased_again(
    on_disk: SmallDesk, settings: Settings
) -> None:
    erase_person(settings, Wish("U0KARIM", "U0KARIM"))
    with on_disk.sessions.begin() as session:
        session.add(make_person("Karim", met_at=NOW.replace(year=2100)))
    erase_person(settings, Wish("U0LEA", "U0LEA"))  # the file changes, and all of it is read
    with on_disk.sessions.begin() as session:
        session.query(replay.ErasureReplay).delete()
    require_this_version(settings)
    assert known(on_disk, "U0KARIM")


def test_nothing_is_read_again_when_the_database_is_up_to_date(
    on_disk: SmallDesk, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    erase_person(settings, Wish("U0KARIM", "U0KARIM"))
    monkeypatch.setattr(replay, "apply", None)
    require_this_version(settings)


def test_no_process_serves_without_the_file_or_its_key(
    on_disk: SmallDesk, settings: Settings, backup: Backup
) -> None:
    erase_person(settings, Wish("U0KARIM", "U0KARIM"))
    for missing in ("erasures_file", "erasures_key"):
        with pytest.raises(SettingsError, match=f"^{missing.upper()}: missing, though people were erased"):
            require_this_version(settings.model_copy(update={missing: None}))
    assert settings.erasures_file
    settings.erasures_file.unlink()
    backup.restore()
    with pytest.raises(SettingsError, match=r"^ERASURES_FILE: there is no file .*: put the newest copy back"):
        require_this_version(settings)


def test_a_list_of_retention_that_was_approved_since_is_approved_again(
    on_disk: SmallDesk, settings: Settings, backup: Backup
) -> None:
    long_ago = NOW.replace(year=2020)
    made = RetentionList(
        tickets_before=long_ago, files_before=long_ago, lines=[], made_at=NOW, approved_at=NOW
    )
    with on_disk.sessions.begin() as session:
        session.add(made)
        session.flush()
        remember_list(settings, made)
    backup.restore()
    assert on_disk.count(RetentionList) == 0
    require_this_version(settings)
    with on_disk.sessions() as session:
        assert session.scalars(select(RetentionList.approved_at)).all() == [NOW]


def test_of_processes_that_start_at_once_one_erases_and_none_serves_before(
    on_disk: SmallDesk, settings: Settings, backup: Backup
) -> None:
    erase_person(settings, Wish("U0CAMILLE", "U0CAMILLE", with_open_tickets=True))
    backup.restore()

    def start() -> bool:
        require_this_version(settings)
        return known(on_disk, "U0CAMILLE")

    assert at_once([start, start]) == [False, False]
