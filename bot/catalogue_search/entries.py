"""What can be found: groups, services and articles, each with the texts that it is found by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.article import Article
from models.base import LocalizedText
from models.catalogue import Group, Keywords, OutOfScope, Question, Service


class EntryKind(StrEnum):
    """What was found."""

    SERVICE = "service"
    GROUP = "group"
    ARTICLE = "article"
    OUT_OF_SCOPE = "out_of_scope"


class Field(StrEnum):
    """Where a text stands."""

    NAME = "name"
    KEYWORD = "keyword"
    DESCRIPTION = "description"
    QUESTION = "question"
    BODY = "body"
    GROUP = "group"


@dataclass(frozen=True)
class Entry:
    """Something to find, by its texts in both languages."""

    kind: EntryKind
    id: str
    name: LocalizedText
    texts: Sequence[tuple[Field, str]]


@dataclass(frozen=True)
class Rows:
    """What there is to find: rows of the database, or of the file before it is loaded."""

    groups: Sequence[Group]
    services: Sequence[Service]
    articles: Sequence[Article] = ()
    out_of_scope: Sequence[OutOfScope] = ()


def entries(rows: Rows) -> Sequence[Entry]:
    """An entry for each row."""
    names = {group.id: group.name for group in rows.groups}
    return [
        *(Entry(EntryKind.GROUP, each.id, each.name, list(_of_group(each))) for each in rows.groups),
        *(
            Entry(EntryKind.SERVICE, each.id, each.name, list(_of_service(each, names.get(each.group_id))))
            for each in rows.services
        ),
        *(Entry(EntryKind.ARTICLE, each.id, each.title, list(_of_article(each))) for each in rows.articles),
        *(
            Entry(EntryKind.OUT_OF_SCOPE, each.id, each.name, list(_keywords(each.keywords)))
            for each in rows.out_of_scope
        ),
    ]


def _of_group(group: Group) -> Iterator[tuple[Field, str]]:
    yield from _both(Field.NAME, group.name)
    yield from _both(Field.DESCRIPTION, group.description)


def _of_service(service: Service, group: LocalizedText | None) -> Iterator[tuple[Field, str]]:
    yield from _both(Field.NAME, service.name)
    yield from _keywords(service.keywords)
    yield from _both(Field.DESCRIPTION, service.description)
    yield from _both(Field.GROUP, group)
    for question in service.questions:
        for text in _texts(question):
            yield from _both(Field.QUESTION, text)


def _texts(question: Question) -> Iterator[LocalizedText | None]:
    yield question.label
    yield question.hint
    yield from (option.label for option in question.options)


def _of_article(article: Article) -> Iterator[tuple[Field, str]]:
    yield from _both(Field.NAME, article.title)
    yield from _keywords(article.keywords)
    yield from _both(Field.BODY, article.body)


def _keywords(keywords: Keywords) -> Iterator[tuple[Field, str]]:
    for word in dict.fromkeys((*keywords.fr, *keywords.en)):
        yield Field.KEYWORD, word


def _both(field: Field, text: LocalizedText | None) -> Iterator[tuple[Field, str]]:
    if text is not None:
        yield from ((field, words) for words in dict.fromkeys((text.fr, text.en)))
