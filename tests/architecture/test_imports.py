"""Imports point one way, as `.importlinter` lists them, and nothing happens at import."""

import subprocess
import sys
from copy import deepcopy
from dataclasses import dataclass
from functools import cache

import grimp
import pytest
from importlinter import configuration
from importlinter.application.use_cases import read_user_options
from importlinter.contracts.acyclic_siblings import AcyclicSiblingsContract
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract

from tests.architecture.modules import PACKAGES, imported_by, modules, package_of, under
from tests.conftest import ROOT

CONTRACTS = {
    "layers": LayersContract,
    "forbidden": ForbiddenContract,
    "acyclic_siblings": AcyclicSiblingsContract,
}

# Not importable by themselves: Alembic runs them.
RUN_BY_OTHERS = ("models.migrations.",)
LOCAL_SLACK = ("bot.demo", "bot.local_slack", "playground")


@cache
def graph() -> grimp.ImportGraph:
    """Who imports whom, as import-linter sees it."""
    return grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)


def broken(imports: grimp.ImportGraph) -> set[str]:
    """The contracts that a graph breaks, by the first word of their names."""
    configuration.configure()
    options = read_user_options(str(ROOT / ".importlinter"))
    contracts = [
        CONTRACTS[contract["type"]](contract["name"], options.session_options, contract)
        for contract in options.contracts_options
    ]
    return {
        contract.name.partition(" ")[0]
        for contract in contracts
        if not contract.check(deepcopy(imports), verbose=False).kept
    }


def test_every_contract_is_kept() -> None:
    assert broken(graph()) == set()


@pytest.mark.parametrize(
    ("added", "contract"),
    [
        pytest.param([("bot.views.queue", "bot.listeners.queue")], "Imports", id="backwards"),
        pytest.param(
            [("bot.settings", "models.helper"), ("models.helper", "bot.context.settings")],
            "Imports",
            id="backwards, by way of another",
        ),
        pytest.param([("bot.services.queue.pages", "blocks.ids")], "What", id="blocks in a use case"),
        pytest.param(
            [("models.pages", "models.helper"), ("models.helper", "slack_sdk")],
            "What",
            id="Slack in a use case, by way of another",
        ),
        pytest.param([("playground.faults", "models.base")], "The", id="the help desk in the playground"),
        pytest.param([("blocks.kit.text", "blocks.tickets.card")], "No", id="a circle of folders"),
        pytest.param([("bot.db.sqlite_write_lock", "bot.db.engine")], "No", id="a circle in a folder"),
    ],
)
def test_a_backward_import_breaks_a_contract(added: list[tuple[str, str]], contract: str) -> None:
    imports = deepcopy(graph())
    for importer, imported in added:
        imports.add_import(importer=importer, imported=imported)
    assert contract in broken(imports)


def test_an_import_inside_a_function_counts() -> None:
    """The command imports what each part of it needs when it runs."""
    assert graph().direct_import_exists(importer="bot.cli.processes", imported="bot.http.server")


def test_models_know_sqlalchemy_and_pydantic_and_what_one_folder_needs() -> None:
    needed = {"models.migrations": "alembic", "models.words": "Stemmer", "models.markdown": "markdown_it"}
    for module in under("models"):
        known = {"models", "sqlalchemy", "pydantic"}
        known |= {library for folder, library in needed.items() if module.startswith(folder)}
        assert {package_of(name) for name in imported_by(module)} - sys.stdlib_module_names <= known, module


def test_blocks_build_with_slacks_models_and_make_no_calls() -> None:
    for module in under("blocks"):
        outside = {name for name in imported_by(module) if package_of(name) in {"slack_sdk", "slack_bolt"}}
        assert all(name.startswith("slack_sdk.models.") for name in outside), module
        assert "sqlalchemy" not in {package_of(name) for name in imported_by(module)}, module


def test_the_playground_is_opened_by_two_commands_only() -> None:
    opening = {name for name in under("bot") if {"playground"} & {package_of(n) for n in imported_by(name)}}
    assert opening == {"bot.demo", "bot.local_slack"}


def test_a_listener_writes_no_sql() -> None:
    for module in under("bot.listeners"):
        sql = {name for name in imported_by(module) if package_of(name) == "sqlalchemy"}
        assert sql <= {"sqlalchemy.orm.Session"}, module


def test_no_listener_imports_another() -> None:
    shared = {"interaction", "resources", "refresh", "message_events"}
    listeners = {
        name for name in under("bot.listeners") if name.rpartition(".")[2] not in {*shared, "middleware"}
    }
    for module in sorted(listeners):
        assert imported_by(module) & (listeners - {module}) == set(), module


def test_templates_draw_mails_and_the_page_of_own_data_only() -> None:
    using = {name for name in modules() if any(each.startswith("jinja2") for each in imported_by(name))}
    assert {name for name in using if package_of(name) != "playground"} == {
        "bot.delivery.own_data.page",
        "bot.delivery.senders.mail",
    }


IMPORT_ALL = """
import importlib, sys, threading

WRITES = ("w", "a", "x", "+")
ACTS = ("socket.", "subprocess.", "sqlite3.", "os.mkdir", "os.remove", "os.rename")
done = []

def note(event, arguments):
    writes = event == "open" and any(letter in (arguments[1] or "") for letter in WRITES)
    if writes or event.startswith(ACTS):
        done.append((event, str(arguments)[:200]))

def packages():
    return {name.partition(".")[0] for name in sys.modules}

sys.addaudithook(note)
for name in sys.argv[1:]:
    if name == "bot.demo":
        print(*packages())
    before = len(done)
    importlib.import_module(name)
    for each in done[before:]:
        print(name, *each)
print(*packages())
print(*(thread.name for thread in threading.enumerate() if thread is not threading.main_thread()), sep="\\n")
"""


@dataclass(frozen=True)
class Imported:
    """What came of importing every module."""

    packages: set[str]
    """Those that are loaded when everything but the local Slack and its demo is."""
    packages_with_demo: set[str]
    happened: list[str]
    """What was done meanwhile, a line for each act, file and thread."""


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    """Import every module in a process of its own, in an empty folder; the local Slack last."""
    folder = tmp_path_factory.mktemp("imported")
    names = [
        name
        for name in sorted(modules(), key=lambda name: (name.startswith(LOCAL_SLACK), name))
        if not name.endswith("__main__") and not name.startswith(RUN_BY_OTHERS)
    ]
    ended = subprocess.run(
        [sys.executable, "-B", "-c", IMPORT_ALL, *names],
        env={"PYTHONPATH": str(ROOT), "DATABASE_URL": "nonsense", "PORT": "nonsense"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    production, *happened, everything, threads = ended.stdout.splitlines()
    written = [path.name for path in folder.iterdir()]
    return Imported(
        set(production.split()), set(everything.split()), [*happened, *filter(None, [threads]), *written]
    )


def test_nothing_happens_at_import(imported: Imported) -> None:
    """No file written, no connection, no thread, and no setting asked for."""
    assert imported.happened == []


def test_production_loads_nothing_of_the_local_slack(imported: Imported) -> None:
    """Neither it nor the packages that only it needs, not even by way of another package."""
    local = {"playground", "aiosmtpd", "multipart", "python_multipart", "starlette", "uvicorn", "websockets"}
    assert imported.packages & local == set()
    assert {"playground", "starlette", "uvicorn"} <= imported.packages_with_demo
