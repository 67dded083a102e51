"""`@guichet` in a channel: its author, and nobody else, is offered a ticket with their words."""

from copy import deepcopy
from datetime import timedelta

import pytest
from slack_bolt import BoltRequest
from sqlalchemy import select, text

from models.message_draft import MessageDraft
from models.outbox.kinds import DeliveryKind, DeliveryState
from tests.support.help_desk import DIRECT, FORM, TRIAGE, Desk, Person, file
from tests.support.outbox_rows import deliveries

GENERAL = "#general"
WORDS = "le vidéoprojecteur de B204 clignote"
CREATE = "Créer un ticket"
OFFER = (
    f"Voulez-vous créer un ticket à partir de votre message ?\n[{CREATE}]\nVotre message est gardé 24 heures."
)
GREETING = (
    "Bonjour ! Comment pouvons-nous vous aider ?\n"
    "[Nouveau Ticket Informatique]\n[Catalogue des Services Numériques]\n[Mes tickets]"
)


@pytest.fixture(autouse=True)
def bot_in_general(desk: Desk) -> None:
    desk.slack.control.post("invite", user="guichet", channel=GENERAL)


def drafts(desk: Desk) -> list[MessageDraft]:
    with desk.sessions() as session:
        return list(session.scalars(select(MessageDraft)))


def later(desk: Desk) -> None:
    """What was to be sent had nobody cancelled it is sent."""
    desk.ahead += timedelta(minutes=1)
    desk.deliver()


def test_its_author_is_offered_a_ticket_with_their_words(desk: Desk, camille: Person, karim: Person) -> None:
    written = camille.write(f"@guichet, {WORDS}", GENERAL, files=[file("photo.png")])
    later(desk)
    assert camille.ephemeral_messages() == [OFFER]
    assert desk.person("lea").ephemeral_messages() == []
    assert (len(camille.messages(GENERAL)), camille.messages(DIRECT)) == (1, [])
    camille.press(CREATE, GENERAL)
    assert camille.modal["values"]["Titre"] == WORDS
    assert "photo.png" in camille.modal_text
    camille.submit(FORM)
    ticket = desk.ticket()
    assert (ticket.title, ticket.description) == (WORDS, WORDS)
    assert ticket.source is not None
    assert ticket.source.endswith(f"/p{written['message']['ts'].replace('.', '')}")
    assert karim.thread_files() == ["photo.png"]
    assert camille.reads(DIRECT)[0].startswith("n° 1")
    assert [row.state for row in deliveries(desk, kind=DeliveryKind.DRAFT)] == [DeliveryState.SKIPPED] * 2


def test_it_is_answered_in_english_to_who_reads_english(desk: Desk, oliver: Person) -> None:
    oliver.write("@guichet the projector flickers", GENERAL)
    assert oliver.ephemeral_messages() == [
        "Would you like to raise a ticket with what you wrote?\n[Raise a ticket]\n"
        "Your message is kept for 24 hours."
    ]
    oliver.press("Raise a ticket", GENERAL)
    assert oliver.modal["values"]["Title"] == "the projector flickers"


def test_in_a_thread_it_is_answered_in_the_thread(desk: Desk, camille: Person) -> None:
    root = camille.write("Quelqu’un sait ?", GENERAL)["message"]["ts"]
    camille.write(f"@guichet {WORDS}", GENERAL, thread_ts=root)
    [call] = desk.calls("chat.postEphemeral")
    assert call["arguments"]["thread_ts"] == root
    assert f"thread_ts={root}" in str(drafts(desk)[0].source)


def test_outside_of_threads_it_is_answered_in_the_channel(desk: Desk, camille: Person) -> None:
    camille.write(f"{WORDS} @guichet", GENERAL)
    [call] = desk.calls("chat.postEphemeral")
    assert "thread_ts" not in call["arguments"]
    assert drafts(desk)[0].text == WORDS


@pytest.mark.parametrize(
    ("words", "answer"),
    [("@guichet", GREETING), ("@guichet bonjour !", GREETING), ("merci @guichet", "Avec plaisir.")],
)
def test_without_words_nothing_is_kept(desk: Desk, camille: Person, words: str, answer: str) -> None:
    camille.write(words, GENERAL)
    later(desk)
    assert camille.ephemeral_messages() == [answer]
    assert (drafts(desk), camille.messages(DIRECT)) == ([], [])


def test_with_a_file_alone_nobody_is_asked_to_write_there(desk: Desk, camille: Person) -> None:
    camille.write("@guichet", GENERAL, files=[file("ecran.png")])
    [answer] = camille.ephemeral_messages()
    assert answer.startswith("Voulez-vous faire un ticket avec votre fichier ?\n[Créer un ticket]\n")
    camille.press("Créer un ticket", GENERAL)
    assert "ecran.png" in camille.modal_text


def test_told_twice_it_is_answered_once(desk: Desk, camille: Person) -> None:
    camille.write(f"@guichet {WORDS}", GENERAL)
    body = deepcopy(desk.received[-1])
    for event_id in (body["event_id"], "Ev0ANOTHER"):
        desk.dispatch(body | {"event_id": event_id})
    body["event"]["edited"] = {"user": camille.slack_id, "ts": "9999999999.000100"}
    desk.dispatch(body | {"event_id": "Ev0EDITED"})
    later(desk)
    assert len(camille.ephemeral_messages()) == len(drafts(desk)) == 1
    assert camille.messages(DIRECT) == []


@pytest.mark.parametrize("error", ["user_not_in_channel", "channel_not_found", "is_archived"])
def test_when_slack_refuses_it_is_answered_in_the_direct_message(
    desk: Desk, camille: Person, error: str
) -> None:
    desk.fault("chat.postEphemeral", "", error=error)
    camille.write(f"@guichet {WORDS}", GENERAL)
    desk.deliver()
    later(desk)
    assert camille.ephemeral_messages() == []
    assert camille.reads(DIRECT) == [OFFER]
    camille.press(CREATE, DIRECT)
    camille.submit(FORM)
    assert camille.reads(DIRECT)[0] == "Le ticket n° 1 est créé."


def test_when_slack_does_not_answer_it_is_answered_in_the_direct_message(desk: Desk, camille: Person) -> None:
    desk.fault("chat.postEphemeral", 503)
    desk.fault("chat.getPermalink", 503)
    camille.write(f"@guichet {WORDS}", GENERAL)
    desk.deliver()
    later(desk)
    assert camille.reads(DIRECT) == [OFFER]
    assert drafts(desk)[0].source is None


def test_a_slow_address_leaves_time_for_the_answer(desk: Desk, camille: Person) -> None:
    desk.fault("chat.getPermalink", "timeout")
    camille.write(f"@guichet {WORDS}", GENERAL)
    later(desk)
    assert camille.ephemeral_messages() == [OFFER]
    assert camille.messages(DIRECT) == []


def test_a_process_that_is_killed_before_it_answered_leaves_the_answer_to_the_worker(
    desk: Desk, camille: Person
) -> None:
    camille.write(f"@guichet {WORDS}", GENERAL)
    with desk.sessions.begin() as session:  # as it was before the answer in the channel
        session.execute(text("UPDATE delivery SET state = 'pending', completed_at = NULL, reason = NULL"))
    desk.deliver()
    assert camille.messages(DIRECT) == []
    later(desk)
    assert camille.reads(DIRECT) == [OFFER]


def test_in_a_teams_channel_it_is_no_mention(desk: Desk, karim: Person) -> None:
    karim.write(f"@guichet {WORDS}", TRIAGE)
    later(desk)
    assert (karim.ephemeral_messages(), drafts(desk)) == ([], [])


def test_in_a_shared_channel_nobody_is_answered(desk: Desk, camille: Person) -> None:
    assert desk.slack.control.post("channel", channel=GENERAL, shared=True)["ok"]
    camille.write(f"@guichet {WORDS}", GENERAL)
    later(desk)
    assert (camille.ephemeral_messages(), drafts(desk), camille.messages(DIRECT)) == ([], [], [])


@pytest.mark.parametrize("author", [{"bot_id": "B0WORKFLOW"}, {"user": "USLACKBOT"}, {"user": None}])
def test_an_app_and_slackbot_are_not_answered(
    desk: Desk, camille: Person, author: dict[str, str | None]
) -> None:
    camille.write("@guichet", GENERAL)
    body = deepcopy(desk.received[-1]) | {"event_id": "Ev0OTHER"}
    body["event"] |= {"text": f"{body['event']['text']} {WORDS}", "ts": "9999999999.000100"} | author
    before = len(desk.calls("chat.postEphemeral"))
    desk.dispatch(body)
    later(desk)
    assert (len(desk.calls("chat.postEphemeral")), drafts(desk)) == (before, [])


def test_somebody_of_another_organisation_is_not_answered(desk: Desk, camille: Person) -> None:
    with desk.sessions.begin() as session:
        session.execute(text("DELETE FROM person"))
    assert desk.slack.control.post("person", user="camille", team_id="T0OTHER000", teams=["T0OTHER000"])["ok"]
    camille.write(f"@guichet {WORDS}", GENERAL)
    later(desk)
    assert (camille.ephemeral_messages(), drafts(desk)) == ([], [])


def test_after_a_day_the_words_are_gone(desk: Desk, camille: Person) -> None:
    camille.write(f"@guichet {WORDS}", GENERAL)
    desk.ahead += timedelta(hours=24)
    camille.press(CREATE, GENERAL)
    assert "merci de l’écrire à nouveau" in camille.ephemeral_messages()[-1]


def test_nobody_else_opens_the_form(desk: Desk, camille: Person) -> None:
    camille.write(f"@guichet {WORDS}", GENERAL)
    lea = desk.person("lea")
    lea.forge_click("draft.file", drafts(desk)[0].id)
    assert not lea.has_modal
    assert "merci de l’écrire à nouveau" in lea.ephemeral_messages()[-1]


def test_a_mention_and_a_direct_message_are_two_drafts(desk: Desk, camille: Person) -> None:
    camille.write(f"@guichet {WORDS}", GENERAL)
    camille.write("Autre chose : mon mot de passe a expiré", DIRECT)
    later(desk)
    assert [draft.is_mention for draft in drafts(desk)] == [True, False]
    assert len(camille.messages(DIRECT)) == 2


def test_without_the_database_the_mention_is_sent_again(desk: Desk, camille: Person) -> None:
    camille.write(f"@guichet {WORDS}", GENERAL)
    body = deepcopy(desk.received[-1]) | {"event_id": "Ev0AGAIN"}
    body["event"]["ts"] = "9999999999.000100"
    with desk.lost_database():
        assert desk.parts.app.dispatch(BoltRequest(body=body, mode="socket_mode")).status == 503
