"""A team's card of a closed ticket shrinks to two lines after a day."""

from datetime import timedelta

import pytest
from slack_sdk import WebClient

from bot.delivery import periodic
from playground.state.workspace import BOT_TOKEN
from tests.support.help_desk import APPROVE, DETAIL, DIRECT, TRIAGE, Desk, Person
from tests.support.outbox_rows import forgive

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
TITLE = "Imprimante en panne"


@pytest.fixture
def closed(desk: Desk, camille: Person, karim: Person) -> Person:
    """Camille, whose ticket is closed with her approval."""
    desk.stop_clock()
    camille.have_filed(TITLE, description="Elle clignote en orange.")
    karim.take()
    karim.resolve("Toner changé.")
    camille.press(APPROVE, DIRECT)
    work(desk)
    return camille


def work(desk: Desk, later: timedelta = timedelta()) -> None:
    desk.ahead += later
    periodic.run_due(desk.sessions, now=desk.now)
    desk.deliver()


def card(karim: Person) -> str:
    [shown] = karim.messages(TRIAGE)
    return str(shown["text"])


def test_it_stays_whole_for_a_day(desk: Desk, closed: Person, karim: Person) -> None:
    work(desk, DAY - MINUTE)
    assert "Toner changé." in card(karim)


def test_after_a_day_it_has_two_lines(desk: Desk, closed: Person, karim: Person) -> None:
    work(desk, DAY)
    first, button, second = card(karim).splitlines()
    assert (first, button) == (f"n° 1 · {TITLE}", f"[{DETAIL}]")
    assert second.startswith("Clos (approuvé)")
    karim.press(DETAIL, TRIAGE)
    assert "Toner changé." in karim.modal_text


def test_it_shrinks_once(desk: Desk, closed: Person, karim: Person) -> None:
    work(desk, DAY)
    edits = len(desk.calls("chat.update"))
    work(desk, DAY)
    assert len(desk.calls("chat.update")) == edits
    assert desk.ticket().shortens_at is None


def test_what_is_reopened_has_its_whole_card_again(desk: Desk, closed: Person, karim: Person) -> None:
    work(desk, DAY)
    closed.press("Rouvrir", DIRECT)
    closed.submit({"Pourquoi rouvrir ce ticket ?": "La panne est revenue."})
    assert "La panne est revenue." in card(karim)
    work(desk, 2 * DAY)
    assert "La panne est revenue." in card(karim)


def test_words_of_its_requester_are_shown_for_a_day(desk: Desk, closed: Person, karim: Person) -> None:
    work(desk, DAY)
    [message] = [each for each in closed.messages() if each["text"].startswith("n° 1")][:1]
    closed.write("Merci encore !", thread_ts=message["ts"])
    desk.deliver()
    assert "Camille Bernard a répondu" in card(karim)
    work(desk, DAY)
    assert "Camille Bernard a répondu" not in card(karim)


def test_a_card_that_was_deleted_is_not_posted_again(desk: Desk, closed: Person, karim: Person) -> None:
    [shown] = karim.messages(TRIAGE)
    channel = desk.slack.slack.workspace.channel(TRIAGE[1:])
    assert channel is not None
    client = WebClient(token=BOT_TOKEN, base_url=desk.slack.api_url)
    client.chat_delete(channel=channel.id, ts=shown["ts"])
    work(desk, DAY)
    assert not any(TITLE in each for each in karim.reads(TRIAGE))
    assert desk.undelivered() == []
    forgive(desk, "message_not_found")
