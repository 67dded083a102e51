"""Words that people write to Guichet outside of threads: kept, answered, added to a ticket, or filed."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from models.lifecycle import Action, Status
from models.message_draft import MessageDraft
from models.outbox.kinds import DeliveryKind
from models.tickets.comment import Comment
from tests.support.help_desk import DIRECT, ENGLISH_FORM, FORM, TRIAGE, Desk, Json, Person, file
from tests.support.outbox_rows import deliveries

SILENCE = timedelta(seconds=8)
HOUR = timedelta(hours=1)
ADD, NEW, CREATE = "Oui, l’ajouter", "Nouveau ticket", "Créer un ticket"
KEPT = "Votre message est gardé 7 jours ; aucun technicien ne le lit avant votre choix."
OFFER = "Voulez-vous créer un ticket à partir de votre message ?"
WORDS = "Le Wi-Fi ne marche plus en B204"


def silence(desk: Desk, time: timedelta = SILENCE) -> None:
    """The person is silent; the answer follows."""
    desk.ahead += time
    desk.deliver()


def answer(person: Person) -> str:
    """The newest message in the direct message."""
    return str(person.reads()[-1])


def first_line(person: Person) -> str:
    return answer(person).splitlines()[0]


def drafts(desk: Desk) -> list[MessageDraft]:
    with desk.sessions() as session:
        return list(session.scalars(select(MessageDraft).order_by(MessageDraft.id)))


def ours(person: Person) -> list[str]:
    """The first lines of the messages of ours in the direct message."""
    return [each["text"].splitlines()[0] for each in person.messages() if each["from"] == "Guichet"]


def change(desk: Desk, person: Person, written: Json, gesture: str, **more: Any) -> None:
    """Edit or delete a message."""
    place = {"channel": written["message"]["channel"], "ts": written["message"]["ts"]}
    assert desk.slack.control.post(gesture, user=person.name, **place, **more)["ok"]


# -- keeping and answering -----------------------------------------------------------------------------------


def test_words_in_a_thread_of_no_ticket_are_kept_as_well(desk: Desk, camille: Person) -> None:
    desk.stop_clock()
    root = camille.write("Voici", files=[file("photo.pdf")])["message"]["ts"]
    reply = camille.write("Elle clignote, ma borne", thread_ts=root)
    change(desk, camille, reply, "edit", text="Elle clignote, ma borne Wi-Fi")
    silence(desk)
    assert first_line(camille) == OFFER
    [draft] = drafts(desk)
    assert [message.text for message in draft.messages] == ["Voici", "Elle clignote, ma borne Wi-Fi"]
    change(desk, camille, reply, "delete")
    silence(desk)
    assert [message.text for message in drafts(desk)[0].messages] == ["Voici"]


@pytest.mark.parametrize("above", ["their words", "our answer"])
def test_words_under_a_message_of_no_ticket_are_kept_while_slack_does_not_answer(
    desk: Desk, camille: Person, above: str
) -> None:
    desk.stop_clock()
    root = camille.write(WORDS)["message"]["ts"]
    if above == "our answer":
        silence(desk)
        root = camille.messages()[-1]["ts"]
    desk.fault("chat.postMessage", 503)
    desk.ahead -= timedelta(minutes=2)  # a receipt, say, that was queued before
    camille.file_ticket()
    desk.ahead += timedelta(minutes=2)
    camille.write("Depuis hier.", thread_ts=root)
    assert [draft.text for draft in drafts(desk)] == [f"{WORDS}\nDepuis hier."]


def test_words_under_an_answer_whose_confirmation_was_lost_are_kept(desk: Desk, camille: Person) -> None:
    desk.stop_clock()
    camille.write(WORDS)
    desk.fault("chat.postMessage", "reset", when="after")
    silence(desk)
    camille.write("Depuis hier.", thread_ts=camille.messages()[-1]["ts"])
    assert [draft.text for draft in drafts(desk)] == [f"{WORDS}\nDepuis hier."]


def test_words_under_the_answer_to_words_belong_to_them(desk: Desk, camille: Person) -> None:
    desk.stop_clock()
    camille.write(WORDS)
    silence(desk)
    camille.write("Depuis hier.", thread_ts=camille.messages()[-1]["ts"])
    silence(desk)
    [draft] = drafts(desk)
    assert draft.text == f"{WORDS}\nDepuis hier."
    assert len(ours(camille)) == 1


def test_words_are_answered_after_eight_seconds_of_silence(desk: Desk, camille: Person) -> None:
    desk.stop_clock()
    camille.write(WORDS)
    silence(desk, timedelta(seconds=7))
    assert camille.reads() == [WORDS]
    camille.write("depuis ce matin")
    silence(desk, timedelta(seconds=7))
    assert camille.reads() == [WORDS, "depuis ce matin"]
    silence(desk, timedelta(seconds=1))
    assert (
        camille.messages()[2]["text"] == f"{OFFER}\n[{CREATE}]\n[Catalogue des Services Numériques]\n{KEPT}"
    )
    assert len(camille.messages()) == 3
    assert camille.ephemeral_messages() == []


def test_two_messages_are_one_draft_whose_answer_stands_below_them(desk: Desk, camille: Person) -> None:
    camille.write(WORDS)
    silence(desk)
    camille.write("depuis ce matin")
    silence(desk)
    assert camille.reads()[:2] == [WORDS, "depuis ce matin"]
    assert ours(camille) == [OFFER]
    assert len(drafts(desk)) == 1
    assert len(desk.calls("chat.delete")) == 1


def test_more_than_an_hour_later_it_is_another_draft(desk: Desk, camille: Person) -> None:
    camille.write(WORDS)
    silence(desk)
    desk.ahead += HOUR
    camille.write("Et l’imprimante est en panne")
    silence(desk)
    assert ours(camille) == [OFFER, OFFER]
    assert [draft.text for draft in drafts(desk)] == [WORDS, "Et l’imprimante est en panne"]


def test_the_same_event_twice_is_one_message(desk: Desk, camille: Person) -> None:
    camille.write(WORDS)
    body = deepcopy(desk.received[-1])
    silence(desk)
    with desk.sessions.begin() as session:
        session.execute(text("DELETE FROM handled_event"))
    desk.dispatch(body)
    silence(desk)
    assert [len(draft.messages) for draft in drafts(desk)] == [1]
    assert len(deliveries(desk, kind=DeliveryKind.DRAFT)) == 1


def test_an_account_whose_messages_cannot_be_opened_disturbs_nobody(desk: Desk, camille: Person) -> None:
    camille.write(WORDS)
    desk.person("oliver").write("The printer is on fire")
    desk.fault("chat.postMessage", "", error="cannot_dm_bot", where={"channel": dm_of(camille)})
    silence(desk)
    assert desk.undelivered() == ["draft:1:1 dead: chat.postMessage: cannot_dm_bot"]
    assert ours(desk.person("oliver")) == ["Would you like to raise a ticket with what you wrote?"]


def test_a_person_who_reads_english_is_answered_in_english(desk: Desk, oliver: Person) -> None:
    oliver.file_ticket("Printer on fire")
    oliver.write("Hello")
    silence(desk)
    assert answer(oliver) == (
        "Hello. How can we help you?\n[New IT ticket]\n[IT service catalogue]\n[My tickets]"
    )
    oliver.write("It smells, too")
    silence(desk)
    assert answer(oliver) == (
        "Is this about No. 1 (Printer on fire)?\n[Yes, add it]\n[New ticket]\n"
        "Your message is kept for 7 days. Until you choose, no technician reads it."
    )
    oliver.press("Yes, add it", DIRECT)
    assert "Added to No. 1." in oliver.reads()
    oliver.write("thanks a lot")
    silence(desk)
    assert answer(oliver) == "You’re welcome."


def test_in_english_one_of_several_tickets_is_chosen_or_a_new_one(desk: Desk, oliver: Person) -> None:
    karim = desk.person("karim")
    oliver.file_ticket("Black screen")
    karim.resolve()
    oliver.file_ticket("Lost mouse")
    oliver.write("It is back")
    silence(desk)
    assert first_line(oliver) == "Which of your tickets is this about?"
    choose(desk, oliver, "No. 1 · Black screen")
    assert "Added to No. 1." in oliver.reads()
    oliver.write("", files=[file("screen.png")])
    silence(desk)
    oliver.press("New ticket", DIRECT)
    assert "screen.png" in oliver.modal_text
    oliver.submit(ENGLISH_FORM | {"Title": "Something else"})
    assert "No. 3 has been raised." in ours(oliver)
    oliver.press("New ticket", DIRECT, stale=True)
    assert oliver.ephemeral_messages() == ["What you wrote is already in No. 3."]
    oliver.forge_click("draft.file", 99)
    assert oliver.ephemeral_messages()[-1] == (
        "What you wrote is no longer here. Please write it again, or raise a ticket."
    )


def test_in_english_a_file_alone_is_asked_about(desk: Desk, oliver: Person) -> None:
    oliver.write("", files=[file("screen.png"), file("log.txt")])
    silence(desk)
    assert first_line(oliver) == (
        "We have received your files. What is happening? Write it here, or raise a ticket: the files will be "
        "attached to it."
    )


# -- small talk ----------------------------------------------------------------------------------------------


def test_a_greeting_is_greeted(desk: Desk, camille: Person) -> None:
    camille.write("Bonjour à tous 👋")
    silence(desk)
    assert answer(camille).splitlines() == [
        "Bonjour ! Comment pouvons-nous vous aider ?",
        "[Nouveau Ticket Informatique]",
        "[Catalogue des Services Numériques]",
        "[Mes tickets]",
    ]


def test_a_greeting_followed_by_words_is_no_greeting(desk: Desk, camille: Person) -> None:
    camille.write("Bonjour,")
    silence(desk)
    camille.write(WORDS)
    silence(desk)
    assert ours(camille) == [OFFER]
    camille.press(CREATE, DIRECT)
    assert camille.modal["values"]["Titre"] == WORDS
    assert camille.modal["values"]["Description"] == f"Bonjour,\n{WORDS}"


def test_thanks_are_answered_without_buttons(desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    camille.write("Merci beaucoup !")
    silence(desk)
    assert answer(camille) == "Avec plaisir."


def test_thanks_while_one_ticket_awaits_approval_offer_it(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket()
    karim.resolve()
    camille.write("ok merci 🙏")
    silence(desk)
    assert answer(camille).splitlines() == [
        "Avec plaisir. Le n° 1 (Imprimante en panne) attend votre accord : la solution fonctionne-t-elle ?",
        "[C’est réparé, clore]",
        "[Ça ne marche toujours pas]",
    ]
    camille.press("C’est réparé, clore", DIRECT)
    assert desk.ticket().status is Status.CLOSED


def test_thanks_while_two_tickets_await_approval_choose_none(
    desk: Desk, camille: Person, karim: Person
) -> None:
    for title in ("Écran noir", "Souris perdue"):
        camille.file_ticket(title)
        karim.resolve()
    camille.write("merci")
    silence(desk)
    assert answer(camille) == "Avec plaisir."


def test_agreement_answers_a_ticket_that_waits_for_it(desk: Desk, camille: Person, karim: Person) -> None:
    pending(desk, camille, karim)
    camille.write("ok")
    silence(desk)
    camille.press(ADD, DIRECT)
    assert desk.history()[-1] == (Action.ANSWER, None)
    assert karim.reads_thread(TRIAGE)[-1] == "Réponse de Camille Bernard · @Karim Benali\nok\n[Répondre]"


# -- which ticket --------------------------------------------------------------------------------------------


def test_words_are_added_to_the_ticket_that_waits_for_them(
    desk: Desk, camille: Person, karim: Person
) -> None:
    pending(desk, camille, karim)
    camille.write("C’est en B204")
    camille.write("bâtiment C", files=[file("plan.png")])
    silence(desk)
    assert answer(camille).splitlines() == [
        "C’est pour le n° 1 (Imprimante en panne) ?",
        f"[{ADD}]",
        f"[{NEW}]",
        KEPT,
    ]
    camille.press(ADD, DIRECT)
    assert "Ajouté au n° 1." in camille.reads()
    assert desk.ticket().status is Status.IN_PROGRESS
    assert karim.reads_thread(TRIAGE)[1:3] == [
        "Réponse de Camille Bernard · @Karim Benali\nC’est en B204\n[Répondre]",
        "Message de Camille Bernard · @Karim Benali\nbâtiment C\n[Répondre]",
    ]
    assert camille.messages()[0]["replies"] == []  # they read their own text where they wrote it
    assert karim.thread_files() == ["plan.png"]
    assert drafts(desk)[0].ticket_id == 1


def test_the_ticket_spoken_of_just_above_is_asked_about(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket()
    camille.write("Elle fume")
    silence(desk)
    assert first_line(camille) == "C’est pour le n° 1 (Imprimante en panne) ?"
    camille.press(ADD, DIRECT)
    assert karim.reads_thread(TRIAGE) == ["Message de Camille Bernard\nElle fume\n[Répondre]"]


def test_a_ticket_spoken_of_a_day_ago_is_not_asked_about(desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    desk.slack.control.post("clock", advance=86_500)
    camille.write("Elle fume")
    silence(desk)
    assert first_line(camille) == OFFER


def test_of_several_tickets_one_is_chosen_in_a_menu(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket("Écran noir")
    karim.resolve()
    camille.file_ticket("Souris perdue")
    camille.write("Elle est revenue")
    silence(desk)
    assert first_line(camille) == "C’est pour lequel de vos tickets ?"
    [menu] = [
        element
        for block in camille.messages()[-1]["blocks"]
        for element in block.get("elements", ())
        if element["type"] == "static_select"
    ]
    options = [option["text"]["text"].replace("\xa0", " ") for option in menu["options"]]
    assert options == ["n° 2 · Souris perdue", "n° 1 · Écran noir"]
    assert "initial_option" not in menu
    choose(desk, camille, "n° 1 · Écran noir")
    assert "Ajouté au n° 1." in camille.reads()
    assert desk.history(1)[-1] == (Action.COMMENT, None)


def test_words_are_added_to_a_closed_ticket_all_the_same(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket()
    karim.resolve()
    camille.press("C’est réparé, clore", DIRECT)
    camille.write("Elle fume encore")
    silence(desk)
    camille.press(ADD, DIRECT)
    assert "Ajouté au n° 1." in camille.reads()
    assert "Message de Camille Bernard · @Karim Benali\nElle fume encore" in karim.reads_thread(TRIAGE)


def test_a_file_alone_is_a_question_too(desk: Desk, camille: Person, karim: Person) -> None:
    camille.write("", files=[file("ecran.png")])
    silence(desk)
    assert first_line(camille) == (
        "Nous avons bien reçu votre fichier. Que se passe-t-il ? Écrivez-le ici, ou créez un ticket : "
        "le fichier y sera joint."
    )
    camille.press(CREATE, DIRECT)
    assert "ecran.png" in camille.modal_text
    camille.submit(FORM | {"Titre": "Écran noir"})
    assert "Le ticket n° 1 est créé." in ours(camille)
    assert karim.thread_files() == ["ecran.png"]


def test_a_file_after_a_greeting_is_a_file_alone(desk: Desk, camille: Person) -> None:
    camille.write("Bonjour")
    silence(desk)
    camille.write("", files=[file("ecran.png")])
    silence(desk)
    assert first_line(camille).startswith("Nous avons bien reçu votre fichier.")


def test_a_file_alone_can_be_added_to_a_ticket(desk: Desk, camille: Person, karim: Person) -> None:
    pending(desk, camille, karim)
    camille.write("", files=[file("ecran.png")])
    silence(desk)
    camille.press(ADD, DIRECT)
    assert karim.thread_files() == ["ecran.png"]
    assert desk.ticket().status is Status.IN_PROGRESS


# -- a new ticket --------------------------------------------------------------------------------------------


def test_words_and_files_become_a_ticket(desk: Desk, camille: Person, karim: Person) -> None:
    camille.write(f"{WORDS}\ndepuis ce matin", files=[file("ecran.png")])
    silence(desk)
    camille.press(CREATE, DIRECT)
    assert camille.modal["values"]["Titre"] == WORDS
    camille.submit(FORM)
    ticket = desk.ticket()
    assert (ticket.title, ticket.description) == (WORDS, f"{WORDS}\ndepuis ce matin")
    assert karim.thread_files() == ["ecran.png"]
    assert "Le ticket n° 1 est créé." in ours(camille)
    assert drafts(desk)[0].is_new_ticket


def test_a_second_press_names_the_ticket(desk: Desk, camille: Person) -> None:
    camille.write(WORDS)
    silence(desk)
    camille.press(CREATE, DIRECT)
    camille.submit(FORM)
    camille.press(CREATE, DIRECT, stale=True)
    assert camille.ephemeral_messages() == ["Ces mots sont déjà dans le n° 1."]
    assert not camille.has_modal


def test_a_form_that_is_sent_again_makes_one_ticket(desk: Desk, camille: Person) -> None:
    camille.write(WORDS + "\n" + "mot " * 1500)
    silence(desk)
    camille.press(CREATE, DIRECT)
    camille.submit(FORM)
    assert desk.repeat_last() == {}
    assert desk.count_tickets() == 1
    assert [action for action, _text in desk.history()] == [Action.OPEN]


def test_what_is_written_while_the_form_is_open_is_asked_about(desk: Desk, camille: Person) -> None:
    camille.write(WORDS)
    silence(desk)
    camille.press(CREATE, DIRECT)
    camille.write("et en B205 aussi")
    camille.submit(FORM)
    silence(desk)
    assert desk.ticket().description == WORDS
    assert [draft.text for draft in drafts(desk)] == [WORDS, "et en B205 aussi"]
    assert first_line(camille) == f"C’est pour le n° 1 ({WORDS}) ?"
    assert sorted(ours(camille))[0] == f"C’est pour le n° 1 ({WORDS}) ?"
    assert "Le ticket n° 1 est créé." in ours(camille)
    camille.press(ADD, DIRECT)
    assert comments(desk) == ["et en B205 aussi"]


def test_a_text_of_any_length_is_whole_in_the_ticket(desk: Desk, camille: Person, karim: Person) -> None:
    parts = [f"{number} " + "mot " * 2900 + "fin" for number in range(2)]
    for part in parts:
        camille.write(part)
    silence(desk)
    camille.press(CREATE, DIRECT)
    assert "Le texte est plus long que le formulaire : la suite sera ajoutée au ticket." in camille.modal_text
    assert len(camille.modal["values"]["Description"]) <= 3000
    camille.submit(FORM)
    assert desk.undelivered() == []
    [rest] = comments(desk)
    assert f"{desk.ticket().description} {rest}".split() == "\n".join(parts).split()
    assert karim.reads_thread(TRIAGE)[-1].endswith("fin\n[Répondre]")
    karim.press("Voir le détail", TRIAGE)
    assert desk.ticket().description in karim.modal_text


def test_a_long_text_is_added_whole(desk: Desk, camille: Person, karim: Person) -> None:
    pending(desk, camille, karim)
    parts = [f"{number} " + "mot " * 2900 + "fin" for number in range(2)]
    for part in parts:
        camille.write(part)
    silence(desk)
    camille.press(ADD, DIRECT)
    assert desk.undelivered() == []
    assert comments(desk)[-2:] == parts
    assert karim.reads_thread(TRIAGE)[-1].endswith("fin\n[Répondre]")


# -- whose it is, and when it is over ------------------------------------------------------------------------


def test_nobody_else_can_use_a_draft(desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    lea = desk.person("lea")
    lea.file_ticket("Autre chose")
    camille.write(WORDS)
    silence(desk)
    for action, value in (
        ("draft.add", "1.2"),
        ("draft.file", "1"),
        ("draft.add", "9.2"),
        ("draft.file", "9"),
    ):
        lea.forge_click(action, value)
    gone = "Ce que vous aviez écrit n’est plus là : merci de l’écrire à nouveau, ou d’ouvrir un ticket."
    assert lea.ephemeral_messages() == [gone] * 4
    assert [action for action, _text in desk.history(2)] == [Action.OPEN]


def test_nobody_adds_words_to_somebody_elses_ticket(desk: Desk, camille: Person) -> None:
    desk.person("lea").file_ticket("Autre chose")
    camille.write(WORDS)
    silence(desk)
    camille.forge_click("draft.add", "1.1")
    assert camille.ephemeral_messages() == ["Ce ticket n’existe pas, ou n’est pas le vôtre."]
    assert drafts(desk)[0].ticket_id is None


@pytest.mark.parametrize("value", ["", "1", "x.1", "1.x", "1.1.1", "9999999999.1"])
def test_an_altered_value_adds_nothing(desk: Desk, camille: Person, value: str) -> None:
    camille.file_ticket()
    camille.write(WORDS)
    silence(desk)
    camille.forge_click("draft.add", value)
    assert len(camille.ephemeral_messages()) == 1
    assert drafts(desk)[0].ticket_id is None


def test_pressing_twice_adds_once(desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    camille.write(WORDS)
    silence(desk)
    camille.press(ADD, DIRECT, deliver=False)
    camille.press(ADD, DIRECT)
    camille.press(ADD, DIRECT, stale=True)
    assert camille.ephemeral_messages() == ["Ces mots sont déjà dans le n° 1."] * 2
    assert [action for action, _text in desk.history()] == [Action.OPEN, Action.COMMENT]
    assert "Ajouté au n° 1." in ours(camille)


@pytest.mark.parametrize("is_deleted", [False, True])
def test_after_seven_days_words_are_gone(desk: Desk, camille: Person, is_deleted: bool) -> None:
    camille.write(WORDS)
    silence(desk)
    desk.ahead += timedelta(days=7)
    if is_deleted:
        for _again in range(2):
            desk.ahead += timedelta(hours=2)
            desk.worker.look_after()
        assert drafts(desk) == []
    camille.press(CREATE, DIRECT)
    assert "merci de l’écrire à nouveau" in camille.ephemeral_messages()[0]
    assert first_line(camille) == OFFER


# -- edits and deletions -------------------------------------------------------------------------------------


def test_an_edit_changes_the_words_and_the_answer_in_its_place(desk: Desk, camille: Person) -> None:
    written = camille.write("Bonjour")
    silence(desk)
    change(desk, camille, written, "edit", text=WORDS)
    silence(desk)
    assert ours(camille) == [OFFER]
    assert desk.calls("chat.delete") == []
    camille.press(CREATE, DIRECT)
    assert camille.modal["values"]["Titre"] == WORDS


def test_a_deletion_of_all_words_deletes_the_answer(desk: Desk, camille: Person) -> None:
    written = camille.write(WORDS)
    silence(desk)
    change(desk, camille, written, "delete")
    desk.deliver()
    assert camille.reads() == []
    assert desk.undelivered() == []
    camille.forge_click("draft.file", 1)
    assert "merci de l’écrire à nouveau" in camille.ephemeral_messages()[0]


def test_a_deletion_before_the_answer_leaves_none(desk: Desk, camille: Person) -> None:
    written = camille.write(WORDS)
    change(desk, camille, written, "delete")
    silence(desk)
    assert camille.reads() == []
    assert desk.undelivered() == []


def test_of_two_messages_one_is_deleted(desk: Desk, camille: Person) -> None:
    camille.write(WORDS)
    written = camille.write("depuis ce matin")
    silence(desk)
    change(desk, camille, written, "delete")
    silence(desk)
    assert ours(camille) == [OFFER]
    assert drafts(desk)[0].text == WORDS


def test_words_after_all_were_deleted_are_answered(desk: Desk, camille: Person) -> None:
    written = camille.write("Bof")
    silence(desk)
    change(desk, camille, written, "delete")
    silence(desk)
    camille.write(WORDS)
    silence(desk)
    assert ours(camille) == [OFFER]


@pytest.mark.parametrize("tombstone", [False, True])
def test_a_file_that_is_removed_is_not_attached(desk: Desk, camille: Person, tombstone: bool) -> None:
    written = camille.write(WORDS, files=[file("ecran.png"), file("plan.png")])
    silence(desk)
    first = written["message"]["files"][0]["id"]
    change(desk, camille, written, "remove_file", file=first, tombstone=tombstone)
    silence(desk)
    assert [each.name for each in drafts(desk)[0].files] == ["plan.png"]
    assert ours(camille) == [OFFER]


def test_an_edit_and_a_deletion_that_come_before_the_message_count(desk: Desk, camille: Person) -> None:
    camille.write("x")
    told = deepcopy(desk.received[-1])
    place = {"channel": told["event"]["channel"], "channel_type": "im", "user": camille.slack_id}
    early, late = "9999999999.000100", "9999999999.000200"
    message = {"type": "message", "user": camille.slack_id, "text": WORDS, "ts": early}
    message["edited"] = {"user": camille.slack_id, "ts": "9999999999.000150"}
    event = {"type": "message", "subtype": "message_changed", "message": message, "ts": "9999999999.000160"}
    event |= {"previous_message": {"user": camille.slack_id, "text": "avant", "ts": early}}
    desk.dispatch(told | {"event_id": "Ev1", "event": event | place})
    gone = {"type": "message", "subtype": "message_deleted", "deleted_ts": late, "ts": "9999999999.000210"}
    desk.dispatch(told | {"event_id": "Ev2", "event": gone | place})
    for number, ts in enumerate((early, late)):
        desk.dispatch(
            told | {"event_id": f"Ev{number + 3}", "event": told["event"] | {"ts": ts, "text": "avant"}}
        )
    assert [each.text for each in drafts(desk)[0].messages] == ["x", WORDS]


def test_words_in_a_ticket_follow_the_edits_of_their_message(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket()
    written = camille.write("Elle fume")
    silence(desk)
    camille.press(ADD, DIRECT)
    change(desk, camille, written, "edit", text="Elle brûle")
    silence(desk)
    assert karim.reads_thread(TRIAGE)[0].startswith("Message de Camille Bernard\nElle brûle")
    change(desk, camille, written, "delete")
    silence(desk)
    assert "brûle" not in karim.reads_thread(TRIAGE)[0]
    assert "Ajouté au n° 1." in ours(camille)


# -- helpers -------------------------------------------------------------------------------------------------


def pending(desk: Desk, camille: Person, karim: Person) -> None:
    """A ticket that waits for Camille's answer."""
    camille.file_ticket()
    karim.take()
    karim.press("Répondre", TRIAGE)
    karim.submit({"Votre réponse": "Dans quelle salle ?", "Et ensuite ?": ["Le ticket attend sa réponse"]})


def comments(desk: Desk) -> list[str]:
    with desk.sessions() as session:
        return list(session.scalars(select(Comment.text).order_by(Comment.id)))


def dm_of(person: Person) -> str:
    return person.desk.slack.slack.workspace.direct_message(person.slack_id).id


def choose(desk: Desk, person: Person, option: str) -> Any:
    done = person._do("click", action_id="draft.choose", option=option, **{"in": {"channel": DIRECT}})
    desk.deliver()
    return done
