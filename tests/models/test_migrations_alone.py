"""Migrations import nothing of ours: what the program becomes later changes nothing that they do."""

import ast
import shutil
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from bot.ops.migrate import migrate
from tests.conftest import ROOT
from tests.support.migrations import differences, go_down, refreshed_rows, use
from tests.support.service_levels import TARGETS

MIGRATIONS = ROOT / "models" / "migrations"
VERSIONS = sorted((MIGRATIONS / "versions").glob("*.py"))
OURS = ("models", "bot", "blocks", "playground")
ENVIRONMENT = """
from alembic import context
context.configure(connection=context.config.attributes["connection"], target_metadata=None)
with context.begin_transaction():
    context.run_migrations()
"""


def modules_imported(source: str) -> set[str]:
    """The first names of all that a file imports, wherever in it."""
    nodes = list(ast.walk(ast.parse(source)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "." for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_a_migration_imports_nothing_of_ours(path: Path) -> None:
    imported = modules_imported(path.read_text(encoding="utf-8"))
    assert imported - sys.stdlib_module_names <= {"alembic", "sqlalchemy"}


def scripts_in(folder: Path, environment: str, versions: list[Path]) -> Config:
    """A folder of migrations of its own."""
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(environment, encoding="utf-8")
    for path in versions:
        shutil.copy(path, folder / "versions")
    shutil.copy(MIGRATIONS / "script.py.mako", folder)
    config = Config()
    config.set_main_option("script_location", str(folder))
    return config


def run_alone(engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Migrate where none of our modules can be imported."""
    config = scripts_in(folder, ENVIRONMENT, VERSIONS)
    with monkeypatch.context() as patched, engine.begin() as connection:
        for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
            patched.setitem(sys.modules, name, None)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def test_they_run_where_nothing_of_ours_can_be_imported(
    empty: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_alone(empty, tmp_path / "alone", monkeypatch)
    assert differences(empty) == []


def test_tickets_are_filled_in_where_nothing_of_ours_can_be_imported(
    empty: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(empty)
    kept = text("SELECT search_text, due_at, state_event FROM ticket ORDER BY id")
    with empty.connect() as connection:
        before = connection.execute(kept).all()
    go_down(empty)
    run_alone(empty, tmp_path / "alone", monkeypatch)
    refreshed_rows(empty)
    with empty.connect() as connection:
        assert connection.execute(kept).all() == before


@pytest.mark.parametrize(
    "database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
def test_a_day_has_24_hours_in_whatever_time_zone_the_session_is(empty: Engine) -> None:
    """Summer time ends in Paris on 25 October 2026: the same hour comes 25 hours later there."""
    use(empty)
    go_down(empty)
    with empty.begin() as connection:
        connection.execute(text(f"ALTER DATABASE \"{empty.url.database}\" SET timezone = 'Europe/Paris'"))
        connection.execute(text("UPDATE ticket SET opened_at = '2026-10-24 12:00:00+00'"))
    empty.dispose()
    migrate(empty)
    with empty.connect() as connection:
        late = connection.execute(text("SELECT due_at - opened_at FROM ticket")).scalars().all()
    assert set(late) <= set(TARGETS.values())


def test_a_new_migration_imports_nothing_of_ours_and_makes_the_tables(empty: Engine, tmp_path: Path) -> None:
    """What `make migration` writes, here with every table to make."""
    config = scripts_in(tmp_path / "new", (MIGRATIONS / "env.py").read_text(encoding="utf-8"), [])
    with empty.begin() as connection:
        config.attributes["connection"] = connection
        command.revision(config, message="all", autogenerate=True)
    [written] = (tmp_path / "new" / "versions").glob("*.py")
    source = written.read_text(encoding="utf-8")
    assert modules_imported(source) <= {"alembic", "sqlalchemy"}
    assert "models" not in source
    with empty.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    assert differences(empty) == []
