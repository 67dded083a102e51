"""Every module of the project, and what it imports."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from tests.conftest import ROOT

PACKAGES = ("bot", "blocks", "models", "playground")


@cache
def modules() -> Mapping[str, Path]:
    """Every module, by its name."""
    found = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree_of(module: str) -> ast.Module:
    """Its source, parsed."""
    return ast.parse(modules()[module].read_text(encoding="utf-8"))


@cache
def imported_by(module: str) -> frozenset[str]:
    """What a module imports, wherever it does, by full names."""
    nodes = (node for node in ast.walk(tree_of(module)) if isinstance(node, ast.Import | ast.ImportFrom))
    return frozenset(name for node in nodes for name in _names(node))


def _names(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    assert node.level == 0, "imports are absolute"
    assert node.module is not None
    for alias in node.names:
        full = f"{node.module}.{alias.name}"
        yield full if full in modules() or not node.module.startswith(PACKAGES) else node.module


def package_of(name: str) -> str:
    """The top-level package of a name."""
    return name.partition(".")[0]


def under(package: str) -> list[str]:
    """The modules of a package, at any depth."""
    return [name for name in sorted(modules()) if f"{name}.".startswith(f"{package}.")]
