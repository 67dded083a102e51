"""Articles, and who was helped by one. Imports nothing of Slack."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from models.article import Article, ArticleAnswer
from models.catalogue import Service
from models.errors import ArticleNotFound
from models.pages import ArticlePage
from models.tickets.ticket import Ticket

_SHOWN = select(Article).where(~Article.archived).order_by(Article.position)


def article(session: Session, article_id: str) -> Article:
    """An article. Raises `ArticleNotFound` when it is not there any more."""
    found = session.get(Article, article_id)
    if found is None or found.archived:
        raise ArticleNotFound
    return found


def all_articles(session: Session) -> Sequence[Article]:
    """All articles, in the order of the folder."""
    return session.scalars(_SHOWN).all()


def of_service(session: Session, service_id: str) -> Sequence[Article]:
    """The articles of a service, in the order of the folder."""
    return [each for each in all_articles(session) if service_id in each.services]


def article_page(session: Session, article_id: str) -> ArticlePage:
    """An article with its services, in the order of its file. Raises `ArticleNotFound`."""
    found = article(session, article_id)
    services = session.scalars(select(Service).where(Service.id.in_(found.services), ~Service.archived))
    return ArticlePage(found, sorted(services, key=lambda service: found.services.index(service.id)))


def for_ticket(session: Session, ticket: Ticket) -> tuple[Sequence[Article], Sequence[Article]]:
    """The articles of the ticket's service, and the others."""
    found = all_articles(session)
    own = [each for each in found if ticket.service_id in each.services]
    return own, [each for each in found if each not in own]


def past_review(session: Session, today: date) -> Sequence[Article]:
    """The articles whose day of review is over, the longest first."""
    late = _SHOWN.where(Article.review_on < today).order_by(None)
    return session.scalars(late.order_by(Article.review_on, Article.position)).all()


def count_answer(uow: UnitOfWork, article_id: str) -> None:
    """Count that an article answered somebody's question, even one that has been archived since it was shown.

    Raises `ArticleNotFound` for what was never one."""
    if uow.session.get(Article, article_id) is None:
        raise ArticleNotFound
    uow.session.add(ArticleAnswer(article_id=article_id, at=uow.now))
