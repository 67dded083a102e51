"""The house's own rules: imports point one way, and nothing happens at import."""

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import ROOT

# Who may import whom. `playground` is a world of its own.
MAY_IMPORT = {
    "models": {"models"},
    "blocks": {"models", "blocks"},
    "bot": {"models", "blocks", "bot"},
    "playground": {"playground"},
}
OPEN_THE_PLAYGROUND = {"bot.cli", "bot.demo"}
USE_CASES = [
    "bot.services.catalogue",
    "bot.services.tickets.comments",
    "bot.services.tickets.new_ticket",
    "bot.services.outages.followers",
    "bot.services.outages.queries",
    "bot.services.outages.actions",
    "bot.context.actor",
    "bot.services.queue",
    "bot.services.tickets.satisfaction",
    "bot.services.search",
    "bot.services.tickets.actions",
    "bot.services.tickets.triage",
]

# Neither applications nor libraries: Alembic and the build run them.
RUN_BY_OTHERS = ("models.migrations.", "blocks.locale.")


@cache
def modules() -> Mapping[str, Path]:
    """Every module of the house, by its name."""
    found = {}
    for room in MAY_IMPORT:
        for path in (ROOT / room).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def imported_by(module: str, *, at_once: bool = False) -> frozenset[str]:
    """What a module imports, by full names; `at_once`: only what its own import needs."""
    tree = ast.parse(modules()[module].read_text(encoding="utf-8"))
    return frozenset(name for node in _imports(tree, at_once) for name in _names(node))


def _imports(node: ast.AST, at_once: bool) -> Iterator[ast.Import | ast.ImportFrom]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif not (at_once and (_is_function(child) or _is_for_types(child))):
            yield from _imports(child, at_once)


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def _names(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    assert node.level == 0, "imports are absolute"
    for alias in node.names:
        full = f"{node.module}.{alias.name}"
        yield full if full in modules() or not node.module.startswith(tuple(MAY_IMPORT)) else node.module


def room_of(name: str) -> str:
    return name.partition(".")[0]


def of(room: str) -> list[str]:
    """The modules of a room, or under a package."""
    return [name for name in sorted(modules()) if f"{name}.".startswith(f"{room}.")]


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_imports_point_one_way(room: str) -> None:
    for module in of(room):
        may = MAY_IMPORT[room] | ({"playground"} if module in OPEN_THE_PLAYGROUND else set())
        ours = {room_of(name) for name in imported_by(module)} & {*MAY_IMPORT, "tests"}
        assert ours <= may, module


def test_models_know_sqlalchemy_and_nothing_else() -> None:
    for module in of("models"):
        known = {"models", "sqlalchemy"} | ({"alembic"} if "migrations" in module else set())
        assert {room_of(name) for name in imported_by(module)} - sys.stdlib_module_names <= known, module


def test_blocks_draw_with_slacks_models_and_call_nobody() -> None:
    for module in of("blocks"):
        outside = {name for name in imported_by(module) if room_of(name) in {"slack_sdk", "slack_bolt"}}
        assert all(name.startswith("slack_sdk.models.") for name in outside), module
        assert "sqlalchemy" not in {room_of(name) for name in imported_by(module)}, module


@pytest.mark.parametrize("module", USE_CASES)
def test_a_use_case_knows_models_only(module: str) -> None:
    """Itself, and whatever else of the bot it leans on."""
    seen, waiting = set[str](), [module]
    while waiting:
        here = waiting.pop()
        seen.add(here)
        waiting += [name for name in imported_by(here) if name.startswith("bot.") and name not in seen]
    reached = {name for each in seen for name in imported_by(each)}
    assert {room_of(name) for name in reached} & {"blocks", "slack_sdk", "slack_bolt", "jinja2"} == set()


def test_a_listener_writes_no_sql() -> None:
    for module in of("bot.listeners"):
        sql = {name for name in imported_by(module) if room_of(name) == "sqlalchemy"}
        assert sql <= {"sqlalchemy.orm.Session"}, module


def test_templates_draw_mail_only() -> None:
    using = {name for name in modules() if any(each.startswith("jinja2") for each in imported_by(name))}
    assert {name for name in using if room_of(name) != "playground"} == {"bot.delivery.senders.mail"}


def test_no_module_needs_itself_to_be_imported() -> None:
    graph = {name: imported_by(name, at_once=True) & modules().keys() for name in modules()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a cycle: {' → '.join(reversed(error.args[1]))}")


NOTHING_HAPPENS = """
import importlib, sys, threading

WRITES = ("w", "a", "x", "+")
ACTS = ("socket.", "subprocess.", "sqlite3.", "os.mkdir", "os.remove", "os.rename")
done = []

def note(event, arguments):
    writes = event == "open" and any(letter in (arguments[1] or "") for letter in WRITES)
    if writes or event.startswith(ACTS):
        done.append((event, str(arguments)[:200]))

sys.addaudithook(note)
for name in sys.argv[1:]:
    before = len(done)
    importlib.import_module(name)
    for each in done[before:]:
        print(name, *each)
print(*(thread.name for thread in threading.enumerate() if thread is not threading.main_thread()), sep="\\n")
"""


def test_nothing_happens_at_import(tmp_path: Path) -> None:
    """No file written, no connection, no thread, and no setting asked for."""
    names = [
        name
        for name in sorted(modules())
        if not name.endswith("__main__") and not name.startswith(RUN_BY_OTHERS)
    ]
    ended = subprocess.run(
        [sys.executable, "-B", "-c", NOTHING_HAPPENS, *names],
        env={"PYTHONPATH": str(ROOT), "DATABASE_URL": "nonsense", "PORT": "nonsense"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() == ""
    assert list(tmp_path.iterdir()) == []
