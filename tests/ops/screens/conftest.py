"""Every screen, drawn once for the whole run; and doctor with a few screens of a test's own."""

from collections.abc import Callable, Sequence

import pytest

from bot.articles.contents import Contents, read_contents
from bot.ops.finding import Finding
from bot.ops.screens import check
from bot.ops.screens.check import check_screens
from bot.ops.screens.drawing import screens
from bot.ops.screens.screen import Screen
from bot.slack.client import worker_client
from playground.state.workspace import BOT_TOKEN
from playground.testing import Playground
from tests.conftest import CATALOGUE, ROOT

Judged = Callable[..., list[Finding]]


@pytest.fixture(scope="session")
def contents() -> Contents:
    """The catalogue and the articles that the product comes with."""
    return read_contents(CATALOGUE, ROOT / "articles")


@pytest.fixture(scope="session")
def drawn(contents: Contents) -> Sequence[Screen]:
    return list(screens(contents))


@pytest.fixture
def judged(playground: Playground, monkeypatch: pytest.MonkeyPatch) -> Judged:
    """What doctor says of these screens, instead of all that there are; Slack may refuse some."""

    def doctor(*some: Screen, **more: Callable[[float], object]) -> list[Finding]:
        monkeypatch.setattr(check, "screens", lambda *_arguments, **_more: iter(some))
        return list(check_screens(worker_client(BOT_TOKEN, playground.api_url), **more))  # type: ignore[arg-type]

    return doctor
