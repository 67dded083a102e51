"""`make search-quality FILE=…`: how well the catalogue's search answers a file's queries, and its misses."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.articles.contents import read_contents
from bot.catalogue_search.unloaded import index_of
from tests.conftest import ROOT
from tests.search_quality.measure import Answer, answer, quality, read_queries

OWN = ROOT / "tests/search_quality/queries.jsonl"


def main(path: Path) -> None:
    """Print the figures by language and kind of query, then each query that is not answered."""
    index = index_of(read_contents(ROOT / "catalogue.yaml", ROOT / "articles"))
    answers = [answer(index, query) for query in read_queries(path)]
    print(f"{'':14}{'queries':>8}{'first':>8}{'in three':>10}{'in form':>9}{'none':>6}{'wrong':>7}{'ms':>7}")
    _line("all", answers)
    for locale in sorted({each.query.locale for each in answers}):
        _line(locale, [each for each in answers if each.query.locale == locale])
    for sort in sorted({each.query.sort for each in answers}):
        _line(sort, [each for each in answers if each.query.sort == sort])
    _misses(answers)


def _line(name: str, answers: Sequence[Answer]) -> None:
    got = quality(answers)
    served = f"{got.first:8.1%}{got.among_three:10.1%}{got.suggested:9.1%}" if got.count else f"{'':27}"
    others = f"{got.others:6}{got.wrongly_suggested:7.1%}" if got.others else f"{'':13}"
    print(f"{name:14}{got.count:8}{served}{others}{got.median_ms:7.2f}")


def _misses(answers: Iterable[Answer]) -> None:
    for each in answers:
        if each.query.right and not each.is_among_three:
            print(
                f"not found: {each.query.words} — {', '.join(sorted(each.query.right))}; found {each.found}"
            )
        if not each.query.right and each.suggested:
            print(f"suggested for nothing: {each.query.words} — {each.suggested}")


main(Path(sys.argv[1]) if len(sys.argv) > 1 else OWN)
