"""What `guichet doctor` says of the articles."""

from datetime import date

from bot.ops.doctor import Finding, examine
from models.article import Article
from tests.support.help_desk import Desk

WORDS = "article wifi (Se connecter au Wi-Fi eduroam): review due since 2020-01-02, by Réseau et téléphonie"


def about_articles(desk: Desk) -> list[Finding]:
    return [finding for finding in examine(desk.settings) if finding.text.startswith("article ")]


def review(desk: Desk, on: date, **values: object) -> None:
    with desk.sessions.begin() as session:
        article = session.get_one(Article, "wifi")
        article.review_on = on
        for name, value in values.items():
            setattr(article, name, value)


def test_an_article_past_its_review_is_a_warning_with_its_owner(desk: Desk) -> None:
    review(desk, date(2020, 1, 2))
    (finding,) = about_articles(desk)
    assert (finding.text, finding.ok, finding.sign) == (WORDS, True, "warn")


def test_an_article_before_its_review_or_archived_is_not_listed(desk: Desk) -> None:
    review(desk, date(2999, 1, 1))
    assert about_articles(desk) == []
    review(desk, date(2020, 1, 2), archived=True)
    assert about_articles(desk) == []
