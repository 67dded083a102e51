"""The numbers of tickets in what people type or paste."""

import pytest

from models.search.ticket_numbers import ticket_numbers

NAMING_ONE = [
    "1042",
    " 1042 ",
    "#1042",
    "n°1042",
    "n° 1042",
    "N° 1042",
    "n°\u00a01042",
    "n°\u202f1042",
    "nº 1042",
    "№ 1042",
    "no 1042",
    "No. 1042",
    "no.1042",
    "(n° 1042)",
    "[n° 1042]",
    "1042.",
    "n°1042.",
    "01042",
    "1 042",
    "1\u00a0042",
    "1\u202f042",
    "1,042",
    "1.042",
    "1’042",
    "n° 1 042",
    "ticket 1042",
    "Ticket n° 1042",
    "ticket #1042",
    "le ticket 1042",
    "demande n° 1042",
    "incident 1042",
    "request No. 1042",
    "TICKETS 1042",
]
NAMING_ONE_AMONG_WORDS = [
    "[n° 1042] Imprimante en panne",
    "RE: [n° 1042] Imprimante en panne",
    "Re : TR: [n° 1042] Imprimante en panne",
    "Fwd: Re: [No. 1042] Printer down",
    "AW: Re[2]: [No. 1042] Printer down",
    "n° 1042 · Imprimante en panne",
    "n° 1042 · Incident · Nouveau · Priorité moyenne",
    "No. 1042 · Incident · New · Medium priority",
    "🎫 n° 1042 · Imprimante",
    "Ouvrir le n° 1042 maintenant",
    "Le ticket n° 1042 est créé.",
    "Le n° 1042 (Imprimante) attend votre accord : avez-vous tout ce qu’il vous faut ?",
    "C’est pour le n° 1042 (Imprimante) ?",
    "Is this about No. 1042 (Printer)?",
    "Votre ticket est clos : c’est un doublon du n° 1042.",
    "Ces mots sont déjà dans le n° 1042.",
    "What you wrote is already in No. 1042.",
    "Ajouté au n° 1042.",
    "Added to No. 1042.",
    "You are following this outage (No. 1042).",
    "M’envoyer photo.png du ticket n° 1042",
    "Écran noir (n° 1042)",
    "Tickets › n° 1042 › Répondre",
]


@pytest.mark.parametrize("text", [*NAMING_ONE, *NAMING_ONE_AMONG_WORDS])
def test_the_number_is_read_however_it_is_written(text: str) -> None:
    assert ticket_numbers(text)[0][:1] == [1042]


@pytest.mark.parametrize("text", NAMING_ONE)
def test_a_number_alone_is_also_looked_for_as_a_word(text: str) -> None:
    numbers, words = ticket_numbers(text)
    assert "".join(each for each in words if each.isdigit()).lstrip("0") == "1042"
    assert numbers == [1042]


def test_of_others_the_words_beside_it_are_looked_for() -> None:
    numbers, words = ticket_numbers("RE: [n° 1042] Imprimante en panne")
    assert (numbers, words.split()) == ([1042], ["[", "]", "imprimante", "en", "panne"])


def test_a_sentence_may_name_two() -> None:
    assert ticket_numbers("Le n° 3, dont votre n° 4 est un doublon, est résolu.")[0] == [3, 4]


@pytest.mark.parametrize(
    "text",
    [
        "salle n° 12",
        "l’écran n° 3 est noir",
        "imprimante 4050",
        "04 77 42 17 00",
        "B 204",
        "demande 3 licences",
        "9" * 18,
        "non 12 fois",
        "",
        "n°",
    ],
)
def test_a_number_of_something_else_is_none(text: str) -> None:
    assert ticket_numbers(text) == ([], text)


def test_the_first_figures_may_be_the_number_and_the_rest_words() -> None:
    assert ticket_numbers("n° 1 042 dossiers perdus")[0] == [1042, 1]
