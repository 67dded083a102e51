"""Migrations: up from empty they make what the models say, and down to nothing they leave nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

import models  # noqa: F401 (registers the tables)
from bot.db import WORKER_PATIENCE, create_db
from bot.migrate import migrate
from models.base import Base
from models.search_index import is_modelled
from tests.conftest import ROOT

pytest_plugins = ["tests.postgres"]

VERSION = "alembic_version"  # Alembic's own table
INDEXES = {
    # With the triggers and the virtual table of the search, without what SQLite makes by itself.
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL "
    "OR sql LIKE 'CREATE VIRTUAL%'",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database, of each sort."""
    on_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/a.db" if on_sqlite else request.getfixturevalue("empty_postgresql_url")
    engine = create_db(url, patience=WORKER_PATIENCE)
    yield engine
    engine.dispose()


@pytest.fixture
def as_modelled(empty: Engine, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of the same sort, made from the models."""
    on_sqlite = empty.dialect.name == "sqlite"
    url = f"sqlite:///{tmp_path}/b.db" if on_sqlite else request.getfixturevalue("postgresql_tables")
    engine = create_db(url, patience=WORKER_PATIENCE)
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
    with empty.connect() as connection:
        opts = {"compare_type": True, "include_name": lambda name, _sort, _parents: is_modelled(name)}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, Base.metadata) == []
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
