"""Code and tables in what people write are found, and shown as they were typed."""

import pytest

from blocks.kit.text import quote, user_text
from models.words.preformatted import Piece, pieces

TABLE = "poste\tprise\tétat\nB12\t4\tcoupée"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’imprimante\nne répond plus.", [Piece("L’imprimante\nne répond plus.")]),
        (" \n", []),
        ("Voici :\n```ping  x\n  50 %```\nMerci", [("Voici :"), "ping  x\n  50 %", "Merci"]),
        ("```a\nb```", ["", "a\nb"]),
        (f"Les postes :\n{TABLE}\nVoilà.", ["Les postes :", TABLE, "Voilà."]),
        ("| a | b |\n| 1 | 2 |", ["", "| a | b |\n| 1 | 2 |"]),
        ("Nom     Prise\nB12     4", ["", "Nom     Prise\nB12     4"]),
    ],
)
def test_code_and_tables_are_pieces_of_their_own(text: str, expected: list[str | Piece]) -> None:
    wanted = [
        each if isinstance(each, Piece) else Piece(each, index % 2 == 1)
        for index, each in enumerate(expected)
        if each
    ]
    assert pieces(text) == wanted


@pytest.mark.parametrize(
    "text",
    ["un ``` tout seul", "a|b", "x || y\nrien", "un seul\ttabulé", "Bonjour.   Deux phrases.", "-- \nMarc"],
)
def test_what_only_looks_like_it_stays_as_it_is(text: str) -> None:
    assert pieces(text) == [Piece(text)]


def test_they_are_preformatted_in_slack() -> None:
    for shown, kind in ((user_text, "rich_text_section"), (quote, "rich_text_quote")):
        [block] = shown(f"Les postes :\n{TABLE}")
        first, second = block.to_dict()["elements"]
        assert (first["type"], second["type"]) == (kind, "rich_text_preformatted")
        assert second["elements"] == [{"type": "text", "text": TABLE}]
