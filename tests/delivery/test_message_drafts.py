"""The answer to words outside of threads stands once, below them, whatever fails while it is sent."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.db.session import Sessions
from bot.delivery.rendering.rendered import RenderedMessage, Sent
from bot.delivery.senders.slack import SlackSender
from bot.delivery.worker import Worker
from bot.slack.client import worker_client
from models.message_draft import MessageDraft
from models.outbox.kinds import DeliveryKind
from playground.state.workspace import BOT_TOKEN
from tests.support.help_desk import DIRECT, Desk, Person
from tests.support.outbox_rows import Outbox, deliveries, forgive, wait
from tests.support.senders import make_senders

WORDS, MORE = "Le Wi-Fi ne marche plus", "depuis ce matin"
OFFER = "Voulez-vous créer un ticket à partir de votre message ?"
ADD = "Oui, l’ajouter"
LOST: dict[str, Any] = {"status": "reset", "when": "after"}


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.stop_clock()
    return desk


def say(desk: Desk, camille: Person, words: str) -> None:
    """Write, and be silent until the answer is due."""
    camille.write(words)
    wait(desk, timedelta(seconds=8))


def read(camille: Person) -> list[str]:
    """The first lines of the direct message's messages."""
    return [text.splitlines()[0] for text in camille.reads()]


def saved(desk: Desk) -> str | None:
    with desk.sessions() as session:
        return session.scalars(select(MessageDraft)).one().answer_ts


def delete_written(desk: Desk, camille: Person) -> None:
    """Delete all that she wrote."""
    for message in camille.messages():
        if message["from"] != "Guichet":
            place = {"channel": DIRECT, "ts": message["ts"]}
            assert desk.slack.control.post("delete", user="camille", **place)["ok"]


def test_an_answer_whose_confirmation_was_lost_is_found_again(desk: Desk, camille: Person) -> None:
    desk.fault("chat.postMessage", **LOST)
    say(desk, camille, WORDS)
    wait(desk)
    assert read(camille) == [WORDS, OFFER]
    assert saved(desk) == camille.messages()[-1]["ts"]
    assert len(desk.calls("chat.postMessage")) == 1


def test_a_second_answer_whose_confirmation_was_lost_is_found_again(desk: Desk, camille: Person) -> None:
    say(desk, camille, WORDS)
    desk.fault("chat.postMessage", **LOST)
    say(desk, camille, MORE)
    wait(desk)
    assert read(camille) == [WORDS, MORE, OFFER]
    assert saved(desk) == camille.messages()[-1]["ts"]


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.delete"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_an_attempt_that_ends_in_the_middle_is_made_up_for(
    desk: Desk, camille: Person, method: str, when: str
) -> None:
    say(desk, camille, WORDS)
    desk.fault(method, 503, when=when)
    say(desk, camille, MORE)
    wait(desk)
    assert read(camille) == [WORDS, MORE, OFFER]
    assert desk.undelivered() == []
    if (method, when) in {("chat.delete", "after"), ("chat.postMessage", "before")}:
        forgive(desk, "message_not_found")


def test_an_answer_that_slack_does_not_delete_stays_above(desk: Desk, camille: Person) -> None:
    say(desk, camille, WORDS)
    desk.fault("chat.delete", "", error="cant_delete_message")
    say(desk, camille, MORE)
    assert read(camille) == [WORDS, OFFER, MORE, OFFER]
    assert saved(desk) == camille.messages()[-1]["ts"]


def test_a_rate_limit_delays_the_answer(desk: Desk, camille: Person) -> None:
    say(desk, camille, WORDS)
    desk.fault("chat.delete", 429, retry_after=5)
    say(desk, camille, MORE)
    assert read(camille) == [WORDS, OFFER, MORE]
    wait(desk, timedelta(seconds=6))
    assert read(camille) == [WORDS, MORE, OFFER]


def test_words_that_are_used_before_the_answer_is_confirmed_leave_one_line(
    desk: Desk, camille: Person
) -> None:
    camille.file_ticket()
    desk.fault("chat.postMessage", **LOST)
    say(desk, camille, WORDS)
    camille.press(ADD, DIRECT)
    wait(desk)
    assert read(camille)[1:] == [WORDS, "Ajouté au n° 1."]
    assert desk.undelivered() == []


def test_words_that_are_deleted_before_the_answer_is_confirmed_leave_nothing(
    desk: Desk, camille: Person
) -> None:
    desk.fault("chat.postMessage", **LOST)
    say(desk, camille, WORDS)
    delete_written(desk, camille)
    wait(desk)
    assert (read(camille), saved(desk), desk.undelivered()) == ([], None, [])


def test_words_that_are_deleted_while_a_second_answer_is_not_confirmed_leave_nothing(
    desk: Desk, camille: Person
) -> None:
    say(desk, camille, WORDS)
    desk.fault("chat.postMessage", **LOST)
    say(desk, camille, MORE)
    delete_written(desk, camille)
    wait(desk)
    assert (read(camille), saved(desk), desk.undelivered()) == ([], None, [])


def test_words_that_follow_before_the_answer_is_confirmed_are_answered_once(
    desk: Desk, camille: Person
) -> None:
    desk.fault("chat.postMessage", **LOST)
    say(desk, camille, WORDS)
    say(desk, camille, MORE)
    wait(desk)
    assert read(camille) == [WORDS, MORE, OFFER]
    assert saved(desk) == camille.messages()[-1]["ts"]


def test_words_that_follow_an_answer_that_was_never_posted_are_answered_once(
    desk: Desk, camille: Person
) -> None:
    desk.fault("chat.postMessage", 503, times=1)
    say(desk, camille, WORDS)
    say(desk, camille, MORE)
    wait(desk)
    assert read(camille) == [WORDS, MORE, OFFER]


@pytest.mark.parametrize("is_used", [False, True])
def test_an_answer_that_is_gone_is_posted_anew_only_while_it_asks(
    desk: Desk, camille: Person, is_used: bool
) -> None:
    camille.file_ticket()
    say(desk, camille, WORDS)
    desk.fault("chat.update", "", error="message_not_found", where={"ts": saved(desk)})
    if is_used:
        camille.press(ADD, DIRECT)
    else:
        place = {"channel": DIRECT, "ts": camille.messages()[1]["ts"]}
        assert desk.slack.control.post("edit", user="camille", text=MORE, **place)["ok"]
        wait(desk, timedelta(seconds=8))
    wait(desk)
    texts = [call["arguments"]["text"] for call in desk.calls("chat.postMessage")]
    about = [text for text in texts if text.startswith(("C’est pour", "Ajouté"))]
    assert len(about) == 1 + (not is_used)
    assert desk.undelivered() == []


def test_an_answer_in_a_direct_message_with_another_id_follows(desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    assert desk.slack.control.post("stale_dm", user="camille")["ok"]
    say(desk, camille, WORDS)
    camille.press(ADD, DIRECT)
    assert read(camille)[-1] == "Ajouté au n° 1."
    desk.slack.run(desk.slack.slack.workspace.violations.clear)


def test_what_is_no_longer_kept_is_not_answered(desk: Desk, camille: Person) -> None:
    camille.write(WORDS)
    with desk.sessions.begin() as session:
        session.execute(text("DELETE FROM message_draft"))
    wait(desk, timedelta(seconds=8))
    assert (read(camille), desk.undelivered()) == ([WORDS], [])


def test_a_log_line_names_no_ticket(desk: Desk, camille: Person, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "guichet.deliveries")
    say(desk, camille, WORDS)
    [line] = [record.message for record in caplog.records if record.message.startswith("draft")]
    assert line.startswith("draft sent at attempt 1 in ")
    assert WORDS not in caplog.text


class StandsStill(SlackSender):
    """Stands still once, after its lease was looked at and before its answer is on its way."""

    def __init__(self, desk: Desk, meanwhile: Callable[[], object]) -> None:
        super().__init__(worker_client(BOT_TOKEN, desk.settings.slack_api_url))
        self._meanwhile: Callable[[], object] | None = meanwhile

    def send(self, rendered: RenderedMessage, *, before_post: Callable[[], object], **more: Any) -> Sent:
        def hold() -> None:
            before_post()
            if self._meanwhile:
                meanwhile, self._meanwhile = self._meanwhile, None
                meanwhile()

        return super().send(rendered, before_post=hold, **more)


def test_a_late_attempts_second_answer_is_deleted(desk: Desk, camille: Person) -> None:
    say(desk, camille, WORDS)

    def another_works() -> None:
        desk.ahead += timedelta(seconds=72)
        worker(desk, make_senders(desk)).drain()

    camille.write(MORE)
    desk.ahead += timedelta(seconds=8)
    late = worker(desk, make_senders(desk, slack=StandsStill(desk, another_works)))
    late.drain()
    late.look_after()
    assert read(camille) == [WORDS, MORE, OFFER]
    assert saved(desk) == camille.messages()[-1]["ts"]
    forgive(desk, "message_not_found")  # the first answer, which the late attempt had deleted


def worker(desk: Desk, senders: Any) -> Worker:
    return Worker(Sessions(desk.parts.worker_engine), senders, lambda: desk.now)


def test_an_answer_waits_for_the_earlier_one_of_its_person_only(box: Outbox) -> None:
    draft: dict[str, Any] = {"ticket": None, "kind": DeliveryKind.DRAFT, "number": 0}
    box.put("card", ticket=1, to="dm:1", due=timedelta(hours=1))
    box.put("first", to="dm:1", due=timedelta(hours=1), **draft)
    box.put("second", to="dm:1", **draft)
    box.put("of another", to="dm:2", **draft)
    assert box.all_claimed() == ["of another"]


def test_other_messages_wait_for_no_answer(box: Outbox) -> None:
    box.put("answer", ticket=None, kind=DeliveryKind.DRAFT, number=0, due=timedelta(hours=1))
    box.put("card", ticket=1)
    assert box.all_claimed() == ["card"]


def test_one_answer_is_queued_for_words_in_a_row(desk: Desk, camille: Person) -> None:
    for words in (WORDS, MORE, "vraiment"):
        camille.write(words)
    assert len(deliveries(desk, kind=DeliveryKind.DRAFT)) == 1
