"""What a technician sends on a ticket that nobody has taken, or on which others acted meanwhile."""

from datetime import timedelta

import pytest

from bot.delivery import periodic
from models.lifecycle import Action, Status
from tests.support.help_desk import APPROVE, DETAIL, DIRECT, ENGLISH_FORM, RESOLVE, TRIAGE, Desk, Person

REPLY, HOLD, NEXT, WAITS = "Répondre", "Mettre en attente…", "Et ensuite ?", "Le ticket attend sa réponse"
TAKING, TEXT = "Prise en charge", "Votre réponse"


@pytest.fixture
def camille(desk: Desk) -> Person:
    camille = desk.person("camille")
    camille.have_filed(description="Elle fume.")
    return camille


def actions(desk: Desk) -> list[Action]:
    return [action for action, _text in desk.history()]


def answer(camille: Person, text: str) -> None:
    [card, *_] = camille.messages(DIRECT)
    camille.write(text, DIRECT, thread_ts=card["ts"])
    camille.desk.deliver()


def test_a_question_takes_an_untaken_ticket(desk: Desk, camille: Person, karim: Person) -> None:
    karim.press(REPLY, TRIAGE)
    karim.submit({TEXT: "Quelle salle ?", NEXT: [WAITS]})
    assert not karim.has_modal
    assert actions(desk) == [Action.OPEN, Action.TAKE, Action.ASK]
    ticket = desk.ticket()
    assert (ticket.status, ticket.assignee and ticket.assignee.name) == (Status.PENDING, "Karim Benali")
    assert "Quelle salle ?" in camille.reads()[1]


def test_an_answer_returns_an_untaken_ticket_to_new(desk: Desk, camille: Person, karim: Person) -> None:
    karim.press(REPLY, TRIAGE)
    karim.submit({TEXT: "Quelle salle ?", NEXT: [WAITS], TAKING: []})
    assert actions(desk) == [Action.OPEN, Action.ASK]
    assert (desk.ticket().status, desk.ticket().assignee) == (Status.PENDING, None)
    answer(camille, "La B204")
    assert (desk.ticket().status, desk.ticket().assignee) == (Status.NEW, None)
    assert "[Je prends]" in karim.reads(TRIAGE)[0]


def test_resuming_an_untaken_ticket_takes_it(desk: Desk, camille: Person, karim: Person) -> None:
    karim.menu(HOLD)
    karim.submit({"En attente de": "une pièce", TAKING: []})
    assert (desk.ticket().status, desk.ticket().assignee) == (Status.PENDING, None)
    karim.press("Reprendre", TRIAGE)
    ticket = desk.ticket()
    assert (ticket.status, ticket.assignee and ticket.assignee.name) == (Status.IN_PROGRESS, "Karim Benali")


def test_a_hold_takes_an_untaken_ticket(desk: Desk, camille: Person, karim: Person) -> None:
    karim.menu(HOLD)
    karim.submit({"En attente de": "une pièce"})
    assert actions(desk) == [Action.OPEN, Action.TAKE, Action.HOLD]


@pytest.mark.parametrize("form", ["reply", "resolve", "hold"])
def test_what_others_wrote_meanwhile_is_said_once(
    desk: Desk, camille: Person, karim: Person, form: str
) -> None:
    karim.take()
    values = {
        "reply": {TEXT: "Bonjour"},
        "resolve": {"Solution": "Fait."},
        "hold": {"En attente de": "une pièce"},
    }
    done = {"reply": Action.REPLY, "resolve": Action.RESOLVE, "hold": Action.HOLD}[form]
    if form == "hold":
        karim.menu(HOLD)
    else:
        karim.press(REPLY if form == "reply" else RESOLVE, TRIAGE)
    answer(camille, "Elle remarche, merci")
    karim.submit(values[form])
    assert karim.has_modal
    assert "Entre-temps" in karim.modal_text
    assert "Camille Bernard" in karim.modal_text
    assert "Elle remarche, merci" in karim.modal_text
    assert done not in actions(desk)
    karim.submit()
    assert not karim.has_modal
    assert actions(desk)[-1] is done


@pytest.mark.parametrize("form", ["reply", "hold"])
def test_the_box_that_takes_is_gone_once_somebody_else_has_the_ticket(
    desk: Desk, camille: Person, karim: Person, form: str
) -> None:
    if form == "hold":
        karim.menu(HOLD)
    else:
        karim.press(REPLY, TRIAGE)
    assert "Prendre ce ticket" in karim.modal_text
    desk.person("lea").take()
    karim.submit({TEXT: "Bonjour"} if form == "reply" else {"En attente de": "une pièce"})
    said = karim.modal_text
    assert said.count("Pris par Léa Martin") == 1
    assert "Prendre ce ticket" not in said
    karim.submit()
    assert not karim.has_modal
    assignee = desk.ticket().assignee
    assert assignee is not None
    assert assignee.name == "Léa Martin"


def test_ones_own_acts_meanwhile_are_not_said(desk: Desk, camille: Person, karim: Person) -> None:
    karim.press(REPLY, TRIAGE)
    body = karim.submission()
    for block_id, inputs in body["view"]["state"]["values"].items():
        if block_id.startswith("reply:"):
            inputs["reply"]["value"] = "Bonjour"
    karim.close()
    karim.take()
    desk.dispatch(body)
    desk.deliver()
    assert Action.REPLY in actions(desk)


@pytest.mark.parametrize("button", [REPLY, RESOLVE])
def test_a_phrase_has_the_requesters_language(desk: Desk, karim: Person, button: str) -> None:
    """Oliver reads English, and Karim French."""
    desk.person("oliver").file_ticket(ENGLISH_FORM)
    karim.press(button, TRIAGE)
    karim.choose("Phrases toutes prêtes", "Redémarrer d’abord")
    karim.submit()
    texts = " ".join(map(str, desk.person("oliver").reads()))
    assert "restart your computer" in texts


def test_the_card_of_a_closed_ticket_is_short_after_a_day(desk: Desk, camille: Person, karim: Person) -> None:
    karim.resolve("Toner changé.")
    camille.press(APPROVE, DIRECT)
    assert "Toner changé." in karim.reads(TRIAGE)[0]
    desk.ahead += timedelta(hours=23)
    periodic.run_due(desk.sessions, now=desk.now)
    desk.deliver()
    assert "Toner changé." in karim.reads(TRIAGE)[0]
    desk.ahead += timedelta(hours=2)
    assert "shorten_cards" in periodic.run_due(desk.sessions, now=desk.now)
    desk.deliver()
    [card] = karim.reads(TRIAGE)
    assert card.splitlines()[0] == "n° 1 · Imprimante en panne"
    assert len(card.splitlines()) == 3
    assert f"[{DETAIL}]" in card


def test_a_reopened_ticket_has_its_whole_card(desk: Desk, camille: Person, karim: Person) -> None:
    karim.resolve("Toner changé.")
    camille.press(APPROVE, DIRECT)
    camille.press("Rouvrir", DIRECT)
    camille.submit({"Pourquoi rouvrir ce ticket\u202f?": "Encore."})
    desk.ahead += timedelta(hours=25)
    periodic.run_due(desk.sessions, now=desk.now)
    desk.deliver()
    assert "Elle fume." in karim.reads(TRIAGE)[0]
