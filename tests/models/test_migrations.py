"""Migrations: up from empty they make what the models say, and down to nothing they leave nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.orm import Session

import models  # noqa: F401 (registers the tables)
from bot.db.engine import WORKER_TIMEOUT, create_db
from bot.ops.migrate import migrate
from bot.services.search import search
from bot.services.search_refresh import refresh_search
from models.base import Base
from models.lifecycle import Action
from models.outbox.message_reference import FormerMessageReference
from models.outbox.schedule import Periodic
from models.search.index import is_modelled
from models.tickets.ticket import Ticket
from tests.conftest import ROOT
from tests.support.factories import create_message_reference
from tests.support.migrations import FIRST, VERSION, differences, go_down, refreshed_rows, rows, use
from tests.support.scenarios import reply
from tests.support.service_levels import TARGETS
from tests.support.use_case_desk import SmallDesk

INDEXES = {
    # With the triggers and the virtual table of the search, without what SQLite makes by itself.
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL "
    "OR sql LIKE 'CREATE VIRTUAL%'",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
}
# Tables and columns of the first revision, under the names that they have now.
RENAMED = {
    "post": "message_reference",
    "folded": "search_text",
    "home_place": "home_state",
    "settled_at": "completed_at",
}

# Tables and columns of the first revision by their present names.
RENAMED = {
    "post": "message_reference",
    "gone_post": "former_message_reference",
    "folded": "search_text",
    "is_grouped": "is_outage_child",
    "home_place": "home_state",
    "settled_at": "completed_at",
}


@pytest.fixture
def as_modelled(empty: Engine, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of the same sort, made from the models."""
    on_sqlite = empty.dialect.name == "sqlite"
    url = f"sqlite:///{tmp_path}/b.db" if on_sqlite else request.getfixturevalue("postgresql_tables")
    engine = create_db(url, timeout=WORKER_TIMEOUT)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


def tables(engine: Engine) -> set[str]:
    return {name for name in inspect(engine).get_table_names() if is_modelled(name)} - {VERSION}


def indexes(engine: Engine) -> dict[str, str]:
    """Every index by name, with its own SQL: what it is on, and under which condition."""
    with engine.connect() as connection:
        found = connection.execute(text(INDEXES[engine.dialect.name])).all()
    return {name: " ".join(sql.split()) for name, sql in found if VERSION not in name}


def test_up_from_empty_makes_what_the_models_say(empty: Engine) -> None:
    migrate(empty)
    assert differences(empty) == []
    assert tables(empty) == set(Base.metadata.tables)


def test_up_from_empty_makes_the_same_indexes_as_the_models(empty: Engine, as_modelled: Engine) -> None:
    migrate(empty)
    assert indexes(empty) == indexes(as_modelled)
    assert any("WHERE" in sql for sql in indexes(empty).values())
    assert any("ticket_search" in name for name in indexes(empty))


def test_down_to_base_leaves_nothing(empty: Engine) -> None:
    migrate(empty)
    migrate(empty, "base")
    assert inspect(empty).get_table_names() == [VERSION]
    assert indexes(empty) == {}
    with empty.connect() as connection:
        assert connection.execute(text(f"SELECT * FROM {VERSION}")).all() == []


def test_up_down_and_up_again_is_up(empty: Engine) -> None:
    migrate(empty)
    before = indexes(empty)
    migrate(empty, "base")
    migrate(empty)
    assert (tables(empty), indexes(empty)) == (set(Base.metadata.tables), before)


def test_up_twice_keeps_what_is_there(empty: Engine) -> None:
    migrate(empty)
    with empty.begin() as connection:
        connection.execute(text("INSERT INTO channel_reading VALUES ('C1', '2026-11-23 09:00:00+00:00')"))
    migrate(empty)
    with empty.connect() as connection:
        assert connection.execute(text("SELECT channel FROM channel_reading")).scalars().all() == ["C1"]


@pytest.mark.postgresql
def test_a_migration_may_take_as_long_as_it_takes(
    empty_postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index on a million rows takes longer than any statement of the desk may."""
    waited = list[bool]()

    def wait(config: Config, _revision: str) -> None:
        config.attributes["connection"].execute(text("SELECT pg_sleep(0.8)"))
        waited.append(True)

    monkeypatch.setattr(command, "upgrade", wait)
    engine = create_db(empty_postgresql_url, timeout=0.5)
    migrate(engine)
    engine.dispose()
    assert waited


@pytest.fixture
def used(empty: Engine) -> SmallDesk:
    """A desk that has been used."""
    return use(empty)


def test_what_was_kept_survives_each_step_down_and_up(empty: Engine, used: SmallDesk) -> None:
    before = rows(empty)
    assert len(before["ticket"]) == 3
    assert before["event"]
    assert before["delivery"]
    go_down(empty, FIRST)
    first = rows(empty)
    assert "due_at" not in first["ticket"][0]
    for table, kept in first.items():
        now = before[RENAMED.get(table, table)]
        assert kept == [{name: row[RENAMED.get(name, name)] for name in kept[0]} for row in now]
    migrate(empty)
    assert refreshed_rows(empty) == before


def test_tickets_of_the_first_revision_get_what_the_model_would_have_written(
    empty: Engine, used: SmallDesk
) -> None:
    go_down(empty, FIRST)
    migrate(empty)
    with used.sessions() as session:
        for ticket in session.scalars(select(Ticket)):
            assert ticket.due_at == ticket.opened_at + TARGETS[ticket.priority]
            assert ticket.state_event == ticket.event_count


def test_earlier_tickets_are_found_by_all_that_is_theirs_once_they_are_refreshed(
    empty: Engine, used: SmallDesk
) -> None:
    karim = used.actor("karim", "assistance")
    reply(used, used.open(), karim, "Le toner arrive demain")
    go_down(empty, "6b0e94d2f7c5")
    with empty.begin() as connection:
        connection.execute(text("UPDATE ticket SET search_text = 'imprimante en panne'"))
    migrate(empty)

    def found() -> list[int]:
        page = used.do(lambda uow: search(uow.session, karim, "toners", page=0, size=10))
        return [ticket.id for ticket in page.tickets]

    assert found() == []
    used.work_off(refresh_search)
    assert found() == [4]


def test_tickets_of_the_first_revision_are_found_and_go_on(empty: Engine, used: SmallDesk) -> None:
    go_down(empty, FIRST)
    migrate(empty)
    karim = used.actor("karim", "assistance")
    found = used.do(lambda uow: search(uow.session, karim, "amphi clignote", page=0, size=10))
    assert [ticket.id for ticket in found.tickets] == [3]
    last = used.act(found.tickets[0], Action.TAKE, karim)
    assert last.assignee_id == karim.id
    assert used.open().id == 4


def test_the_mails_of_tickets_so_far_stay_in_their_threads(empty: Engine, used: SmallDesk) -> None:
    go_down(empty, "a4c07be91d36")
    sent = text(
        "UPDATE delivery SET state = 'sent', remote_id = '<ticket-' || ticket_id || :rest "
        "WHERE kind = 'mail' AND ticket_id = :ticket AND event_number = 1"
    )
    with empty.begin() as connection:
        connection.execute(sent, {"ticket": 1, "rest": "@old.example>"})
        connection.execute(sent, {"ticket": 2, "rest": "@univ.example>"})
    migrate(empty)
    with used.sessions() as session:
        roots = session.scalars(select(Ticket.mail_root).order_by(Ticket.id)).all()
    assert roots == ["<ticket-1@old.example>", "<ticket-2@univ.example>", "<ticket-3@univ.example>"]


def test_a_tickets_number_is_never_used_again_on_sqlite(tmp_path: Path) -> None:
    engine = create_db(f"sqlite:///{tmp_path}/a.db")
    migrate(engine)
    with engine.connect() as connection:
        made = text("SELECT sql FROM sqlite_master WHERE name = 'ticket'")
        assert "AUTOINCREMENT" in connection.execute(made).scalar_one()
    engine.dispose()


def test_migrations_are_one_line_without_a_fork() -> None:
    scripts = ScriptDirectory(str(ROOT / "models" / "migrations"))
    assert len(scripts.get_heads()) == len(scripts.get_bases()) == 1


def test_renamed_tables_keep_their_rows_and_go_on_counting(empty: Engine, used: SmallDesk) -> None:
    go_down(empty, "e71b40d95c2f")
    with empty.begin() as connection:
        for kind, ts in (("card", "1.1"), ("approval", "1.2")):
            row = f"1, 'dm:1', '{kind}', 0, 0, 'D1', '{ts}'"
            names = "ticket_id, recipient, kind, event_number, part, channel, ts"
            connection.execute(text(f"INSERT INTO post ({names}) VALUES ({row})"))
        connection.execute(text("INSERT INTO gone_post VALUES ('D1', '0.9', 1, 'card')"))
        connection.execute(text("INSERT INTO periodic VALUES ('wake_held', '2026-11-02 08:00:00')"))
        before = connection.execute(text("SELECT * FROM post ORDER BY id")).all()
    migrate(empty)
    with Session(empty) as session:
        kept = session.execute(text("SELECT * FROM message_reference ORDER BY id")).all()
        assert kept == before
        [former] = session.scalars(select(FormerMessageReference)).all()
        assert (former.channel, former.ts, former.ticket_id) == ("D1", "0.9", 1)
        assert session.scalars(select(Periodic.name)).all() == ["resume_on_date"]
        added = create_message_reference(session, 1, recipient="team:reseau")
        assert added.id == before[-1].id + 1
