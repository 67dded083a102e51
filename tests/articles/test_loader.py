"""Articles in the database, loaded with the catalogue."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.articles.contents import Contents, read_contents
from bot.articles.loader import load_contents
from bot.catalogue.changes import How
from models.article import Article
from models.base import LocalizedText
from models.catalogue import CatalogueState, Keywords
from tests.conftest import CATALOGUE, ROOT
from tests.support.use_case_desk import SmallDesk


def shipped() -> Contents:
    return read_contents(CATALOGUE, ROOT / "articles")


def fingerprint(session: Session) -> str:
    return session.scalars(select(CatalogueState.fingerprint)).one()


def test_articles_are_loaded_with_both_languages(small_desk: SmallDesk) -> None:
    with small_desk.sessions.begin() as session:
        load_contents(session, shipped())
    with small_desk.sessions() as session:
        wifi = session.get_one(Article, "wifi")
        assert wifi.title == LocalizedText("Se connecter au Wi-Fi eduroam", "Connecting to eduroam Wi-Fi")
        assert isinstance(wifi.keywords, Keywords)
        assert "eduroam" in wifi.keywords.fr
        assert wifi.services == ["wifi-eduroam"]


def test_loading_the_same_again_changes_nothing(small_desk: SmallDesk) -> None:
    with small_desk.sessions.begin() as session:
        load_contents(session, shipped())
        before = fingerprint(session)
        again = load_contents(session, shipped())
        assert (again.added, again.changed, again.archived) == (0, 0, 0)
        assert fingerprint(session) == before


def test_what_is_gone_is_archived_and_comes_back(small_desk: SmallDesk) -> None:
    contents = shipped()
    with small_desk.sessions.begin() as session:
        load_contents(session, contents)
        less = load_contents(session, replace(contents, articles=contents.articles[1:]))
        archived = [change.row for change in less.rows if change.how is How.ARCHIVED]
        assert archived == ["article dossier-partage (Ouvrir un dossier partagé)"]
        assert session.get_one(Article, "dossier-partage").archived
        load_contents(session, contents)
        assert not session.get_one(Article, "dossier-partage").archived


def test_a_changed_article_changes_the_fingerprint(small_desk: SmallDesk) -> None:
    contents = shipped()
    with small_desk.sessions.begin() as session:
        load_contents(session, contents)
        before = fingerprint(session)
        body = LocalizedText("Autre", "Other")
        other = replace(contents.articles[0], body=body)
        loaded = load_contents(session, replace(contents, articles=(other, *contents.articles[1:])))
        assert [(change.row, change.keys) for change in loaded.rows] == [
            ("article dossier-partage (Ouvrir un dossier partagé)", ["text"])
        ]
        assert fingerprint(session) != before
