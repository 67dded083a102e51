"""Articles, and who was helped by one. Imports nothing of Slack."""

from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from models.article import Article, ArticleAnswer
from models.errors import ArticleNotFound


def article(session: Session, article_id: str) -> Article:
    """An article. Raises `ArticleNotFound` when it is not there any more."""
    found = session.get(Article, article_id)
    if found is None or found.archived:
        raise ArticleNotFound
    return found


def count_answer(uow: UnitOfWork, article_id: str) -> None:
    """Count that an article answered somebody's question. Raises `ArticleNotFound`."""
    uow.session.add(ArticleAnswer(article_id=article(uow.session, article_id).id, at=uow.now))
