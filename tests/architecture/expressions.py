"""Every regular expression of the bot, found in its source."""

import ast
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from bot.services.personal_data.erasure.rewriting import Rewriting
from bot.storage import s3
from models.personal_data.shell import TECHNICIAN
from tests.architecture.modules import imported_by, modules, tree_of, under

MODULES = [
    module
    for package in ("bot", "blocks", "models")
    for module in under(package)
    if not module.startswith("models.migrations.versions.")  # as they were; run once, on what is kept
]
SOMEBODY = Rewriting("U0A", "person:1", ["Lea a b", "a"], "a.b@a.example", TECHNICIAN)
TAKE_A_PATTERN = {
    *("compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn", "template"),
}
# Each worker looks for them when it collects the tests: to parse every module takes two seconds.
MAY_USE_ONE = re.compile(rf"\bre\.(?:{'|'.join(TAKE_A_PATTERN)})\b")
# What stands in the source as a name or an expression, and not in an assignment of its module.
ELSEWHERE: Mapping[tuple[str, str], list[str]] = {
    ("bot.storage.s3", "pattern"): [pattern for pattern, _words in s3.REASONS],
    ("bot.services.personal_data.erasure.rewriting", "'|'.join(self._parts())"): [SOMEBODY.pattern.pattern],
}


def expressions() -> dict[str, re.Pattern[str]]:
    """All of them, each by its module and its line."""
    return {where: pattern for module in MODULES for where, pattern in _of(module)}


def strangers() -> list[str]:
    """The modules that have regular expressions which `expressions` would not see."""
    others = {f"re.{name}" for name in TAKE_A_PATTERN} | {"regex", "re2"}
    return [module for module in MODULES if imported_by(module) & others]


def _of(module: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    if not MAY_USE_ONE.search(modules()[module].read_text(encoding="utf-8")):
        return
    named = {id(node.value): node for node in tree_of(module).body if isinstance(node, ast.Assign)}
    for node in ast.walk(tree_of(module)):
        if not (isinstance(node, ast.Call) and (used := _use_of_a_pattern(node.func))):
            continue
        where, given = f"{module}:{node.lineno}", node.args[0]
        if id(node) in named:
            [name] = named[id(node)].targets
            yield where, _of_text(getattr(import_module(module), ast.unparse(name)))
        elif isinstance(given, ast.Constant):
            anchor = r"\A" if used in {"match", "fullmatch"} else ""
            yield where, re.compile(f"{anchor}(?:{given.value})")
        else:
            for number, pattern in enumerate(ELSEWHERE[module, ast.unparse(given)]):
                yield f"{where} ({number})", re.compile(pattern)


def _of_text(pattern: re.Pattern[Any]) -> re.Pattern[str]:
    """The same over text, of one over bytes."""
    if isinstance(pattern.pattern, str):
        return pattern
    return re.compile(pattern.pattern.decode("latin-1"), pattern.flags)


def _use_of_a_pattern(function: ast.expr) -> str | None:
    """The function of `re` that is called."""
    if (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "re"
        and function.attr in TAKE_A_PATTERN
    ):
        return function.attr
    return None
