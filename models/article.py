"""Articles: short guides that help before a ticket is filed.

They are loaded from the folder of the setting `ARTICLES`; what disappears from it is archived, as with the
catalogue.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, JsonColumn, LocalizedText, UtcDateTime
from models.catalogue import Keywords


class Article(Base):
    """An article, in both languages: where one is not written, it has the text of the other."""

    __tablename__ = "article"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The name of its files, without language and suffix."""
    title: Mapped[LocalizedText] = mapped_column(JsonColumn(LocalizedText))
    body: Mapped[LocalizedText] = mapped_column(JsonColumn(LocalizedText))
    """CommonMark."""
    keywords: Mapped[Keywords] = mapped_column(JsonColumn(Keywords), default=Keywords)
    services: Mapped[Sequence[str]] = mapped_column(JsonColumn(list[str]), default=list)
    """The ids of the services that it belongs to."""
    owner: Mapped[str] = mapped_column(String(80))
    review_on: Mapped[date]
    """When somebody has to read it again; the earlier day of its languages."""
    position: Mapped[int]
    archived: Mapped[bool] = mapped_column(default=False)


class ArticleAnswer(Base):
    """Somebody said that an article answered their question; not who."""

    __tablename__ = "article_answer"
    __table_args__ = (Index("ix_article_answer_article_id", "article_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("article.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
