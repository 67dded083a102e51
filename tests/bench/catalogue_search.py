"""The search in the catalogue: the shipped one, and one of 500 services."""

import random
import time
from collections.abc import Mapping, Sequence
from itertools import islice

from bot.articles.contents import read_contents
from bot.catalogue_search.entries import Entry, EntryKind
from bot.catalogue_search.index import Index
from bot.catalogue_search.ranking import rank
from bot.catalogue_search.unloaded import index_of
from tests.bench.environment import Databases
from tests.bench.report.goals import Goal
from tests.bench.report.table import Section, milliseconds
from tests.conftest import ROOT
from tests.search_quality.measure import read_queries

SERVICES = 500
ENDINGS = ("", "age", "eur", "ique", "oir", "ment", "tion", "ette", "isme")  # of words that no query has

TITLE = "Catalogue search"
GOALS: Mapping[str, Sequence[Goal]] = {TITLE: ()}


def run(_databases: Databases) -> Sequence[Section]:
    """One table."""
    words = (
        "Index in memory, no database. The queries are those of `make search-quality`, whole sentences and "
        "typing mistakes among them. The 500 services are the shipped ones several times, most words changed."
    )
    section = Section(TITLE, words, ["", "index built", "median query", "99 of 100 within"])
    section.announce()
    shipped = index_of(read_contents(ROOT / "catalogue.yaml", ROOT / "articles"))
    entries = [indexed.entry for indexed in shipped.entries]
    _measure(section, f"{_services(entries)} services", entries)
    many = [entry for entry in _many(entries) if entry.kind is EntryKind.SERVICE]
    _measure(section, f"{SERVICES} services", list(islice(many, SERVICES)))
    return [section]


def _services(entries: Sequence[Entry]) -> int:
    return sum(entry.kind is EntryKind.SERVICE for entry in entries)


def _many(entries: Sequence[Entry]) -> list[Entry]:
    random_ = random.Random(1)
    rounds = SERVICES // _services(entries) + 1
    return [_another(random_, entry, number) for number in range(rounds) for entry in entries]


def _another(random_: random.Random, entry: Entry, number: int) -> Entry:
    texts = [(field, _changed(random_, text)) for field, text in entry.texts]
    return Entry(entry.kind, f"{entry.id}-{number}", entry.name, texts)


def _changed(random_: random.Random, text: str) -> str:
    return " ".join(word + random_.choice(ENDINGS) if len(word) > 3 else word for word in text.split())


def _measure(section: Section, name: str, entries: Sequence[Entry]) -> None:
    start = time.perf_counter()
    index = Index(entries)
    built = time.perf_counter() - start
    taken = []
    for query in read_queries(ROOT / "tests/search_quality/queries.jsonl"):
        start = time.perf_counter()
        rank(index, query.words)
        taken.append(time.perf_counter() - start)
    taken.sort()
    section.add(
        name,
        milliseconds(built),
        milliseconds(taken[len(taken) // 2]),
        milliseconds(taken[len(taken) * 99 // 100]),
    )
