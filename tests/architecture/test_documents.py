"""What the documents and docstrings name is there."""

import re
from pathlib import Path

import pytest

from tests.architecture.modules import modules
from tests.conftest import ROOT

DOCUMENTS = [
    path.relative_to(ROOT)
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("playground/*.md"))
    if path.name != "CHANGELOG.md"  # it tells of what was
]
PATH = re.compile(r"`((?:bot|blocks|models|playground|tests|docs)/[\w/.]*\w/?)`")
FILE = re.compile(r"`([\w/.]*\w\.py)`")
MODULE = re.compile(r"`((?:bot|blocks|models|playground)(?:\.\w+)+)`")


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_every_path_that_a_document_names_is_there(document: Path) -> None:
    named = PATH.findall((ROOT / document).read_text(encoding="utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_every_file_that_a_document_names_by_its_end_is_there(document: Path) -> None:
    """As in `state/files.py`."""
    named = FILE.findall((ROOT / document).read_text(encoding="utf-8"))
    others = (*(ROOT / "tests").rglob("*.py"), *ROOT.glob("*.py"), *ROOT.glob(".ci/*.py"))
    there = [f"/{path.relative_to(ROOT)}" for path in (*modules().values(), *others)]
    assert [name for name in named if not any(path.endswith(f"/{name}") for path in there)] == []


def test_every_module_that_a_docstring_names_is_there() -> None:
    """A module, or something in one."""
    missing = {
        (module, name)
        for module, path in modules().items()
        for name in MODULE.findall(path.read_text(encoding="utf-8"))
        if name not in modules() and name.rpartition(".")[0] not in modules()
    }
    assert missing == set()


def test_every_path_that_the_code_names_is_there() -> None:
    missing = {
        (module, name)
        for module, path in modules().items()
        for name in PATH.findall(path.read_text(encoding="utf-8"))
        if not (ROOT / name).exists() and not (ROOT / "docs" / name).exists()
    }
    assert missing == set()
