"""Writings that read the same, and numbers as Guichet prints them, through both searches."""

import pytest

from bot.services import search
from bot.services.my_search import search_own
from tests.support.factories import create_ticket
from tests.support.use_case_desk import SmallDesk

PAIRS = [
    ("00:1A:2B:3C:4D:5E", "00-1A-2B-3C-4D-5E"),
    ("00:1A:2B:3C:4D:5E", "001A2B3C4D5E"),
    ("001A.2B3C.4D5E", "00:1A:2B:3C:4D:5E"),
    ("B 204", "B-204"),
    ("B204", "B 204"),
    ("PC 2023 0042", "PC-2023-0042"),
    ("Dupont Durand", "dupont-durand"),
    ("Søren", "soren"),
    ("Łódź", "lodz"),
    ("impri\u00admante", "imprimante"),
    ("impri\u200bmante", "imprimante"),
    ("Wi–Fi", "wifi"),
    ("étudiant·e·s", "étudiantes"),
    ("04 77 42 17 00", "0477421700"),
]
NAMES_OF_FIRST = [
    "[n° 1] Imprimante en panne",
    "RE: [n° 1] Imprimante en panne",
    "n° 1 · Imprimante en panne",
    "n° 1 · Incident · Nouveau · Priorité moyenne",
    "ticket 1",
    "(n° 1)",
    "1.",
    "n°1.",
]


@pytest.fixture(params=["among the newest", "by the index"])
def desk(
    request: pytest.FixtureRequest, shared_desk: SmallDesk, monkeypatch: pytest.MonkeyPatch
) -> SmallDesk:
    """On each database, each way a ticket is found."""
    if request.param == "by the index":
        monkeypatch.setattr(search, "NEWEST", 1)
    return shared_desk


def both(desk: SmallDesk, words: str) -> tuple[list[int], list[int]]:
    """What the team finds, and what the requester does."""
    karim, camille = desk.actor("karim", "assistance"), desk.actor("camille")
    with desk.sessions() as session:
        by_team = search.search(session, karim, words, page=0, size=10).tickets
        own = search_own(session, camille.id, words, page=0, size=10).tickets
        return [ticket.id for ticket in by_team], [ticket.id for ticket in own]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_one_writing_is_found_by_the_other_in_both_directions(desk: SmallDesk, one: str, other: str) -> None:
    desk.open(desk.draft("Sans rapport 205"))
    numbers = [desk.open(desk.draft(f"Salle {title} ce matin")).id for title in (one, other)]
    for words in (one, other, f"salle {other}"):
        assert both(desk, words) == (numbers[::-1], numbers[::-1]), words


@pytest.mark.parametrize("words", NAMES_OF_FIRST)
def test_a_number_as_it_is_printed_finds_its_ticket_first(desk: SmallDesk, words: str) -> None:
    number = desk.open().id
    desk.open()
    desk.open(desk.draft("Le 1 du mois"))
    typed = words.replace("1", str(number))
    by_team, own = both(desk, typed)
    assert (by_team[0], own[0]) == (number, number)


@pytest.mark.parametrize("blank", ["", " ", "\u00a0", "\u202f", ",", ".", "’"])
def test_thousands_may_be_separated(desk: SmallDesk, blank: str) -> None:
    with desk.sessions.begin() as session:
        create_ticket(session, id=1042, requester_id=desk.actor("camille").id)
    assert both(desk, f"1{blank}042") == ([1042], [1042])


def test_other_tickets_with_the_words_follow_the_numbered_one(desk: SmallDesk) -> None:
    number, later = desk.open().id, desk.open().id
    desk.open(desk.draft("Autre chose"))
    assert both(desk, f"RE: [n° {number}] Imprimante en panne") == ([number, later], [number, later])


def test_somebody_elses_number_shows_only_what_matches_the_words(desk: SmallDesk) -> None:
    theirs = desk.open(by=desk.actor("oliver")).id
    mine = desk.open().id
    assert both(desk, f"[n° {theirs}] Imprimante en panne")[1] == [mine]
