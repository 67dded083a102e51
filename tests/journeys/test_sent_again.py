"""A form that is sent once more after a lost acknowledgement: the same is one, and what was added is kept."""

from copy import deepcopy
from typing import Any

import pytest
from sqlalchemy import select

from models.lifecycle import Action
from models.tickets.comment import Comment
from models.tickets.outage import Outage, OutageEvent
from tests.support.help_desk import DIRECT, FORM, TRIAGE, Desk, Json, Person

FIRE = "Elle fume, il y a le feu"


def comments(desk: Desk) -> list[str]:
    with desk.sessions() as session:
        return list(session.scalars(select(Comment.text).order_by(Comment.id)))


def last(desk: Desk) -> Json:
    """The form that was sent last."""
    return deepcopy(next(body for body in reversed(desk.received) if body.get("type") == "view_submission"))


def again(desk: Desk, body: Json, **typed: str | Json) -> Json:
    """Send it once more with these in its inputs, by block."""
    body = deepcopy(body)
    values = body["view"]["state"]["values"]
    for block_id, value in typed.items():
        [state] = values[block_id.replace("__", ":")].values()
        state |= value if isinstance(value, dict) else {"value": value}
    return desk.dispatch(body)


def words(answer: Json) -> str:
    """What a form's answer shows in its place."""
    return str(answer["view"]["blocks"][0]["text"]["text"]) if answer else ""


# -- ticket forms --------------------------------------------------------------------------------------------


def test_the_same_form_is_one_ticket_and_silent(desk: Desk, camille: Person) -> None:
    camille.file_ticket(Description="En panne")
    assert [again(desk, last(desk)), again(desk, last(desk))] == [{}, {}]
    assert (desk.count_tickets(), comments(desk), camille.ephemeral_messages()) == (1, [], [])


def test_what_was_added_to_a_description_reaches_the_team_once(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket(Description="En panne")
    form = last(desk)
    for _ in range(2):
        answer = again(desk, form, description=f"En panne\n{FIRE}")
        assert "Le n° 1 était déjà ouvert. Ce que vous avez ajouté a été transmis" in words(answer)
    assert desk.count_tickets() == 1
    assert karim.reads_thread(TRIAGE) == [f"Message de Camille Bernard\n{FIRE}\n[Répondre]"]


def test_another_title_and_another_description_are_kept_whole(desk: Desk, camille: Person) -> None:
    camille.file_ticket("Imprimante", Description="En panne")
    again(desk, last(desk), title="Imprimante en feu", description="Tout brûle")
    assert comments(desk) == ["Imprimante en feu\n\nTout brûle"]
    assert (desk.ticket().title, desk.ticket().description) == ("Imprimante", "En panne")


def test_words_added_while_the_ticket_waits_for_an_answer_are_the_answer(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket()
    form = last(desk)
    karim.take()
    karim.press("Répondre", TRIAGE)
    karim.submit({"Votre réponse": "Laquelle ?", "Et ensuite ?": ["Le ticket attend sa réponse"]})
    again(desk, form, description=FIRE)
    assert desk.history()[-1][0] is Action.ANSWER


@pytest.mark.parametrize(
    "changed",
    [
        {"urgency": {"selected_option": {"value": "critical"}}},
        {"site": {"selected_option": {"value": "inspe"}}},
        {"description": ""},
    ],
    ids=["urgency", "site", "less"],
)
def test_what_is_not_taken_over_is_said(desk: Desk, camille: Person, changed: dict[str, Any]) -> None:
    camille.file_ticket(Description="En panne")
    answer = again(desk, last(desk), **changed)
    assert "reste tel que vous l’avez d’abord envoyé" in words(answer)
    assert comments(desk) == []


def test_the_same_form_after_a_requalification_is_silent(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket(Description="En panne")
    form = last(desk)
    karim.take()
    karim.menu("Requalifier, passer à une équipe…")
    karim.submit({"Site": "INSPÉ", "Urgence": "Critique (activité bloquée)"})
    assert again(desk, form) == {}
    assert comments(desk) == []


def test_a_technician_who_files_for_somebody_adds_a_note(desk: Desk, camille: Person, karim: Person) -> None:
    karim.command("/ticket", "Écran noir")
    karim.submit(FORM | {"Demandeur": "Camille Bernard"})
    form = last(desk)
    assert "est ouvert pour Camille Bernard" in words(again(desk, form))
    assert "était déjà ouvert" in words(again(desk, form, description="Salle B204"))
    assert desk.history()[-1][0] is Action.NOTE
    assert comments(desk) == ["Salle B204"]
    assert len(camille.messages(DIRECT)) == 1


# -- replies and notes ---------------------------------------------------------------------------------------


@pytest.fixture
def replied(desk: Desk, camille: Person, karim: Person) -> Json:
    """The reply form that Karim sent."""
    camille.have_filed()
    karim.press("Répondre", TRIAGE)
    karim.submit({"Votre réponse": "Bonjour"})
    return last(desk)


def test_the_same_reply_is_one_and_silent(desk: Desk, replied: Json) -> None:
    assert again(desk, replied) == {}
    assert comments(desk) == ["Bonjour"]


def test_what_was_added_to_a_reply_is_read_by_the_requester_once(
    desk: Desk, camille: Person, replied: Json
) -> None:
    for _ in range(2):
        assert again(desk, replied, reply__0="Bonjour, coupez le courant") == {}
    assert comments(desk) == ["Bonjour", "Bonjour, coupez le courant"]
    assert "coupez le courant" in camille.reads(DIRECT)[-1]


def test_only_the_lines_after_a_reply_are_another_one(desk: Desk, replied: Json) -> None:
    again(desk, replied, reply__0="Bonjour\nCoupez le courant.")
    assert comments(desk) == ["Bonjour", "Coupez le courant."]


def test_a_question_sent_with_more_words_is_one_question(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket()
    karim.take()
    karim.press("Répondre", TRIAGE)
    karim.submit({"Votre réponse": "Laquelle ?", "Et ensuite ?": ["Le ticket attend sa réponse"]})
    form = last(desk)
    assert again(desk, form) == {}
    assert again(desk, form, reply__0="Laquelle ?\nEt où ?") == {}
    assert [action for action, _text in desk.history()][-2:] == [Action.ASK, Action.REPLY]


def test_a_reply_that_says_less_is_said_to_be_sent(desk: Desk, replied: Json) -> None:
    assert "déjà envoyé" in str(again(desk, replied, reply__0=" ")["errors"])
    assert comments(desk) == ["Bonjour"]


def test_what_was_added_to_a_note_is_another_note(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket()
    karim.press("Note interne", TRIAGE)
    karim.submit({"Note": "Toner commandé."})
    form = last(desk)
    assert again(desk, form) == {}
    for _ in range(2):
        again(desk, form, reason="Toner commandé.\nIl arrive lundi.")
    assert comments(desk) == ["Toner commandé.", "Il arrive lundi."]


# -- outages -------------------------------------------------------------------------------------------------


@pytest.fixture
def declared(desk: Desk, karim: Person) -> Json:
    """The form by which Karim declared an outage."""
    karim.command("/panne", "Moodle en panne")
    karim.submit()
    return last(desk)


def answered(desk: Desk) -> tuple[str, list[str]]:
    """The outage's title, and what was done with it."""
    with desk.sessions() as session:
        [title] = session.scalars(select(Outage.title))
        return title, [str(event.action.value) for event in session.scalars(select(OutageEvent))]


def test_the_same_declaration_is_one_and_silent(desk: Desk, declared: Json) -> None:
    assert again(desk, declared) == {}
    assert answered(desk) == ("Moodle en panne", ["declare"])


def test_a_declaration_with_another_title_amends_the_outage_once(desk: Desk, declared: Json) -> None:
    for _ in range(2):
        assert again(desk, declared, title="Moodle et messagerie en panne") == {}
    assert answered(desk) == ("Moodle et messagerie en panne", ["declare", "amend"])


def test_the_same_declaration_takes_back_no_amendment(desk: Desk, declared: Json, karim: Person) -> None:
    karim.press("Modifier", TRIAGE)
    karim.submit({"Titre": "Moodle très lent"})
    assert again(desk, declared) == {}
    assert answered(desk) == ("Moodle très lent", ["declare", "amend"])
