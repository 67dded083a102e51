"""The database, in every state that it should not be in."""

import pytest
from pydantic import SecretStr
from sqlalchemy import make_url, text

from bot.db.pooler import REFUSAL
from bot.db.revisions import newest
from bot.ops.doctor import database as of_database
from tests.support import database_faults
from tests.support.doctor import said
from tests.support.help_desk import Desk
from tests.support.migrations import FIRST
from tests.support.postgres import connect

UNUSABLE = "DATABASE_URL: the database cannot be used: "


def failures(desk: Desk) -> list[str]:
    """What is wrong with the desk's database."""
    return [words for sign, words in said(desk.settings, "database") if sign == "FAIL"]


def test_a_sound_database_is_one_line(desk: Desk) -> None:
    [line, *private] = said(desk.settings, "database")
    kind = "SQLite" if desk.settings.on_sqlite else "PostgreSQL"
    assert line[0] == "ok"
    assert line[1].startswith(f"database: {kind}, revision ")
    assert all(sign == "warn" and "chmod 600" in words for sign, words in private)


def test_a_database_that_is_down_or_refuses_us(desk: Desk) -> None:
    with desk.lost_database():
        [line] = failures(desk)
    assert line.startswith(UNUSABLE)


@pytest.mark.postgresql
def test_a_wrong_password_is_said_with_what_to_do(desk: Desk, postgresql_server: str) -> None:
    with connect(postgresql_server, "postgres") as server:
        server.execute("CREATE ROLE guest PASSWORD 'right'")  # without the right to log in
        try:
            url = make_url(postgresql_server).set(username="guest", password="s3cret", database="postgres")
            changed = {"database_url": SecretStr(url.render_as_string(hide_password=False))}
            [(sign, words)] = said(desk.settings, "database", **changed)
        finally:
            server.execute("DROP ROLE guest")
    assert sign == "FAIL"
    assert words.startswith(UNUSABLE)
    assert "guest" in words
    assert "s3cret" not in words


def test_a_database_of_another_version(desk: Desk) -> None:
    older = "UPDATE alembic_version SET version_num = '{}'"
    with desk.sessions.begin() as session:
        session.execute(text(older.format(FIRST)))
    try:
        [line] = failures(desk)
    finally:
        with desk.sessions.begin() as session:
            session.execute(text(older.format(newest())))
    assert line.startswith("DATABASE_URL: the database is older than this version of Guichet")


def test_a_database_that_takes_no_writes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = desk.sessions.kw["bind"]
    monkeypatch.setattr(of_database, "create_db", lambda *_arguments, **_more: engine)
    with database_faults.refusing_writes(engine) as words:
        [line] = failures(desk)
    assert line.startswith(f"DATABASE_URL: the database cannot be written to: {words}")
    if desk.settings.on_sqlite:
        assert line.endswith("disk is full: free some space")


def test_a_database_that_somebody_holds(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_database, "TIMEOUT", 0.2)
    with desk.locked_database():
        [line] = failures(desk)
    assert line.startswith("DATABASE_URL: the database cannot be written to: ")


def test_a_pooler_that_passes_connections_on_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_database, "passes_connections_on", lambda _engine: True)
    expected = [] if desk.settings.on_sqlite else [REFUSAL]
    assert failures(desk) == expected
