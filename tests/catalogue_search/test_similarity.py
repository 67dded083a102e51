"""Whether two titles of one person speak of the same."""

import json

import pytest

from bot.articles.contents import read_contents
from bot.catalogue_search.index import Index
from bot.catalogue_search.similarity import alike
from bot.catalogue_search.unloaded import index_of
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def index() -> Index:
    return index_of(read_contents(ROOT / "catalogue.yaml", ROOT / "articles"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Imprimante du 2e étage en panne", "le copieur du deuxième n'imprime toujours pas"),
        ("Ordinateur très lent", "mon PC rame, c'est de pire en pire"),
        ("Desk phone dead", "no dial tone on my landline"),
        ("Commande d'un ordinateur portable", "où en est mon pc portable svp"),
        ("No sound in lecture theatre A", "Speakers in theatre A are silent"),
    ],
)
def test_other_words_for_the_same_are_alike(index: Index, one: str, other: str) -> None:
    assert alike(index, one, other)
    assert alike(index, other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Vidéoprojecteur en panne salle 101", "vidéoprojecteur en panne salle 305"),
        ("No sound in lecture theatre A", "No sound in lecture theatre B"),
        ("Droits scolarité pour Julie Martin", "Droits scolarité pour Paul Girard"),
        ("Le PC de Marie est lent", "Le PC de Julie est lent"),
        ("Plus de Wi-Fi salle Pasteur", "Plus de Wi-Fi salle Curie"),
        ("Ordinateur portable en panne", "Achat d’un ordinateur portable"),
        ("Docking station not detected", "Order a docking station"),
        ("Pas de wifi en salle 204", "wifi pour un colloque en salle 204"),
        ("bonjour", "bonjour"),
        ("Le radiateur fuit", "le radiateur fuit encore"),
    ],
)
def test_another_room_name_nature_or_subject_is_not(index: Index, one: str, other: str) -> None:
    assert not alike(index, one, other)


def test_of_many_pairs_most_are_told_rightly(index: Index) -> None:
    rows = [json.loads(line) for line in (ROOT / "tests/search_quality/pairs.jsonl").read_text().splitlines()]
    told = [(row["same"], alike(index, row["open_title"], row["new_title"])) for row in rows]
    assert len(told) == 90
    same = [answer for is_same, answer in told if is_same]
    others = [answer for is_same, answer in told if not is_same]
    assert sum(same) / len(same) >= 0.8
    assert sum(others) / len(others) <= 0.25
