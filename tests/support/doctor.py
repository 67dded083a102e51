"""`guichet doctor` in tests."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from bot.articles.contents import Contents, read_contents
from bot.ops.doctor import context
from bot.ops.doctor.examination import examine
from bot.ops.finding import Finding
from bot.ops.screens import check
from bot.settings import Settings
from tests.conftest import CATALOGUE, ROOT

read_once = cache(read_contents)


def read(catalogue: Path, articles: Path) -> Contents:
    """Those of the project, which no test changes, are read once: that takes as long as all other checks."""
    shipped = (catalogue, articles) == (CATALOGUE, ROOT / "articles")
    return (read_once if shipped else read_contents)(catalogue, articles)


def examined(settings: Settings) -> Sequence[Finding]:
    """All findings. No screens are drawn, which takes seconds (`tests/ops/screens` does)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(context, "read_contents", read)
        patch.setattr(check, "screens", lambda *_arguments, **_more: iter(()))
        return list(examine(settings))


def said(settings: Settings, check: str = "", **changed: object) -> list[tuple[str, str]]:
    """The sign and the text of each finding, of one check or of all, with some settings changed."""
    found = examined(settings.model_copy(update=changed))
    return [(each.sign, each.text) for each in found if check in ("", each.check)]
