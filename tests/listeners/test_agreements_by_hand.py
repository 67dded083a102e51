"""Technicians ask for an agreement by hand, or record one that was given elsewhere."""

import pytest

from blocks import ids
from models.lifecycle import Agreement, Status
from tests.support.help_desk import DETAIL, DIRECT, RESOLVE, TAKE, TRIAGE, Desk, Person

ASK, RECORD = "Demander un accord…", "Consigner un accord…"
WAITS = "⏳ En attente de l’accord de Léa Martin (Responsable du budget), depuis le "


@pytest.fixture
def taken(desk: Desk, karim: Person) -> Person:
    """Karim, who has taken Camille's ticket."""
    desk.person("camille").have_filed(description="Elle fume.")
    karim.press(TAKE, TRIAGE)
    return karim


def ask(karim: Person, of: str = "lea", **more: str) -> dict[str, object]:
    karim.press(DETAIL, TRIAGE)
    karim.press(ASK)
    person = karim.desk.person(of).slack_id
    role = "Responsable du budget"
    form = {"Accord de": person, "En quelle qualité": role, "Pourquoi cet accord est demandé": "Trop cher ?"}
    return karim.submit({**form, **more})


def test_a_technician_asks_for_an_agreement_and_the_card_says_whom_it_waits_for(
    desk: Desk, taken: Person
) -> None:
    ask(taken)
    assert desk.ticket().agreement is Agreement.ASKED
    assert WAITS in taken.modal_text, "the detail is shown again"
    [card] = taken.reads(TRIAGE)
    assert WAITS in card
    assert f"[{RESOLVE}]" not in card
    assert f"[{RECORD}]" in card
    [asked] = desk.person("lea").reads(DIRECT)
    assert "Imprimante en panne" in asked
    assert "Trop cher ?" in asked, "the technician's words"


def test_nobody_is_asked_for_their_own_agreement(desk: Desk, taken: Person) -> None:
    answer = ask(taken, "karim")
    assert answer["errors"] == {
        "Accord de": "Vous ne pouvez pas vous désigner ici. Veuillez choisir une autre personne."
    }
    assert desk.ticket().agreement is Agreement.NOT_NEEDED


def test_an_agreement_that_was_given_elsewhere_is_recorded_from_the_card(desk: Desk, taken: Person) -> None:
    ask(taken)
    taken.close()
    taken.press(RECORD, TRIAGE)
    assert "C’est l’accord demandé : Responsable du budget." in taken.modal_text
    lea = desk.person("lea").slack_id
    taken.submit({"Accord donné par": lea, "Où et quand": "Par courriel le 3 mars."})
    assert desk.ticket().agreement is Agreement.GIVEN
    [card] = taken.reads(TRIAGE)
    assert "✅ Accord de Léa Martin (Responsable du budget) donné le " in card
    [told] = desk.person("lea").reads(DIRECT)
    assert "Vous avez donné votre accord." not in told, "she may never have"
    assert "Par courriel le 3 mars." in told
    taken.resolve()
    assert desk.ticket().status is Status.RESOLVED


def test_a_stale_click_on_resolve_is_told_that_an_agreement_is_asked(desk: Desk, taken: Person) -> None:
    ask(taken)
    taken.close()
    taken.forge_click(ids.RESOLVE, 1)
    assert desk.ticket().status is Status.IN_PROGRESS
    assert not taken.has_modal
    [told] = taken.ephemeral_messages()
    assert "1" in told
