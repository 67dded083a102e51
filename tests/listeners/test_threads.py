"""Messages in threads: what still waits below them, questions answered, notes meant for the requester."""

from datetime import timedelta

import pytest

from blocks import ids
from models.lifecycle import Action, Status
from tests.support.help_desk import APPROVE, DIRECT, REFUSE, TRIAGE, Desk, Person

REMAINS = "Le ticket reste à approuver"
OFFER = "Noté pour l’équipe : Camille Bernard ne le voit pas."
SEND, DECLINE = "L’envoyer à Camille Bernard", "Ne plus me le proposer"


@pytest.fixture
def camille(desk: Desk) -> Person:
    """Camille, who has filed a ticket that Karim took."""
    camille = desk.person("camille")
    camille.have_filed()
    desk.person("karim").take()
    return camille


def write(person: Person, text: str, channel: str = DIRECT, root: int = -1) -> None:
    """Write under one of the channel's messages, the newest by default."""
    person.write(text, channel, thread_ts=person.messages(channel)[root]["ts"])
    person.desk.deliver()


def thread(person: Person, channel: str = DIRECT, root: int = -1) -> list[str]:
    """The texts under one of the channel's messages."""
    return [reply["text"] for reply in person.messages(channel)[root]["replies"]]


def ask(karim: Person, text: str = "Quelle salle ?") -> None:
    karim.press("Répondre", TRIAGE)
    karim.submit({"Votre réponse": text, "Et ensuite ?": ["Le ticket attend sa réponse"]})


# -- under a request to approve, under a closed ticket -------------------------------------------------------


def test_words_under_a_request_to_approve_reach_the_team_and_the_request_stands_below_them(
    desk: Desk, camille: Person, karim: Person
) -> None:
    karim.resolve()
    write(camille, "Merci, je teste lundi.")
    assert karim.reads_thread()[-1].startswith("Message de Camille Bernard · @Karim Benali\nMerci, je teste")
    [words, prompt] = thread(camille)
    assert words == "Merci, je teste lundi."
    assert REMAINS in prompt
    assert "[C’est réparé, clore]\n[Ça ne marche toujours pas]" in prompt
    assert desk.ticket().status is Status.RESOLVED


def test_the_buttons_below_the_words_answer_and_then_go(desk: Desk, camille: Person, karim: Person) -> None:
    karim.resolve()
    write(camille, "Non, toujours en panne")
    prompt = camille.messages()[-1]["replies"][-1]
    desk.slack.control.post(
        "click", user="camille", action_id=ids.REFUSE, **{"in": {"channel": DIRECT, "ts": prompt["ts"]}}
    )
    camille.submit({"Qu'est-ce qui ne marche toujours pas ?": "Elle imprime gris."})
    assert desk.ticket().status is Status.IN_PROGRESS
    assert thread(camille) == ["Non, toujours en panne"]


def test_of_several_messages_only_the_last_has_the_request_below_it(
    desk: Desk, camille: Person, karim: Person
) -> None:
    karim.resolve()
    for text in ("Je teste.", "Je crois que oui.", "Peut-être pas."):
        write(camille, text)
    assert thread(camille)[:3] == ["Je teste.", "Je crois que oui.", "Peut-être pas."]
    assert len(thread(camille)) == 4
    assert REMAINS in thread(camille)[3]


def test_a_message_that_was_deleted_before_the_request_was_sent_has_none_below_it(
    desk: Desk, camille: Person, karim: Person
) -> None:
    karim.resolve()
    written = camille.write("Je teste.", thread_ts=camille.messages()[-1]["ts"])["message"]
    place = {"channel": written["channel"], "ts": written["ts"]}
    assert desk.slack.control.post("delete", user="camille", **place)["ok"]
    desk.deliver()
    assert thread(camille) == []
    assert desk.undelivered() == []


def test_messages_sent_together_have_one_request_below_them(
    desk: Desk, camille: Person, karim: Person
) -> None:
    karim.resolve()
    root = camille.messages()[-1]["ts"]
    for text in ("Je teste.", "Je crois que oui."):
        camille.write(text, thread_ts=root)
    desk.deliver()
    assert [text.count(REMAINS) for text in thread(camille)] == [0, 0, 1]
    assert len([call for call in desk.calls("chat.postMessage") if REMAINS in call["arguments"]["text"]]) == 1


def test_a_request_below_words_whose_answer_was_lost_stands_once(
    desk: Desk, camille: Person, karim: Person
) -> None:
    karim.resolve()
    root = camille.messages()[-1]["ts"]
    camille.write("Je teste.", thread_ts=root)
    desk.fault("chat.postMessage", 503, when="after", where={"thread_ts": root})
    desk.deliver()
    desk.ahead += timedelta(minutes=1)
    desk.deliver()
    assert [text.count(REMAINS) for text in thread(camille)] == [0, 1]


def test_words_under_a_closed_ticket_have_the_button_that_reopens_it(
    desk: Desk, camille: Person, karim: Person
) -> None:
    karim.resolve()
    camille.press(APPROVE, DIRECT)
    write(camille, "Cela recommence.")
    assert karim.reads_thread()[-1].startswith("Message de Camille Bernard")
    assert "mais ce ticket est clos" in thread(camille)[-1]
    camille.press("Rouvrir", DIRECT)
    camille.submit({"Pourquoi rouvrir ce ticket ?": "Cela recommence."})
    assert desk.ticket().status is Status.IN_PROGRESS
    assert thread(camille) == ["Cela recommence."]


def test_words_under_an_open_ticket_need_no_answer(desk: Desk, camille: Person) -> None:
    write(camille, "Depuis hier.")
    assert thread(camille) == ["Depuis hier."]
    assert camille.ephemeral_messages() == []


# -- under a question ----------------------------------------------------------------------------------------


def test_a_question_shows_that_its_answer_arrived(desk: Desk, camille: Person, karim: Person) -> None:
    ask(karim)
    assert "Pour répondre, appuyez sur « Répondre »" in camille.reads()[-1]
    assert "[Répondre]" in camille.reads()[-1]
    write(camille, "La B204.")
    question = camille.reads()[-1]
    assert "✅ Votre réponse est arrivée." in question
    assert "Pour répondre" not in question
    assert "[Répondre]" not in question
    assert desk.ticket().status is Status.IN_PROGRESS


def test_a_reply_that_asks_nothing_has_the_button_that_it_names(
    desk: Desk, camille: Person, karim: Person
) -> None:
    karim.press("Répondre", TRIAGE)
    karim.submit({"Votre réponse": "Nous passons demain."})
    assert "Pour répondre, appuyez sur « Répondre »" in camille.reads()[-1]
    camille.press("Répondre", DIRECT)
    assert camille.modal["title"] == "Répondre"
    camille.submit({"Votre message": "Merci."})
    assert desk.history()[-1][0] is Action.COMMENT


def test_a_question_that_was_answered_stays_so_when_it_is_asked_again(
    desk: Desk, camille: Person, karim: Person
) -> None:
    ask(karim)
    write(camille, "La B204.")
    ask(karim, "Et quel étage ?")
    first, second = camille.reads()[-2:]
    assert "Votre réponse est arrivée" in first
    assert "Pour répondre" in second
    karim.press("Reprendre", TRIAGE)
    write(camille, "Le deuxième.")
    assert "Votre réponse est arrivée" not in camille.reads()[-1]


# -- a note that was meant for the requester -----------------------------------------------------------------


def test_a_note_right_after_the_requesters_words_is_offered_to_be_sent(
    desk: Desk, camille: Person, karim: Person
) -> None:
    write(camille, "Toujours rien.")
    write(karim, "Redémarrez-la, s’il vous plaît.", TRIAGE)
    [offer] = karim.ephemeral_messages()
    assert offer == f"{OFFER}\n[{SEND}]\n[{DECLINE}]"
    karim.press(SEND, TRIAGE)
    assert karim.modal["values"]["Votre réponse"] == "Redémarrez-la, s’il vous plaît."
    karim.submit({})
    assert "Redémarrez-la, s’il vous plaît." in camille.reads()[-1]


@pytest.mark.parametrize(("minutes", "offered"), [(9, 1), (11, 0)])
def test_a_later_note_is_offered_no_more(
    desk: Desk, camille: Person, karim: Person, minutes: int, offered: int
) -> None:
    desk.stop_clock()
    write(camille, "Toujours rien.")
    desk.ahead += timedelta(minutes=minutes)
    write(karim, "Le toner est commandé.", TRIAGE)
    assert len(karim.ephemeral_messages()) == offered


def test_it_is_offered_once_for_what_the_requester_wrote(desk: Desk, camille: Person, karim: Person) -> None:
    write(camille, "Toujours rien.")
    write(karim, "Redémarrez-la.", TRIAGE)
    write(karim, "Et le câble ?", TRIAGE)
    assert len(karim.ephemeral_messages()) == 1
    write(camille, "C’est fait.")
    write(karim, "Bien.", TRIAGE)
    assert len(karim.ephemeral_messages()) == 2


def test_after_a_reply_a_note_is_a_note(desk: Desk, camille: Person, karim: Person) -> None:
    write(camille, "Toujours rien.")
    karim.press("Répondre", TRIAGE)
    karim.submit({"Votre réponse": "Je viens."})
    write(karim, "Clé dans le tiroir.", TRIAGE)
    assert karim.ephemeral_messages() == []


def test_who_declines_is_asked_no_more(desk: Desk, camille: Person, karim: Person) -> None:
    write(camille, "Toujours rien.")
    write(karim, "Redémarrez-la.", TRIAGE)
    karim.press(DECLINE, TRIAGE)
    assert karim.ephemeral_messages() == ["C’est entendu : nous ne vous le proposerons plus."]
    write(camille, "Alors ?")
    write(karim, "Bientôt.", TRIAGE)
    assert len(karim.ephemeral_messages()) == 1


def test_a_note_is_saved_even_if_it_cannot_be_offered(desk: Desk, camille: Person, karim: Person) -> None:
    write(camille, "Toujours rien.")
    desk.fault("chat.postEphemeral", 500)
    write(karim, "Redémarrez-la.", TRIAGE)
    assert desk.history()[-1][0] is Action.NOTE
    assert karim.ephemeral_messages() == []


@pytest.mark.parametrize("value", ["1", "1.999", "1.x", "999.1"])
def test_a_forged_note_opens_nothing(desk: Desk, camille: Person, karim: Person, value: str) -> None:
    karim.forge_click(ids.SEND_NOTE, value, TRIAGE)
    assert not karim.has_modal
    assert len(karim.ephemeral_messages()) == 1


def test_a_requester_cannot_open_a_note(desk: Desk, camille: Person, karim: Person) -> None:
    write(karim, "Mot de passe : 1234", TRIAGE)
    camille.forge_click(ids.SEND_NOTE, "1.1")
    assert not camille.has_modal
    assert "1234" not in str(camille.screen())


# -- who wrote last ------------------------------------------------------------------------------------------


def test_card_and_queue_say_that_the_requester_wrote_last(desk: Desk, camille: Person, karim: Person) -> None:
    assert "a répondu" not in karim.reads(TRIAGE)[-1]
    write(camille, "Toujours rien.")
    karim.command("/ma-file")
    karim.press("À moi (1)")
    for seen in (karim.reads(TRIAGE)[-1], karim.modal_text):
        assert "💬 Camille Bernard a répondu " in seen
    karim.close()
    karim.press("Répondre", TRIAGE)
    karim.submit({"Votre réponse": "Je viens."})
    assert "a répondu" not in karim.reads(TRIAGE)[-1]


def test_a_refusal_counts_as_their_word(desk: Desk, camille: Person, karim: Person) -> None:
    karim.resolve()
    camille.press(REFUSE, DIRECT)
    camille.submit({"Qu'est-ce qui ne marche toujours pas ?": "Tout."})
    assert "💬 Camille Bernard a répondu " in karim.reads(TRIAGE)[-1]


def test_the_technician_answers_below_the_requesters_words(
    desk: Desk, camille: Person, karim: Person
) -> None:
    write(camille, "Toujours rien.")
    words = karim.messages(TRIAGE)[-1]["replies"][-1]
    desk.slack.control.post(
        "click", user="karim", text="Répondre", **{"in": {"channel": TRIAGE, "ts": words["ts"]}}
    )
    assert karim.modal["title"] == "Répondre au demandeur"
