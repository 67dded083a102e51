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
FILES = ["run.txt", "demo.txt", "build.txt", "release.txt", "dev.txt", "uv.txt"]
HASH = r"    --hash=sha256:[0-9a-f]{64}"


@dataclass(frozen=True)
class Locked:
    """One requirement of a lock file."""

    name: str
    version: str
    is_asked_for: bool
    """Whether pyproject.toml itself asks for it, in its project, an extra or a group."""


@cache
def locked(file: str) -> dict[str, Locked]:
    text = (FOLDER / file).read_text(encoding="utf-8")
    found = {}
    for entry in re.split(r"\n(?=[a-z0-9])", text.strip()):
        name, version = re.match(r"([a-z0-9.-]+)(?:\[[a-z,]+\])?==(\S+)", entry).groups()
        found[name] = Locked(name, version, "pyproject.toml" in entry)
    return found


@cache
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def asked(*parts: str) -> dict[str, Requirement]:
    """What parts of pyproject.toml ask for: "run", which is the project itself; an extra; a group."""
    known = {
        "run": project()["project"]["dependencies"],
        **project()["project"]["optional-dependencies"],
        **project()["dependency-groups"],
    }
    lines = [line for part in parts for line in known[part]]
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


@pytest.mark.parametrize(
    ("file", "parts"),
    [
        ("run.txt", ["run"]),
        ("demo.txt", ["run", "demo"]),
        ("build.txt", ["build"]),
        ("release.txt", ["build", "release"]),
        ("dev.txt", ["run", "demo", "build", "dev"]),
    ],
)
def test_a_lock_is_of_what_pyproject_asks_for(file: str, parts: list[str]) -> None:
    direct = {name for name, lock in locked(file).items() if lock.is_asked_for}
    assert direct == set(asked(*parts))
    for name, requirement in asked(*parts).items():
        assert requirement.specifier.contains(locked(file)[name].version, prereleases=True), name


@pytest.mark.parametrize(
    ("less", "more"), [("run", "demo"), ("demo", "dev"), ("build", "dev"), ("build", "release")]
)
def test_what_is_tested_is_what_is_run(less: str, more: str) -> None:
    for name, lock in locked(f"{less}.txt").items():
        assert locked(f"{more}.txt")[name].version == lock.version


def test_one_environment_can_hold_them_all() -> None:
    everything = locked("dev.txt")
    for name, lock in locked("release.txt").items():
        assert name not in everything or everything[name].version == lock.version


def test_production_gets_neither_the_local_slack_nor_what_tests_and_builds() -> None:
    assert not set(asked("demo", "build", "dev")) - set(asked("run")) & set(locked("run.txt"))


def test_uv_is_pinned_alone() -> None:
    assert set(locked("uv.txt")) == {"uv"}


@pytest.mark.parametrize(
    ("packages", "parts"),
    [
        pytest.param(["bot", "blocks", "models"], ["run"], id="what runs"),
        pytest.param(["playground"], ["run", "demo"], id="the local Slack"),
    ],
)
def test_what_the_house_imports_is_locked_for_it(packages: list[str], parts: list[str]) -> None:
    """Directly, not because something else happens to need it."""
    transitive = {"markupsafe", "pydantic-core"}  # Jinja2's and pydantic's own other halves
    known = set(asked(*parts)) | transitive
    names = packages_distributions()
    inside = {module for module in modules() if package_of(module) in packages}
    imported = {package_of(name) for module in inside for name in imported_by(module)}
    outside = {names[room][0] for room in imported if room in names} - {"guichet"}
    assert {canonicalize_name(name) for name in outside} <= known
