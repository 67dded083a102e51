"""Queries with their right answers, and how many of them the search answers."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from bot.catalogue_search.entries import EntryKind
from bot.catalogue_search.index import Index
from bot.catalogue_search.ranking import rank
from bot.catalogue_search.suggestions import confident

ANSWERS = 3  # results that somebody reads
NOT_COUNTED = (EntryKind.GROUP, EntryKind.OUT_OF_SCOPE)


@dataclass(frozen=True)
class Query:
    """What somebody types, the services that would serve, and what kind of query it is."""

    words: str
    locale: str
    right: frozenset[str]
    """Ids of services; none when no service answers."""
    sort: str


@dataclass(frozen=True)
class Answer:
    """What the search says to a query."""

    query: Query
    found: Sequence[str]
    """The ids of the first results, groups left out."""
    suggested: Sequence[str]
    """The ids that the form would suggest."""
    seconds: float

    @property
    def is_first(self) -> bool:
        """Whether the first result is right."""
        return bool(self.found) and self.found[0] in self.query.right

    @property
    def is_among_three(self) -> bool:
        """Whether one of the first three results is right."""
        return not self.query.right.isdisjoint(self.found)

    @property
    def is_suggested(self) -> bool:
        """Whether the form suggests a right one."""
        return not self.query.right.isdisjoint(self.suggested)


def read_queries(path: Path) -> Sequence[Query]:
    """One JSON object a line: `q`, `locale`, `best` (an id or null), `also` (ids), `sort`."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [
        Query(row["q"], row["locale"], frozenset(filter(None, (row["best"], *row["also"]))), row["sort"])
        for row in rows
    ]


def answer(index: Index, query: Query) -> Answer:
    """What the search and the form say to a query."""
    start = perf_counter()
    matches = rank(index, query.words)
    seconds = perf_counter() - start
    found = [match.entry.id for match in matches if match.entry.kind not in NOT_COUNTED][:ANSWERS]
    return Answer(query, found, [match.entry.id for match in confident(index, query.words)], seconds)


@dataclass(frozen=True)
class Quality:
    """Shares, 0 to 1, of the queries that a service answers; and of the others."""

    count: int
    first: float
    among_three: float
    suggested: float
    """A right suggestion in the form."""
    others: int
    """How many queries no service answers."""
    wrongly_suggested: float
    """How many of these get a suggestion."""
    median_ms: float


def quality(answers: Iterable[Answer]) -> Quality:
    """The shares over these answers."""
    answers = list(answers)
    served = [each for each in answers if each.query.right]
    others = [each for each in answers if not each.query.right]
    return Quality(
        len(served),
        _share(each.is_first for each in served),
        _share(each.is_among_three for each in served),
        _share(each.is_suggested for each in served),
        len(others),
        _share(bool(each.suggested) for each in others),
        median(each.seconds for each in answers) * 1000 if answers else 0.0,
    )


def _share(values: Iterable[bool]) -> float:
    values = list(values)
    return sum(values) / len(values) if values else 0.0
