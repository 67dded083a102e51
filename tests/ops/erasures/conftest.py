"""A small desk with the settings of a command."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.ops.database import open_database
from bot.ops.erasures import command
from bot.ops.erasures.command import Wish
from bot.settings import Settings
from tests.support.databases import open_small_desk
from tests.support.use_case_desk import SmallDesk

KEY = "k" * 32


@pytest.fixture
def settings(tables_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Its settings, with an empty file of erasures; Slack is not asked."""
    file = tmp_path / "apart" / "erasures"
    file.parent.mkdir()
    file.touch(mode=0o600)
    for module in ("bot.ops.database", "bot.db.revisions"):  # the tables are made without migrations
        monkeypatch.setattr(f"{module}.require_newest", lambda _engine: None)
    return Settings(
        _env_file=None,
        database_url=SecretStr(tables_url),
        attachments_url=str(tmp_path / "attachments"),
        erasures_file=file,
        erasures_key=SecretStr(KEY),
    )


@pytest.fixture
def on_disk(settings: Settings) -> Iterator[SmallDesk]:
    """The desk in that database."""
    with open_small_desk(settings.database_url.get_secret_value()) as desk:
        yield desk


def erase_person(settings: Settings, wish: Wish) -> None:
    """As `guichet person erase` does."""
    with open_database(settings) as engine:
        command.erase_person(settings, engine, wish)
