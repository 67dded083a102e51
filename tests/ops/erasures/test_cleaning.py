"""What the files of the database hold once somebody was erased."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url, text

from bot.ops.erasures.command import Wish
from bot.settings import Settings
from models.lifecycle import Action
from models.personal_data.columns import PERSONAL
from tests.ops.erasures.conftest import erase_person
from tests.support.databases import ON_POSTGRESQL_ONLY, ON_SQLITE_ONLY
from tests.support.use_case_desk import SmallDesk

NEEDLES = (b"zqaiguille", b"camille@univ.example", b"U0CAMILLE")


def fill(desk: SmallDesk) -> None:
    """Tickets that say a word which nothing else says."""
    camille = desk.actor("camille")
    for number in range(20):
        ticket = desk.open(desk.draft(f"Zqaiguille {number}", description="zqaiguille " * 50))
        desk.act(ticket, Action.COMMENT, camille, "Encore zqaiguille")


def found_in(files: Iterator[bytes]) -> set[bytes]:
    content = b"".join(files).lower()
    return {each for each in NEEDLES if each.lower() in content}


@ON_SQLITE_ONLY
def test_sqlites_files_hold_nothing_of_them(on_disk: SmallDesk, settings: Settings) -> None:
    fill(on_disk)
    path = Path(make_url(settings.database_url.get_secret_value()).database or "")
    assert found_in(each.read_bytes() for each in path.parent.glob(f"{path.name}*")) == {*NEEDLES}
    erase_person(settings, Wish("U0CAMILLE", "U0CAMILLE", with_open_tickets=True))
    assert found_in(each.read_bytes() for each in path.parent.glob(f"{path.name}*")) == set()


@ON_SQLITE_ONLY
def test_a_reader_who_keeps_the_log_is_named(
    on_disk: SmallDesk, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    engine: Engine = on_disk.sessions.kw["bind"]
    with engine.connect() as reader:
        reader.exec_driver_sql("BEGIN")
        reader.exec_driver_sql("SELECT * FROM person").all()
        erase_person(settings, Wish("U0KARIM", "U0KARIM"))
        assert "a reader keeps the write-ahead log" in capsys.readouterr().out
        reader.exec_driver_sql("ROLLBACK")


def files_of(engine: Engine) -> Iterator[bytes]:
    """The files of all tables and indexes, as PostgreSQL's superuser reads them."""
    files = (
        "SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class "
        "WHERE relkind IN ('r', 'i', 't') "
        "AND relnamespace IN ('public'::regnamespace, 'pg_toast'::regnamespace)"
    )
    with engine.connect() as connection:
        connection.execute(text("CHECKPOINT"))
        for (content,) in connection.execute(text(files)):
            yield bytes(content)


@ON_POSTGRESQL_ONLY
def test_postgresqls_files_hold_nothing_of_them_after_they_are_written_anew(
    on_disk: SmallDesk, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(on_disk)
    engine: Engine = on_disk.sessions.kw["bind"]
    assert found_in(files_of(engine)) == {*NEEDLES}
    erase_person(settings, Wish("U0CAMILLE", "U0CAMILLE", with_open_tickets=True, rewrite=True))
    assert "PostgreSQL: VACUUM FULL of " in capsys.readouterr().out
    assert found_in(files_of(engine)) == set()


@ON_POSTGRESQL_ONLY
def test_postgresqls_statistics_quote_nothing_of_them(on_disk: SmallDesk, settings: Settings) -> None:
    fill(on_disk)
    karim = on_disk.actor("karim")
    ticket = on_disk.open(on_disk.draft("Écran noir"), by=karim)
    on_disk.act(ticket, Action.COMMENT, karim, "Toujours noir")  # ANALYZE passes empty tables over
    engine: Engine = on_disk.sessions.kw["bind"]
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    assert found_in(statistics_of(engine)) == {*NEEDLES}
    erase_person(settings, Wish("U0CAMILLE", "U0CAMILLE", with_open_tickets=True))
    assert found_in(statistics_of(engine)) == set()


def statistics_of(engine: Engine) -> Iterator[bytes]:
    """What the planner knows of the values in columns."""
    values = "SELECT concat_ws(' ', most_common_vals, most_common_elems, histogram_bounds) FROM pg_stats"
    with engine.connect() as connection:
        for value in connection.scalars(text(f"{values} WHERE schemaname = 'public'")):
            yield value.encode()


@ON_POSTGRESQL_ONLY
def test_every_table_with_personal_data_is_vacuumed(on_disk: SmallDesk, settings: Settings) -> None:
    engine: Engine = on_disk.sessions.kw["bind"]
    erase_person(settings, Wish("U0CAMILLE", "U0CAMILLE"))
    done = "SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public' AND last_vacuum IS NOT NULL"
    with engine.connect() as connection:
        assert {*PERSONAL} <= {*connection.scalars(text(done))}


@ON_POSTGRESQL_ONLY
def test_who_still_sees_deleted_rows_is_named(
    on_disk: SmallDesk, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    engine: Engine = on_disk.sessions.kw["bind"]
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as reader:
        reader.execute(text("SELECT count(*) FROM person"))
        erase_person(settings, Wish("U0KARIM", "U0KARIM"))
    assert "which stay until they end: 1: run `guichet person clean` then" in capsys.readouterr().out
