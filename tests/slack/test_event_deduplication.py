"""Events that Slack tells again: dealt with once, and not lost while the database is away."""

from copy import deepcopy

import pytest
from slack_bolt import BoltRequest
from sqlalchemy import select

from models.message_draft import MessageDraft
from tests.support.help_desk import TRIAGE, Desk, Json


@pytest.fixture
def words(desk: Desk) -> Json:
    """What Slack tells of a message that Camille wrote under her ticket's card, not told yet."""
    camille = desk.person("camille")
    camille.file_ticket()
    camille.write("Bonjour", thread_ts=camille.messages()[-1]["ts"])
    desk.deliver()
    body = deepcopy(desk.received[-1])
    body["event_id"] = "Ev0AGAIN"
    body["event"] |= {"text": "Toujours en panne", "ts": "9999999999.000100", "blocks": []}
    return body


def tell(desk: Desk, body: Json, retry: int = 0) -> int:
    """Slack tells an event; the status of the answer."""
    headers = {"x-slack-retry-num": [str(retry)]} if retry else {}
    response = desk.parts.app.dispatch(BoltRequest(body=body, headers=headers, mode="socket_mode"))
    desk.deliver()
    return response.status


def comment_texts(desk: Desk) -> list[str]:
    return [
        line.partition("\n")[2].removesuffix("\n[Répondre]")
        for line in desk.person("karim").reads_thread(TRIAGE)
    ]


def words_kept(desk: Desk) -> list[str]:
    with desk.sessions() as session:
        return [each.text for draft in session.scalars(select(MessageDraft)) for each in draft.messages]


def test_a_retried_event_is_handled_once(desk: Desk) -> None:
    camille = desk.person("camille")
    camille.write("Bonjour")
    desk.repeat_last()
    assert words_kept(desk) == ["Bonjour"]


def test_a_message_with_several_event_ids_is_handled_once(desk: Desk) -> None:
    camille = desk.person("camille")
    ts = camille.write("Bonjour")["message"]["ts"]
    assert desk.slack.control.post("repeat", channel="@camille", ts=ts, times=10)["ok"]
    assert words_kept(desk) == ["Bonjour"]


def test_a_retried_message_is_one_comment(desk: Desk, words: Json) -> None:
    assert [tell(desk, words), tell(desk, words, retry=1)] == [200, 200]
    assert comment_texts(desk) == ["Bonjour", "Toujours en panne"]


def test_a_message_that_could_not_be_saved_is_saved_at_its_retry(desk: Desk, words: Json) -> None:
    with desk.lost_database():
        assert [send_retry(desk, words, retry) for retry in (0, 1, 2)] == [503] * 3
        assert desk.person("camille").ephemeral_messages() == []
    assert tell(desk, words, retry=3) == 200
    assert comment_texts(desk) == ["Bonjour", "Toujours en panne"]


def test_the_author_is_told_after_the_last_retry(desk: Desk, words: Json) -> None:
    with desk.lost_database():
        assert send_retry(desk, words, 3) == 200
    [told] = desk.person("camille").ephemeral_messages()
    assert "ne peut rien enregistrer" in told
    assert comment_texts(desk) == ["Bonjour"]


def test_a_failed_event_is_not_recorded_as_handled(desk: Desk, words: Json) -> None:
    with desk.lost_database():
        send_retry(desk, words, 3)
    assert tell(desk, words) == 200
    assert comment_texts(desk) == ["Bonjour", "Toujours en panne"]


def send_retry(desk: Desk, body: Json, retry: int) -> int:
    """The same while the worker cannot work."""
    headers = {"x-slack-retry-num": [str(retry)]} if retry else {}
    return desk.parts.app.dispatch(BoltRequest(body=body, headers=headers, mode="socket_mode")).status
