"""What former teams, and those who read a parent or its attached ticket, may see."""

import json

import pytest

from blocks import ids
from models.catalogue import Team
from models.lifecycle import Status
from tests.support.help_desk import DETAIL, TRIAGE, Desk, Person

NETWORK, TITLE, SAID = "#dnum-reseau", "Harcèlement signalé", "Je suis visé"
WHY = "Pourquoi, pour l’autre équipe"


@pytest.fixture
def handed_over(desk: Desk, karim: Person) -> Person:
    """Somebody's confidential ticket that Karim's team has handed over; he still has its detail open."""
    with desk.sessions.begin() as session:
        for team_id in ("assistance", "reseau"):
            session.get_one(Team, team_id).is_confidential = True
    camille, lea = desk.person("camille"), desk.person("lea")
    camille.file_ticket(TITLE)
    karim.press(DETAIL, TRIAGE)
    assert TITLE in karim.modal_text
    lea.menu("Requalifier, passer à une équipe…")
    lea.submit({"Équipe": "Réseau et téléphonie", WHY: "Pour vous."})
    camille.write(SAID, "@guichet", thread_ts=camille.messages()[0]["ts"])
    assert desk.ticket().team_id == "reseau"
    return camille


def knows(person: Person) -> bool:
    """Whether their screen has the words of the ticket; with its number, they may have it."""
    shown = json.dumps(person.screen(), ensure_ascii=False)
    return TITLE in shown or SAID in shown


def test_a_former_team_has_no_confidential_ticket_by_number_search_or_old_card(
    desk: Desk, karim: Person, handed_over: Person
) -> None:
    karim.close()
    assert not knows(karim)
    for action in (ids.DETAIL, ids.TAKE, ids.ANSWER_REQUESTER, ids.RESOLVE, ids.WRITE_NOTE):
        karim.forge_click(action, 1, TRIAGE)
        assert not karim.has_modal
    for words in ("1", "n° 1", "Harcèlement", "visé"):
        karim.command(ids.COMMAND_SEARCH, words)
        assert not knows(karim)
        assert "n° 1 ·" not in karim.modal_text
        karim.close()
    assert karim.home().count(TITLE) == 0
    assert desk.ticket().status is Status.NEW
    marc = desk.person("marc")
    marc.press(DETAIL, NETWORK)
    assert SAID in marc.modal_text


def test_a_former_team_does_nothing_from_a_detail_that_is_still_open(
    desk: Desk, karim: Person, handed_over: Person
) -> None:
    before = desk.history()
    for action in (ids.TAKE, ids.ANSWER_REQUESTER, ids.RESOLVE, ids.WRITE_NOTE, ids.DETACH):
        karim.forge_click_in_modal(action, 1)
        assert SAID not in json.dumps(karim.screen(), ensure_ascii=False)
    assert desk.history() == before


def test_a_requester_reads_the_number_of_a_parent_and_nobody_but_the_team_its_child(
    desk: Desk, karim: Person
) -> None:
    camille, oliver = desk.person("camille"), desk.person("oliver")
    camille.file_ticket("Panne du bâtiment A")
    oliver.file_ticket("Secret of Oliver")
    karim.menu("Rattacher…")
    karim.submit({"Rattacher à": "n°\xa01 · Panne du bâtiment A"})
    karim.submit()
    for person, number, theirs in ((camille, 2, "Secret of Oliver"), (oliver, 1, "bâtiment A")):
        person.forge_click(ids.DETAIL, number)
        assert not person.has_modal
        for action in (ids.DETACH, ids.RESOLVE):
            person.forge_click(action, 2)
            assert not person.has_modal
        assert theirs not in json.dumps(person.screen(), ensure_ascii=False)
    desk.person("marc").forge_click(ids.DETACH, 2, NETWORK)
    assert desk.ticket(2).parent_id == 1
