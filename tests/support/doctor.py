"""`guichet doctor` in tests."""

from collections.abc import Sequence

import pytest

from bot.ops.doctor.examination import examine
from bot.ops.finding import Finding
from bot.ops.screens import check
from bot.settings import Settings


def examined(settings: Settings) -> Sequence[Finding]:
    """All findings. No screens are drawn, which takes seconds (`tests/ops/screens` does)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(check, "screens", lambda *_arguments, **_more: iter(()))
        return list(examine(settings))


def said(settings: Settings, check: str = "", **changed: object) -> list[tuple[str, str]]:
    """The sign and the text of each finding, of one check or of all, with some settings changed."""
    found = examined(settings.model_copy(update=changed))
    return [(each.sign, each.text) for each in found if check in ("", each.check)]
