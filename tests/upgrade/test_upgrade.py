"""A newer version goes on with what an earlier one left behind, and says nothing twice."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import zip_longest
from pathlib import Path

import pytest
from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot import bootstrap as runtime
from bot.delivery import periodic
from bot.settings import Settings
from models.lifecycle import Status
from models.outbox.kinds import DeliveryKind
from playground.state.workspace import BOT_USER_ID
from playground.testing import Playground
from tests.support.databases import shared_engine
from tests.support.help_desk import Desk
from tests.support.outbox_rows import deliveries, wait
from tests.upgrade.effects import ANSWERS, DEEDS, MOVES, WRITTEN
from tests.upgrade.replay import key_of, plain, recorded, restore_slack, restore_store, send

STARTED = datetime.fromisoformat(recorded("slack")["at"]) + timedelta(minutes=5)


@pytest.fixture
def database_url(recorded_database_url: str) -> str:
    """The address of a database as the earlier version left it."""
    return recorded_database_url


@pytest.fixture
def desk(
    slack: Playground, connection: SocketModeHandler, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    """The newer version, five minutes later; its worker works when the test says so."""
    monkeypatch.setattr(runtime, "create_db", shared_engine)
    slack.run(restore_slack, slack.slack, STARTED)
    restore_store(Path(settings.attachments_url))
    desk = Desk(slack, settings, connection)
    desk.stop_clock(STARTED)
    with desk:
        yield desk


IN_DOUBT = [
    row for row in recorded("database")["delivery"] if row["started_at"] and row["state"] == "pending"
]
MESSAGES = ("card", "triage_card", "thread", "comment", "approval", "outage")  # one each, with its key
STOOD = {key_of(message): message["ts"] for message in recorded("slack")["messages"] if key_of(message)}


def posted(desk: Desk) -> Counter[str]:
    """The bot's messages by the delivery that each carries."""
    channels = desk.slack.slack.workspace.channels.values()
    messages = [message for channel in channels for message in channel.messages.values() if message.metadata]
    return Counter(key_of({"metadata": message.metadata}) for message in messages)


def comment_texts(desk: Desk) -> Counter[tuple[str, str | None, str]]:
    """The bot's texts by place: a text that is there twice was sent twice."""
    channels = desk.slack.slack.workspace.channels.values()
    messages = [
        message
        for channel in channels
        for message in channel.messages.values()
        if message.user == BOT_USER_ID
    ]
    return Counter(
        (message.channel, message.thread_ts, f"{message.text} {plain(message.blocks)} {message.files}")
        for message in messages
    )


def finish(desk: Desk) -> None:
    """Let everything that waits be sent, when its rest is over and its next attempt is due."""
    desk.deliver()
    for _attempt in range(3):
        wait(desk, timedelta(minutes=10))


# Deliveries in doubt


def test_what_was_recorded_is_in_every_doubt(desk: Desk) -> None:
    """Else the tests below hold of nothing."""
    kinds = {row["kind"] for row in IN_DOUBT}
    send_nothing = {
        DeliveryKind.APPROVERS,
        DeliveryKind.CHANNEL,
        DeliveryKind.OUTAGE_RESOLUTION,
        DeliveryKind.CHILDREN,
        DeliveryKind.DEPARTURE,
        DeliveryKind.DEPARTURE_TICKETS,
    }
    newer = {
        DeliveryKind.AGREEMENT,
        DeliveryKind.AGREEMENT_WAIT,
        DeliveryKind.ANNOUNCEMENT,
        DeliveryKind.CONFIDENTIAL_WAITING,
        DeliveryKind.DECISION,
        DeliveryKind.DECISION_RESULT,
        DeliveryKind.DRAFT,
        DeliveryKind.OUTAGE_UPDATE,
        DeliveryKind.OWN_DATA,
        DeliveryKind.OWN_DATA_FAILURE,
        DeliveryKind.PROMISE,
        DeliveryKind.PROMPT,
        DeliveryKind.DEPARTURE_SUMMARY,
        DeliveryKind.REMINDER,
        DeliveryKind.TARGET,
        DeliveryKind.UNTAKEN,
        DeliveryKind.UPDATE_DUE,
    }
    assert kinds == set(DeliveryKind) - send_nothing - newer
    for kind in ("card", "triage_card", "thread", "comment", "approval"):
        assert {row["key"] in STOOD for row in IN_DOUBT if row["kind"] == kind} == {True, False}, kind
    assert {bool(row["uncertain"]) for row in IN_DOUBT} == {True, False}
    assert {bool(row["lease_until"]) for row in IN_DOUBT} == {True, False}


def test_messages_in_slack_unknown_to_the_database_are_found_and_recorded(desk: Desk) -> None:
    finish(desk)
    found = {row["key"]: STOOD[row["key"]] for row in IN_DOUBT if row["key"] in STOOD}
    assert {row.key: row.remote_id for row in deliveries(desk) if row.key in found} == found
    assert {times for key, times in posted(desk).items() if key in found} == {1}


def test_what_had_not_arrived_is_posted_once(desk: Desk) -> None:
    finish(desk)
    missing = {row["key"] for row in IN_DOUBT if row["kind"] in MESSAGES and row["key"] not in STOOD}
    assert {key: posted(desk)[key] for key in missing} == dict.fromkeys(missing, 1)


def test_nothing_is_said_twice_or_lost(desk: Desk) -> None:
    finish(desk)
    assert STOOD.keys() <= posted(desk).keys()
    assert [key for key, times in posted(desk).items() if times > 1] == []
    assert [words for words, times in comment_texts(desk).items() if times > 1] == []


def test_pending_deliveries_are_sent_and_dead_ones_are_not(desk: Desk) -> None:
    finish(desk)
    assert desk.undelivered() == ["26:2:thread dead: chat.postMessage: msg_blocks_too_long"]


def test_a_card_given_up_for_want_of_its_channel_is_edited_now_that_the_channel_answers(desk: Desk) -> None:
    def card() -> str:
        return next(text for text in desk.person("marc").reads("#dnum-reseau") if "n° 13 · " in text)

    assert "Personne ne l’a encore pris." in card()
    finish(desk)
    assert "En charge : @Marc Petit" in card()


def test_a_rest_that_slack_asked_for_is_taken_to_its_end(desk: Desk) -> None:
    desk.deliver()
    assert desk.calls("chat.postMessage")
    assert desk.calls("chat.update") == []
    wait(desk, timedelta(minutes=5))
    assert desk.calls("chat.update")


def test_an_e_mail_in_doubt_leaves_again_under_its_own_number(desk: Desk) -> None:
    """A reader of mail shows the same Message-ID once."""
    finish(desk)
    numbers = Counter(mail["headers"]["Message-ID"] for mail in desk.mails())
    assert numbers == {f"<ticket-{number}@univ.example>": 1 for number in (37, 38, 39)}
    assert "<ticket-37@univ.example>" in recorded("slack")["mails"]
    sent = {row.ticket_id: row.remote_id for row in deliveries(desk, kind=DeliveryKind.MAIL)}
    assert {f"<ticket-{number}@univ.example>" for number in (37, 38, 39)} <= set(sent.values())


def test_the_next_e_mail_of_a_ticket_is_threaded_with_those_of_the_earlier_version(desk: Desk) -> None:
    send(desk, "resolve")
    finish(desk)
    [mail] = [each for each in desk.mails() if "Solution à vérifier] Imprimante" in each["subject"]]
    assert mail["headers"]["References"] == mail["headers"]["In-Reply-To"] == "<ticket-1@univ.example>"
    assert re.fullmatch(r"<ticket-1-\d+\.[0-9a-f]{16}@univ\.example>", mail["headers"]["Message-ID"])
    assert "<ticket-1@univ.example>" in recorded("slack")["mails"]


def test_stored_files_are_posted_from_the_store_and_removed_by_their_id(desk: Desk) -> None:
    finish(desk)
    names = {
        file.name: file for file in desk.slack.slack.workspace.files.values() if file.user == BOT_USER_ID
    }
    assert {"guide.pdf", "écran.pdf", "photo.pdf"} <= names.keys()
    assert names["guide.pdf"].content == b"%PDF-1.7"
    assert names["oups.png"].deleted


def test_an_app_home_is_drawn_where_its_reader_left_it(desk: Desk) -> None:
    finish(desk)
    assert "Affiché : En attente" in desk.person("karim").home_text
    assert "Jamais essayé" in desk.person("camille").home_text


def test_a_ticket_on_hold_wakes_on_the_day_that_was_set(desk: Desk) -> None:
    assert "resume_on_date" in periodic.run_due(desk.sessions, now=desk.now)
    assert desk.ticket(6).status is Status.PENDING
    desk.ahead += timedelta(days=60)
    periodic.run_due(desk.sessions, now=desk.now)
    assert desk.ticket(6).status is Status.IN_PROGRESS


def test_those_who_followed_an_outage_in_the_earlier_version_are_told_of_its_end(desk: Desk) -> None:
    send(desk, "outage over")
    desk.deliver()
    followers = [desk.ticket(number) for number in (18, 19, 20)]
    assert {(each.status, each.solution) for each in followers} == {(Status.RESOLVED, "Redémarrée.")}


# What people have in front of them


def test_every_recorded_payload_is_sent_below() -> None:
    assert {*DEEDS, *(name for names in MOVES.values() for name in names)} == recorded("payloads").keys()


@pytest.mark.parametrize("where", MOVES)
def test_what_was_pressed_shows_what_it_says(desk: Desk, where: str) -> None:
    assert {name: send(desk, name) for name in MOVES[where]} == MOVES[where]


@pytest.mark.parametrize("name", DEEDS)
def test_a_repeated_payload_is_done_once_and_then_answered_with_a_reason(desk: Desk, name: str) -> None:
    first, second = DEEDS[name]
    assert send(desk, name) == first
    number, written = WRITTEN.get(name, (1, {}))
    assert {field: getattr(desk.ticket(number), field) for field in written} == written
    assert [
        line[: len(words)] for line, words in zip_longest(send(desk, name), second, fillvalue="")
    ] == second


def test_a_ticket_keeps_the_number_that_was_drawn_with_its_form(desk: Desk) -> None:
    forms = [name for name in DEEDS if name.startswith("ticket form") and name != "ticket form outage.follow"]
    for number, name in enumerate(forms, 40):
        send(desk, name)
        place = json.loads(recorded("payloads")[name]["view"]["private_metadata"])
        assert desk.ticket(number).submission == place["submission"]


def test_the_answers_of_a_service_are_those_that_were_given(desk: Desk) -> None:
    send(desk, "ticket form, of a service: machine virtuelle")
    send(desk, "ticket form, of a service: captation")
    given = {answer.id: answer.value for number in (40, 41) for answer in desk.ticket(number).answers}
    assert given == ANSWERS | {"administrateur": desk.person("lea").slack_id}


def test_all_that_was_sent_at_once_is_told_once(desk: Desk) -> None:
    for name in DEEDS:
        send(desk, name)
    finish(desk)
    assert [key for key, times in posted(desk).items() if times > 1] == []
    assert desk.undelivered() == ["26:2:thread dead: chat.postMessage: msg_blocks_too_long"]
