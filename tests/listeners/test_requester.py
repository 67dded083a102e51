"""What a requester does in the detail of their ticket; the files that its readers ask for."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from blocks import ids
from models.lifecycle import Action, Status
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind
from models.tickets.attachment import FileCopy
from tests.support.help_desk import APPROVE, DETAIL, DIRECT, TRIAGE, Desk, Person, file

ADD, REPLY, WORDS, FILES = "Ajouter une précision", "Répondre", "Votre message", "Pièces attachées"
SEND_FILE = "M’envoyer la pièce"
QUESTION = {"Votre réponse": "Quel bureau ?", "Et ensuite ?": ["Le ticket attend sa réponse"]}


def ask(karim: Person) -> None:
    """Ask the requester something, and wait."""
    karim.take()
    karim.press("Répondre", TRIAGE)
    karim.submit(QUESTION)


# -- more details, a reply -----------------------------------------------------------------------------------


def test_details_are_added_with_files_and_the_detail_comes_back(desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    camille.press(DETAIL, DIRECT)
    camille.press(ADD)
    assert camille.modal["title"] == ADD
    camille.submit({WORDS: "Depuis lundi.", FILES: [file("a.pdf"), file("b.pdf")]})
    assert camille.modal["title"] == "n° 1"
    assert "Depuis lundi." in camille.modal_text
    lea = desk.person("lea")
    assert any("Depuis lundi." in text for text in lea.reads_thread())
    assert lea.thread_files() == ["a.pdf", "b.pdf"]
    assert [action for action, _text in desk.history()] == [Action.OPEN, Action.COMMENT]


def test_a_question_is_answered_from_the_home(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket()
    ask(karim)
    camille.home()
    camille.press(REPLY, "home")
    assert camille.modal["title"] == REPLY
    assert "Quel bureau ?" in camille.modal_text
    camille.submit({WORDS: "B204"})
    assert not camille.has_modal
    assert desk.ticket().status is Status.IN_PROGRESS
    assert "À vous" not in camille.home_text
    assert "Vous avez écrit" in camille.home_text


def test_the_same_answer_twice_is_one(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket()
    ask(karim)
    camille.press(DETAIL, DIRECT)
    camille.press(REPLY)
    camille.submit({WORDS: "B204"})
    desk.repeat_last()
    body = desk.received[-1]
    body["view"]["state"]["values"][ids.REASON][ids.REASON]["value"] = "B204\nau fond"
    desk.dispatch(body)
    actions = [action for action, _text in desk.history()][-2:]
    assert actions == [Action.ANSWER, Action.COMMENT]
    assert desk.person("lea").reads_thread()[-1].endswith("au fond\n[Répondre]")


def test_a_closed_ticket_takes_details_and_stays_closed(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket()
    karim.resolve()
    camille.press(APPROVE, DIRECT)
    camille.press(DETAIL, DIRECT)
    camille.press(ADD)
    assert "Le ticket reste clos." in camille.modal_text
    camille.submit({WORDS: "Merci à Karim."})
    assert desk.ticket().status is Status.CLOSED
    assert any("Merci à Karim." in text for text in desk.person("lea").reads_thread())


def test_an_empty_message_is_refused_at_its_field(desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    camille.press(DETAIL, DIRECT)
    camille.press(ADD)
    errors = camille.forge_submission(**{ids.REASON: {"value": "  "}})
    assert list(errors) == [ids.REASON]
    assert [action for action, _text in desk.history()] == [Action.OPEN]


def test_a_file_alone_is_enough(desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    camille.press(DETAIL, DIRECT)
    camille.press(ADD)
    camille.submit({FILES: [file("a.pdf")]})
    assert desk.person("lea").thread_files() == ["a.pdf"]


@pytest.mark.parametrize("action_id", [ids.ANSWER, ids.EDIT])
def test_somebody_elses_ticket_takes_nothing(desk: Desk, camille: Person, action_id: str) -> None:
    camille.file_ticket()
    aurelie = desk.person("aurelie")
    aurelie.file_ticket()
    aurelie.press(DETAIL, DIRECT)
    aurelie.forge_click_in_modal(action_id, 1)
    assert aurelie.modal["title"] == "n° 2"
    assert [action for action, _text in desk.history()] == [Action.OPEN]


def test_it_speaks_english(desk: Desk, oliver: Person, karim: Person) -> None:
    oliver.file_ticket("Printer on fire")
    oliver.press("View details", DIRECT)
    oliver.press("Edit")
    assert oliver.modal["title"] == "Edit the ticket"
    oliver.submit({"Title": "Printer smells"})
    assert "Edited by Oliver" in oliver.modal_text
    assert "(title: Printer on fire → Printer smells)" in oliver.modal_text
    oliver.press("Add details")
    oliver.submit({"Your message": "Since Monday.", "Attachments": [file("a.pdf")]})
    oliver.press("Send me this file")
    assert "Sent: a.pdf is in your messages with Guichet." in oliver.modal_text


# -- editing -------------------------------------------------------------------------------------------------


def test_a_ticket_that_nobody_took_is_edited(desk: Desk, camille: Person) -> None:
    camille.file_ticket("Écran")
    camille.press(DETAIL, DIRECT)
    camille.press("Modifier")
    assert camille.modal["title"] == "Modifier le ticket"
    camille.submit(
        {
            "Titre": "Écran noir",
            "Description": "Depuis lundi.",
            "Urgence utilisateur": "Critique (activité bloquée)",
        }
    )
    line = "Modifié par Camille Bernard (titre : Écran → Écran noir, description, urgence : Haute → Critique"
    assert line in camille.modal_text
    assert "Écran noir" in camille.reads()[0]
    lea = desk.person("lea")
    assert "Écran noir" in lea.reads(TRIAGE)[0]
    assert line in lea.reads_thread()[-1]


def test_a_form_that_changes_nothing_records_nothing(desk: Desk, camille: Person) -> None:
    camille.file_ticket("Écran")
    camille.press(DETAIL, DIRECT)
    camille.press("Modifier")
    camille.submit()
    assert camille.modal["title"] == "n° 1"
    assert [action for action, _text in desk.history()] == [Action.OPEN]


def test_once_taken_the_form_says_who_has_it(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket("Écran")
    camille.press(DETAIL, DIRECT)
    camille.press("Modifier")
    karim.take()
    [error] = camille.submit({"Titre": "Écran noir"})["errors"].values()
    assert error.startswith("Pris par Karim Benali le ")
    assert error.endswith("ce ticket ne peut plus être modifié. Ajoutez plutôt une précision.")
    camille.close()
    camille.press(DETAIL, DIRECT)
    assert "[Modifier]" not in camille.modal_text
    assert f"[{ADD}]" in camille.modal_text


# -- who has it, where it is discussed -----------------------------------------------------------------------


def test_the_detail_says_which_team_has_it_and_where_it_is_discussed(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket()
    camille.press(DETAIL, DIRECT)
    assert "Pas encore pris : équipe Assistance de proximité" in camille.modal_text
    card = camille.messages()[0]["ts"]
    assert f"-{card}" in str(camille.modal["blocks"])
    assert "Voir la conversation" in camille.modal_text
    karim.press(DETAIL, TRIAGE)
    assert f"-{karim.messages(TRIAGE)[0]['ts']}" in str(karim.modal["blocks"])


# -- files ---------------------------------------------------------------------------------------------------


def sent_files(desk: Desk) -> list[str]:
    """The deliveries of files to people's direct messages."""
    with desk.sessions() as session:
        rows = select(Delivery.key).where(
            Delivery.kind == DeliveryKind.FILE, Delivery.recipient.startswith("dm:")
        )
        return list(session.scalars(rows))


def test_a_ticket_cancelled_before_anybody_took_it_is_not_said_to_wait_for_somebody(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket()
    camille.press(DETAIL, DIRECT)
    camille.press("Annuler ce ticket")
    camille.submit({"Pourquoi annuler ce ticket ?": "Ça remarche."})
    assert "Équipe : Assistance de proximité" in camille.modal_text
    assert "pris" not in camille.modal_text + karim.reads(TRIAGE)[-1]


def test_ones_own_file_comes_into_the_thread_of_ones_card(desk: Desk, camille: Person) -> None:
    camille.file_ticket(**{FILES: [file("a.pdf")]})
    camille.press(DETAIL, DIRECT)
    camille.press(SEND_FILE)
    assert "a.pdf arrive dans vos messages avec Guichet." in camille.modal_text
    assert camille.thread_files(DIRECT) == ["a.pdf"]
    camille.press(SEND_FILE)
    assert "a.pdf vous a déjà été envoyé" in camille.modal_text
    assert camille.thread_files(DIRECT) == ["a.pdf"]
    camille.close()
    camille.press(DETAIL, DIRECT)
    assert SEND_FILE not in camille.modal_text
    with desk.sessions() as session:
        copies = {copy.recipient: copy.permalink for copy in session.scalars(select(FileCopy))}
    assert set(copies) == {"team:assistance", "dm:1"}
    assert str(copies["dm:1"]) in str(camille.modal["blocks"])


def test_a_file_is_sent_again_after_an_hour_when_its_copy_is_gone(desk: Desk, camille: Person) -> None:
    camille.file_ticket(**{FILES: [file("a.pdf")]})
    camille.press(DETAIL, DIRECT)
    camille.press(SEND_FILE)
    desk.ahead += timedelta(minutes=61)
    camille.press(SEND_FILE)
    assert len(sent_files(desk)) == 2


def test_a_technician_finds_the_copy_in_the_teams_thread(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket(**{FILES: [file("a.pdf")]})
    karim.press(DETAIL, TRIAGE)
    assert SEND_FILE not in karim.modal_text
    assert "a.pdf" in karim.modal_text


def test_a_file_of_a_note_is_sent_to_technicians_only(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket()
    karim.write("Voir ceci", TRIAGE, thread_ts=karim.messages(TRIAGE)[0]["ts"], files=[file("n.pdf")])
    desk.deliver()
    camille.press(DETAIL, DIRECT)
    camille.forge_click_in_modal(ids.SEND_FILE, 1)
    desk.deliver()
    assert sent_files(desk) == []
    karim.press(DETAIL, TRIAGE)
    karim.press(SEND_FILE)
    assert karim.messages(DIRECT)[-1]["files"] == ["n.pdf"]


def test_nobody_elses_file_is_sent(desk: Desk, camille: Person) -> None:
    camille.file_ticket(**{FILES: [file("a.pdf")]})
    aurelie = desk.person("aurelie")
    aurelie.file_ticket()
    aurelie.press(DETAIL, DIRECT)
    for number in (1, 99):
        aurelie.forge_click_in_modal(ids.SEND_FILE, number)
        assert "n’existe pas, ou n’est pas le vôtre" in aurelie.modal_text
    assert sent_files(desk) == []


def test_a_file_that_could_not_be_fetched_has_neither_link_nor_button(desk: Desk, camille: Person) -> None:
    camille.file_ticket(**{FILES: [file("vide.pdf", b"")]})
    camille.press(DETAIL, DIRECT)
    assert "vide.pdf" in camille.modal_text
    assert SEND_FILE not in camille.modal_text
    camille.forge_click_in_modal(ids.SEND_FILE, 1)
    assert "ne peut plus être envoyée" in camille.modal_text


@pytest.mark.parametrize("lost", ["before", "after"])
def test_a_copy_whose_answer_was_lost_comes_once_outside_of_threads_too(
    desk: Desk, camille: Person, karim: Person, lost: str
) -> None:
    camille.file_ticket()
    karim.write("Voir", TRIAGE, thread_ts=karim.messages(TRIAGE)[0]["ts"], files=[file("n.pdf")])
    desk.deliver()
    karim.press(DETAIL, TRIAGE)
    desk.fault("files.completeUploadExternal", "reset", when=lost)
    karim.press(SEND_FILE)
    desk.ahead += timedelta(minutes=1)
    desk.deliver()
    assert [message["files"] for message in karim.messages(DIRECT)] == [["n.pdf"]]
    with desk.sessions() as session:
        [copy] = session.scalars(select(FileCopy))
    assert str(copy.permalink).startswith("http")


def test_a_file_that_its_author_deletes_leaves_no_copy(desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    written = camille.write("Voici", thread_ts=camille.messages()[0]["ts"], files=[file("a.pdf")])["message"]
    desk.deliver()
    camille.press(DETAIL, DIRECT)
    camille.press(SEND_FILE)
    assert camille.thread_files(DIRECT) == ["a.pdf", "a.pdf"]
    camille._do("delete", channel=DIRECT, ts=written["ts"])
    desk.deliver()
    assert camille.thread_files(DIRECT) == []
    camille.close()
    camille.press(DETAIL, DIRECT)
    assert SEND_FILE not in camille.modal_text
