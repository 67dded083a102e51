"""The shipped catalogue answers the queries that staff would type."""

import pytest

from bot.articles.contents import read_contents
from bot.catalogue_search.index import Index
from bot.catalogue_search.ranking import rank
from bot.catalogue_search.suggestions import confident
from bot.catalogue_search.unloaded import index_of
from tests.conftest import ROOT
from tests.search_quality.measure import Answer, answer, quality, read_queries


@pytest.fixture(scope="module")
def index() -> Index:
    return index_of(read_contents(ROOT / "catalogue.yaml", ROOT / "articles"))


@pytest.fixture(scope="module")
def answers(index: Index) -> list[Answer]:
    queries = read_queries(ROOT / "tests/search_quality/queries.jsonl")
    assert len(queries) == 600
    return [answer(index, query) for query in queries]


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_a_right_service_is_among_the_first(answers: list[Answer], locale: str) -> None:
    got = quality(each for each in answers if each.query.locale == locale)
    assert got.among_three >= 0.85
    assert got.first >= 0.7


def test_the_form_suggests_what_is_right_and_rarely_anything_else(answers: list[Answer]) -> None:
    got = quality(answers)
    assert got.suggested >= 0.6
    assert got.wrongly_suggested <= 1 / 14


@pytest.mark.parametrize(
    ("words", "right"),
    [
        ("mot de passe", "mot-de-passe"),
        ("pas de son", "panne-salle"),
        ("le son ne marche pas", "panne-salle"),
    ],
)
def test_the_shortest_words_for_it_lead_to_a_service_and_are_suggested(
    index: Index, words: str, right: str
) -> None:
    assert rank(index, words)[0].entry.id == right
    assert confident(index, words)[0].entry.id == right


def test_no_service_is_suggested_for_somewhere_to_live(index: Index) -> None:
    assert confident(index, "je cherche un logement étudiant") == []
