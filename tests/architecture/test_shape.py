"""The shape of the code: folders that can be read at a glance, short signatures, imports at the top."""

import ast
from collections import Counter
from collections.abc import Iterator

import pytest

from bot.app import FEATURES
from tests.architecture.modules import modules, tree_of, under

FILES_MAX = 12  # of a folder, beside its `__init__`
PARAMETERS_MAX = 7
LISTENER_PARAMETERS_MAX = 4

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(package: str) -> Iterator[tuple[str, Function]]:
    """Every function of a package, with its module's name."""
    for module in under(package):
        for node in ast.walk(tree_of(module)):
            if isinstance(node, Function):
                yield module, node


def parameters(function: Function) -> int:
    """How many parameters a function has."""
    return len(function.args.posonlyargs + function.args.args + function.args.kwonlyargs)


def test_no_folder_has_more_files_than_one_takes_in() -> None:
    folders = Counter(
        path.parent
        for name, path in modules().items()
        if path.name != "__init__.py" and not name.startswith(("playground", "models.migrations.versions"))
    )
    assert {str(folder): count for folder, count in folders.items() if count > FILES_MAX} == {}


def test_each_folder_says_what_belongs_there() -> None:
    silent = [
        name
        for name, path in modules().items()
        if path.name == "__init__.py" and ast.get_docstring(tree_of(name)) is None
    ]
    assert silent == []


def test_no_function_of_the_bot_has_many_parameters() -> None:
    many = {
        f"{module}.{function.name}": parameters(function)
        for module, function in functions("bot")
        if parameters(function) > PARAMETERS_MAX
    }
    assert many == {}


def test_a_listener_takes_the_acknowledgement_the_payload_and_the_interaction() -> None:
    many = {
        f"{module}.{function.name}": parameters(function)
        for module, function in functions("bot.listeners")
        if function.args.args and function.args.args[0].arg == "ack"
        if parameters(function) > LISTENER_PARAMETERS_MAX
    }
    assert many == {}


LATE = {
    "bot.http.server.application_with_worker",  # all of the worker
    "bot.bootstrap.create_store",  # an S3 client, whose library takes a tenth of a second to load
    "bot.catalogue.calendar.stored.desk_calendar",  # before the first load: the holidays of all countries
    "bot.delivery.senders.files._transfer",  # the worker's first file: an HTTP client
}


@pytest.mark.parametrize("package", ["bot", "blocks", "models", "playground"])
def test_imports_stand_at_the_top(package: str) -> None:
    """Except in the command, whose parts are imported when they run, and of what takes long to import and
    few processes ever use."""
    inside = {
        f"{module}.{function.name}"
        for module, function in functions(package)
        if not module.startswith(("bot.cli.", "bot.__main__"))
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert inside <= LATE


def test_loggers_have_the_documented_names() -> None:
    """docs/operating.md, "Logs": one of two names, or the module's own."""
    names = {
        ast.unparse(call.args[0])
        for package in ("bot", "blocks", "models")
        for module in under(package)
        for node in tree_of(module).body
        if isinstance(node, ast.Assign) and isinstance(call := node.value, ast.Call)
        if ast.unparse(call.func) == "logging.getLogger"
    }
    assert names == {"__name__", "'guichet.requests'", "'guichet.deliveries'"}


def test_the_app_has_the_listeners_of_each_feature_once() -> None:
    registers = (
        module
        for module, function in functions("bot.listeners")
        if function.name == "register" and parameters(function) == 1
    )
    assert sorted(feature.__name__ for feature in FEATURES) == sorted(registers)
