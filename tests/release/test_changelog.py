"""CHANGELOG: what an administrator reads before an upgrade."""

import re

from bot.version import version
from tests.conftest import ROOT

HEADING = re.compile(r"^## (?:Unreleased|(\d+\.\d+\.\d+) - \d{4}-\d{2}-\d{2})$")


def sections() -> dict[str, list[str]]:
    """The lines of each section by its heading, without the blank ones."""
    found: dict[str, list[str]] = {}
    for line in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            found[line] = []
        elif found and line:
            found[list(found)[-1]].append(line)
    return found


def test_the_newest_section_is_of_this_version() -> None:
    unreleased, newest, *_ = sections()
    assert unreleased == "## Unreleased"
    assert HEADING.fullmatch(newest)[1] == version()


def test_every_section_opens_with_what_an_upgrade_asks_for() -> None:
    for heading, lines in sections().items():
        assert HEADING.fullmatch(heading), heading
        assert lines[0] == "### To upgrade", heading
        assert not lines[1].startswith("#"), heading
