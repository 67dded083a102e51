"""The words of queries, and which words of the entries they stand for."""

import pytest

from bot.catalogue_search.entries import Entry, EntryKind, Field
from bot.catalogue_search.index import Index
from bot.catalogue_search.ranking import rank
from bot.catalogue_search.words import COMMON_WEIGHT, words_of
from models.base import LocalizedText


def index_of(*keywords: str) -> Index:
    """A service for each keyword, of which it is the id."""
    name = LocalizedText("", "")
    return Index([Entry(EntryKind.SERVICE, each, name, [(Field.KEYWORD, each)]) for each in keywords])


def first(index: Index, query: str) -> str | None:
    matches = rank(index, query)
    return matches[0].entry.id if matches else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’Écran", ["l", "ecran"]),
        ("impri\u00admante", ["imprimante"]),
        ("C++ et C#", ["c++", "et", "c#"]),
        ("Søren, cœur, straße", ["soren", "coeur", "strasse"]),
        ("…!?", []),
    ],
)
def test_words_are_compared_without_accents_case_or_signs(text: str, expected: list[str]) -> None:
    assert [word.text for word in words_of(text)] == expected


def test_a_word_weighs_what_it_tells() -> None:
    weights = {word.text: word.weight for word in words_of("Bonjour le copieur ne marche plus")}
    assert weights == {"bonjour": 0, "le": 0, "copieur": 1, "ne": 0, "marche": COMMON_WEIGHT, "plus": 0}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("motdepasse", "mot de passe"),
        ("mots de passe", "mot de passe"),
        ("video projecteur", "vidéoprojecteur"),
        ("video-projecteurs", "vidéoprojecteur"),
        ("videoprojecteurs", "vidéoprojecteur"),
        ("copieurscanner", "copieur-scanner"),
        ("copieurscanners", "copieur-scanner"),
        ("imprimente", "imprimante"),
        ("impirmante", "imprimante"),
        ("imprimaante", "imprimante"),
        ("badeg", "badge"),
        ("vidéoproj", "vidéoprojecteur"),
    ],
)
def test_a_word_is_read_however_it_is_written(query: str, expected: str) -> None:
    index = index_of("mot de passe", "vidéoprojecteur", "imprimante", "badge", "text", "copieur-scanner")
    assert first(index, query) == expected


@pytest.mark.parametrize("query", ["imprmte", "test", "toboggan"])
def test_a_word_that_is_too_far_is_not_found(query: str) -> None:
    assert first(index_of("imprimante", "text", "badge"), query) is None


def test_the_entry_with_the_whole_phrase_comes_first() -> None:
    index = index_of("écran noir", "second écran", "écran", "noir de fumée")
    assert first(index, "mon écran est tout noir") == "écran noir"
    assert first(index, "un second écran") == "second écran"
    assert first(index, "écran") == "écran"


def test_common_words_count_as_a_whole_keyword_only() -> None:
    index = index_of("besoin d'aide", "panne d'imprimante")
    assert first(index, "j'ai besoin d'aide svp") == "besoin d'aide"
    assert first(index, "panne") is None


def test_a_match_says_why() -> None:
    [match] = rank(index_of("imprimante en panne"), "panne d'imprimente couleur")
    assert (match.phrase, match.words) == ("imprimante en panne", ["panne", "imprimente"])
    assert 0 < match.score < 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [("mot de passe", "mot de passe"), ("bâtiment B, c’est la porte", "porte"), ("la carte", "carte")],
)
def test_words_that_say_nothing_are_no_part_of_a_compound(query: str, expected: str) -> None:
    index = index_of("mot de passe", "quota de mot dépassé", "BC", "porte", "lacarte", "carte")
    assert first(index, query) == expected
