"""What is loaded: the catalogue's file and the articles, both languages of each together."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from bot.articles.folder import ArticleText, read_folder
from bot.catalogue.file import CatalogueError, read_catalogue
from bot.catalogue.schema import CatalogueFile
from models.base import LocalizedText
from models.catalogue import Keywords


@dataclass(frozen=True)
class ArticleContent:
    """An article; where a language is not written, it has the text of the other."""

    id: str
    title: LocalizedText
    body: LocalizedText
    keywords: Keywords
    services: Sequence[str]
    owner: str
    review_on: date
    """The earlier day of its languages."""


@dataclass(frozen=True)
class Contents:
    """The catalogue's file, and the articles of the folder in the order of their ids."""

    catalogue: CatalogueFile
    articles: Sequence[ArticleContent] = ()

    def as_text(self) -> str:
        """All of it in a text, which changes when anything does."""
        articles = [{**asdict(article), "review_on": str(article.review_on)} for article in self.articles]
        return self.catalogue.model_dump_json() + json.dumps(articles)


def read_contents(catalogue: Path, folder: Path) -> Contents:
    """Read both. Raises `CatalogueError` with every mistake in either."""
    problems, file = list[str](), None
    try:
        file = read_catalogue(catalogue)
    except CatalogueError as error:
        problems += error.problems
    found = read_folder(folder, {service.id for service in file.all_services()} if file else None)
    problems += found.problems
    if problems or file is None:
        raise CatalogueError(*problems)
    return Contents(file, list(_together(found.texts)))


def _together(texts: Sequence[ArticleText]) -> Iterator[ArticleContent]:
    by_id = sorted(texts, key=lambda text: text.id)
    for article_id, group in groupby(by_id, key=lambda text: text.id):
        written = {text.language: text for text in group}
        french = written.get("fr") or written["en"]
        english = written.get("en") or french
        keywords = {language: text.front.keywords for language, text in written.items()}
        yield ArticleContent(
            id=article_id,
            title=LocalizedText(french.front.title, english.front.title),
            body=LocalizedText(french.body, english.body),
            keywords=Keywords(**keywords),
            services=french.front.services,
            owner=french.front.owner,
            review_on=min(text.front.review for text in written.values() if text.front.review),
        )
