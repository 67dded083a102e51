"""The lock files: every line with its hashes, no package host named, and what pyproject.toml asks for."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import packages_distributions
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.modules import imported_by, modules, package_of
from tests.conftest import ROOT

FOLDER = ROOT / "requirements"
FILES = ["run.txt", "dev.txt", "uv.txt"]
HASH = r"    --hash=sha256:[0-9a-f]{64}"


@dataclass(frozen=True)
class Locked:
    """One requirement of a lock file."""

    name: str
    version: str
    asked_by: frozenset[str]
    """The parts of pyproject.toml that ask for it: "" for the project itself and its extras, or a group."""


@cache
def locked(file: str) -> dict[str, Locked]:
    text = (FOLDER / file).read_text(encoding="utf-8")
    found = {}
    for entry in re.split(r"\n(?=[a-z0-9])", text.strip()):
        name, version = re.match(r"([a-z0-9.-]+)(?:\[[a-z,]+\])?==(\S+)", entry).groups()
        asked_by = re.findall(r"guichet \(pyproject\.toml(?::([a-z]+))?\)", entry)
        found[name] = Locked(name, version, frozenset(asked_by))
    return found


@cache
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def asked(*groups: str) -> dict[str, Requirement]:
    """What pyproject.toml asks for: the project with its extras (""), or groups."""
    lines: list[str] = []
    for group in groups:
        if group:
            lines += project()["dependency-groups"][group]
        else:
            extras = project()["project"]["optional-dependencies"].values()
            lines += [*project()["project"]["dependencies"], *(line for extra in extras for line in extra)]
    return {canonicalize_name((asked := Requirement(line)).name): asked for line in lines}


@pytest.mark.parametrize("file", FILES)
def test_every_line_is_a_version_with_its_hashes(file: str) -> None:
    text = (FOLDER / file).read_text(encoding="utf-8")
    version = r"[a-z0-9.-]+(\[[a-z,]+\])?==[\w.]+( ; [\w' =!<>.()]+)?"
    comment = r"(    #( .*)?\n)*"
    assert re.fullmatch(rf"({version}( \\\n{HASH})+\n{comment})+", text)


@pytest.mark.parametrize("file", FILES)
def test_no_package_host_is_named(file: str) -> None:
    text = (FOLDER / file).read_text(encoding="utf-8")
    assert not re.search(
        r"://|index|find-links|trusted-host| @ |\.(org|com|net|io)\b|/(root|home|work|tmp)/", text
    )


def test_nothing_else_locks_or_names_a_host() -> None:
    assert not (ROOT / "uv.lock").exists()
    assert not (ROOT / ".python-version").exists()
    assert "uv" not in project()["tool"]
    assert not re.search(r"index-url|://", (ROOT / "Makefile").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("file", "groups"), [("run.txt", ["", "build"]), ("dev.txt", ["", "build", "dev"])])
def test_a_lock_is_of_what_pyproject_asks_for(file: str, groups: list[str]) -> None:
    for group in groups:
        direct = {name for name, lock in locked(file).items() if group in lock.asked_by}
        assert direct == set(asked(group)), group
    for name, requirement in asked(*groups).items():
        assert requirement.specifier.contains(locked(file)[name].version, prereleases=True), name


def test_what_is_tested_is_what_is_run() -> None:
    for name, lock in locked("run.txt").items():
        assert locked("dev.txt")[name].version == lock.version


def test_uv_is_pinned_alone() -> None:
    assert set(locked("uv.txt")) == {"uv"}


def test_what_the_house_imports_is_locked_for_running() -> None:
    """Directly, not because something else happens to need it."""
    transitive = {"markupsafe", "pydantic-core"}  # Jinja2's and pydantic's own other halves
    known = set(asked("", "build")) | transitive
    names = packages_distributions()
    imported = {package_of(name) for module in modules() for name in imported_by(module)}
    outside = {names[room][0] for room in imported if room in names} - {"guichet"}
    assert {canonicalize_name(name) for name in outside} <= known
