"""The search over one's own tickets."""

import re

import pytest

from blocks import ids
from models.lifecycle import Status
from models.tickets.ticket import Ticket
from tests.support.help_desk import APPROVE, DIRECT, TRIAGE, Desk, Person

BUTTON = "Chercher dans mes tickets"
FIELD = "Mots ou numéro"


def found(person: Person) -> list[int]:
    """The tickets that a search shows, in their order."""
    return [int(number) for number in re.findall(r"^n° (\d+) · ", person.modal_text, re.MULTILINE)]


def look_for(person: Person, words: str) -> list[int]:
    person.type_in(FIELD, words)
    return found(person)


def test_ones_own_tickets_are_found_open_and_closed(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket("Écran noir", Description="Rien depuis lundi")
    karim.resolve("Câble changé.")
    camille.press(APPROVE, DIRECT)
    camille.file_ticket("Écran bleu")
    camille.home()
    camille.press(BUTTON, "home")
    assert look_for(camille, "ecran") == [2, 1]
    assert look_for(camille, "lundi") == [1]
    assert look_for(camille, "cable") == [1]
    assert look_for(camille, "n° 2") == [2]
    camille.submit({FIELD: "noir"})
    assert found(camille) == [1]


def test_nobody_elses_ticket_is_found_not_even_a_technicians_teams(
    desk: Desk, camille: Person, karim: Person
) -> None:
    desk.person("aurelie").file_ticket("Écran noir")
    karim.file_ticket("Écran à moi")
    karim.command("/mes-tickets")
    karim.press(BUTTON)
    assert look_for(karim, "ecran") == [2]
    assert look_for(karim, "1") == []


def test_nothing_found_says_what_to_do(camille: Person) -> None:
    camille.file_ticket()
    camille.command("/mes-tickets")
    camille.press(BUTTON)
    assert look_for(camille, "licorne") == []
    assert "Aucun de vos tickets ne correspond à « licorne »." in camille.modal_text
    camille.press("Nouveau Ticket Informatique")
    assert camille.modal["title"] == "Ticket informatique"


def test_a_found_ticket_leads_back_to_what_was_found(desk: Desk, camille: Person) -> None:
    desk.add_tickets("camille", 12)
    camille.command("/mes-tickets")
    camille.press(BUTTON)
    assert look_for(camille, "souci") == list(range(12, 2, -1))
    camille.press("Suivants")
    assert found(camille) == [2, 1]
    camille.press("Ouvrir", nth=2)
    assert "Nouveau souci 1" in camille.modal_text
    camille.press("Retour")
    assert found(camille) == [2, 1]
    camille.press("Mes tickets")
    assert "Mes tickets en cours" in camille.modal_text


def test_it_speaks_english(desk: Desk, oliver: Person) -> None:
    oliver.file_ticket("Printer on fire")
    oliver.home()
    oliver.press("Search my tickets", "home")
    assert oliver.modal["title"] == "My tickets: search"
    oliver.type_in("Keywords or ticket number", "printer")
    assert "No. 1 · Printer on fire\nRaised " in oliver.modal_text
    oliver.type_in("Keywords or ticket number", "unicorn")
    assert "None of your tickets match “unicorn”." in oliver.modal_text


@pytest.mark.parametrize("words", ["%", "_", "' OR 1=1", "  ", "😀"])
def test_words_without_letters_find_nothing(camille: Person, words: str) -> None:
    camille.file_ticket()
    camille.command("/mes-tickets")
    camille.press(BUTTON)
    assert look_for(camille, words) == []


def test_a_forged_page_is_refused_in_words(desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    camille.command("/mes-tickets")
    camille.press(BUTTON)
    camille.forge_click_in_modal(f"{ids.MY_SEARCH_PAGE}.x", "-1")
    assert "plus à jour" in camille.modal_text


def test_a_ticket_with_a_note_as_its_last_event_shows_what_came_before(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket("Écran noir")
    karim.take()
    karim.press("Note interne", TRIAGE)
    karim.submit({"Note": "Il exagère."})
    camille.command("/mes-tickets")
    camille.press(BUTTON)
    look_for(camille, "noir")
    assert "Pris en charge par Karim Benali" in camille.modal_text
    with desk.sessions() as session:
        assert session.get_one(Ticket, 1).status is Status.IN_PROGRESS


def test_what_was_written_about_a_ticket_finds_it_and_a_note_does_so_for_the_team_only(
    camille: Person, karim: Person
) -> None:
    camille.file_ticket("Écran noir")
    karim.press("Répondre", TRIAGE)
    karim.submit({"Votre réponse": "Avez-vous débranché la station d’accueil ?"})
    karim.press("Note interne", TRIAGE)
    karim.submit({"Note": "Encore ce fusible"})
    camille.command("/mes-tickets")
    camille.press(BUTTON)
    assert look_for(camille, "stations débranchées") == [1]
    assert look_for(camille, "RE: [n° 1] Écran noir") == [1]
    assert look_for(camille, "fusible") == []
    karim.command("/chercher", "fusibles")
    assert "n° 1 · " in karim.modal_text
