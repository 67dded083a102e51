"""Loads the catalogue's file and the articles into the database, in one transaction.

Articles that are no longer in the folder are archived, as with the catalogue.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from bot.articles.contents import ArticleContent, Contents
from bot.catalogue.changes import Loaded
from bot.catalogue.loader import load_catalogue, put_state
from bot.catalogue.table import Table, loaded
from models.article import Article


def load_contents(session: Session, contents: Contents) -> Loaded:
    """Bring the tables in line with both."""
    catalogue = load_catalogue(session, contents.catalogue)
    table = Table(session, Article)
    for position, article in enumerate(contents.articles):
        table.put(article.id, **_values(article, position))
    table.archive_the_rest()
    put_state(session, contents.catalogue, contents.as_text())
    session.flush()
    return loaded([*catalogue.rows, *table.changes])


def articles_of(contents: Contents) -> Sequence[Article]:
    """The articles as rows of no session."""
    return [
        Article(id=article.id, archived=False, **_values(article, position))
        for position, article in enumerate(contents.articles)
    ]


def _values(article: ArticleContent, position: int) -> dict[str, object]:
    return {
        "title": article.title,
        "body": article.body,
        "keywords": article.keywords,
        "services": list(article.services),
        "owner": article.owner,
        "review_on": article.review_on,
        "position": position,
    }
