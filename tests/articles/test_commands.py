"""`guichet catalogue` with articles."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import main
from bot.db.session import Sessions
from bot.ops.database import open_database
from bot.settings import Settings
from models.article import Article
from models.catalogue import Service

CATALOGUE = """
sites: [{id: iut, name: IUT}]
teams: [{id: assistance, name: Assistance, channel: "#dnum-assistance", default: true}]
catalogue:
  - id: tout
    name: Tout
    description: Tout
    services:
      - {id: wifi, name: Wi-Fi, description: Wi-Fi, team: assistance, offers: [incident]}
"""
ARTICLE = "---\ntitle: Le Wi-Fi\nowner: Réseau\nreview: 2027-06-01\nservices: [wifi]\n---\n\n1. Redémarrez.\n"


@pytest.fixture
def folder(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of a catalogue with a service and its article."""
    (tmp_path / "articles").mkdir()
    (tmp_path / "catalogue.yaml").write_text(CATALOGUE, encoding="utf-8")
    (tmp_path / "articles" / "wifi.fr.md").write_text(ARTICLE, encoding="utf-8")
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("CATALOGUE", str(tmp_path / "catalogue.yaml"))
    monkeypatch.setenv("ARTICLES", str(tmp_path / "articles"))
    monkeypatch.delenv("SLACK_BOT_TOKEN", raising=False)
    return tmp_path


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it printed."""

    status: object
    out: list[str]
    err: list[str]


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    def command(*words: str) -> Ended:
        with pytest.raises(SystemExit) as ended:
            main(["catalogue", *words])
        said = capsys.readouterr()
        return Ended(ended.value.code, said.out.splitlines(), said.err.splitlines())

    return command


def is_archived(row: type[Article | Service]) -> bool:
    """Whether the article, or the service, is archived."""
    settings = Settings(_env_file=None)
    with open_database(settings) as engine, Sessions(engine)() as session:
        return session.get_one(row, "wifi").archived


def test_the_check_counts_the_articles(run: Callable[..., Ended]) -> None:
    ended = run("check")
    assert (ended.status, ended.out) == (0, ["1 sites, 1 teams, 1 services, 1 articles: no problems"])


def test_the_check_says_that_there_is_no_folder(run: Callable[..., Ended], folder: Path) -> None:
    shutil.rmtree(folder / "articles")
    ended = run("check")
    assert ended.status == 0
    assert ended.out[1].startswith("there is no folder of articles, ")


def test_a_dry_run_names_each_article_and_changes_nothing(run: Callable[..., Ended], folder: Path) -> None:
    assert run("load").status == 0
    (folder / "articles" / "wifi.fr.md").write_text(ARTICLE + "\n2. Attendez.\n", encoding="utf-8")
    (folder / "articles" / "zebre.fr.md").write_text(ARTICLE, encoding="utf-8")
    ended = run("load", "--dry-run")
    assert "+ article zebre (Le Wi-Fi)" in ended.out
    assert "~ article wifi (Le Wi-Fi): text" in ended.out
    assert ended.out[-1] == "articles (dry run): 1 added, 1 changed, 0 archived"
    assert run("load").out[-1] == "articles: 1 added, 1 changed, 0 archived"


def test_an_article_that_is_gone_is_archived(run: Callable[..., Ended], folder: Path) -> None:
    run("load")
    (folder / "articles" / "wifi.fr.md").unlink()
    assert run("load").out[-1] == "articles: 0 added, 0 changed, 1 archived"
    assert is_archived(Article)


def test_a_service_that_an_article_names_does_not_leave_the_file(
    run: Callable[..., Ended], folder: Path
) -> None:
    run("load")
    without = CATALOGUE[: CATALOGUE.index("    services:")]
    (folder / "catalogue.yaml").write_text(without, encoding="utf-8")
    ended = run("load")
    assert ended.status != 0
    (line,) = ended.err
    assert "wifi.fr.md:5: services[0]: there is no service “wifi” in the catalogue" in line
    assert not is_archived(Service)
