"""`guichet init`: the example files, without touching what is there."""

from pathlib import Path

import pytest

from bot.cli import main
from bot.ops.examples import write_examples
from tests.conftest import ROOT


def test_it_writes_the_catalogue_the_articles_and_the_settings_explained(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "desk"
    assert [(path.name, written) for path, written in write_examples(folder)] == [
        ("catalogue.yaml", True),
        (".env.example", True),
        ("articles", True),
    ]
    for name in ("catalogue.yaml", ".env.example", "articles/vpn.fr.md"):
        assert (folder / name).read_text("utf-8") == (ROOT / name).read_text("utf-8")
    assert len(list((folder / "articles").iterdir())) == len(list((ROOT / "articles").iterdir()))


def test_it_overwrites_nothing_and_brings_no_article_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "catalogue.yaml").write_text("ours\n")
    with pytest.raises(SystemExit, match="0"):
        main(["init", str(tmp_path)])
    assert (tmp_path / "catalogue.yaml").read_text() == "ours\n"
    assert list((tmp_path / "articles").iterdir()) == []
    assert capsys.readouterr().out.splitlines()[:3] == [
        f"{tmp_path}/catalogue.yaml: kept, it was there already",
        f"{tmp_path}/.env.example: written",
        f"{tmp_path}/articles: kept, it was there already",
    ]


def test_only_its_owner_reads_the_settings(tmp_path: Path) -> None:
    """A `.env` that is copied from the example is as private as the example."""
    modes = {path.name: path.stat().st_mode & 0o777 for path, _ in write_examples(tmp_path)}
    assert modes == {"catalogue.yaml": 0o644, ".env.example": 0o600, "articles": 0o755}
    assert (tmp_path / "articles" / "vpn.fr.md").stat().st_mode & 0o777 == 0o644


def test_it_writes_through_no_link(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "catalogue.yaml").symlink_to(elsewhere)
    assert dict(write_examples(tmp_path))[tmp_path / "catalogue.yaml"] is False
    assert not elsewhere.exists()
