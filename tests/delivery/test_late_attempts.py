"""A worker that stands still in the middle of an attempt: its lease ends, and another one takes over."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from bot.db.session import Sessions
from bot.delivery import lease, periodic
from bot.delivery.rendering.rendered import RenderedMessage, Sent
from bot.delivery.senders.slack import SlackSender
from bot.delivery.sending import Senders
from bot.delivery.worker import Worker
from bot.slack.client import worker_client
from models.outbox.kinds import DeliveryKind, DeliveryState
from playground.state.workspace import BOT_TOKEN
from tests.support.database_faults import lost
from tests.support.help_desk import TRIAGE, Desk
from tests.support.outbox_rows import delivery, open_quietly
from tests.support.senders import make_senders

STILL = timedelta(seconds=72)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.stop_clock()
    return desk


class Still(SlackSender):
    """Posts, with something that happens once right before or after the first post of a card to the team."""

    def __init__(self, desk: Desk, *, before: Callable[[], object] | None = None, after: Any = None) -> None:
        super().__init__(worker_client(BOT_TOKEN, desk.settings.slack_api_url))
        self._before, self._after = before, after

    def send(self, rendered: RenderedMessage, **more: Any) -> Sent:
        if self._before and rendered.reference and rendered.reference.kind is DeliveryKind.TRIAGE_CARD:
            before, self._before = self._before, None
            before()
        sent = super().send(rendered, **more)
        if self._after and rendered.reference and rendered.reference.kind is DeliveryKind.TRIAGE_CARD:
            after, self._after = self._after, None
            after()
        return sent


class StillAtTheLastMoment(SlackSender):
    """Stands still once its lease was looked at, before the message is on its way."""

    def __init__(self, desk: Desk, meanwhile: Callable[[], object]) -> None:
        super().__init__(worker_client(BOT_TOKEN, desk.settings.slack_api_url))
        self._meanwhile: Callable[[], object] | None = meanwhile

    def send(self, rendered: RenderedMessage, *, before_post: Callable[[], object], **more: Any) -> Sent:
        def hold() -> None:
            before_post()
            if self._meanwhile and rendered.reference and rendered.reference.kind is DeliveryKind.TRIAGE_CARD:
                meanwhile, self._meanwhile = self._meanwhile, None
                meanwhile()

        return super().send(rendered, before_post=hold, **more)


def worker(desk: Desk, senders: Senders | None = None) -> Worker:
    return Worker(Sessions(desk.parts.worker_engine), senders or make_senders(desk), lambda: desk.now)


def stand_still(desk: Desk) -> None:
    desk.ahead += STILL


def stand_still_while_another_works(desk: Desk) -> None:
    desk.ahead += STILL
    worker(desk).drain()


def test_it_goes_on_when_nobody_took_over(desk: Desk) -> None:
    open_quietly(desk)
    worker(desk, make_senders(desk, slack=Still(desk, before=lambda: stand_still(desk)))).drain()
    assert len(desk.person("karim").messages(TRIAGE)) == 1
    assert delivery(desk, DeliveryKind.TRIAGE_CARD).attempt == 1


def test_it_posts_nothing_once_another_has_taken_over(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    open_quietly(desk)
    still = Still(desk, before=lambda: stand_still_while_another_works(desk))
    worker(desk, make_senders(desk, slack=still)).drain()
    (card,) = desk.person("karim").messages(TRIAGE)
    row = delivery(desk, DeliveryKind.TRIAGE_CARD)
    assert (row.state, row.remote_id) == (DeliveryState.SENT, card["ts"])
    assert "was too late: another has it" in caplog.text


def test_a_lease_of_a_clock_that_was_put_back_is_not_counted_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def another_works_meanwhile() -> None:
        desk.ahead -= timedelta(days=1)
        for _minute in range(3):
            worker(desk).look_after()
            worker(desk).drain()
            desk.ahead += STILL

    monkeypatch.setattr(periodic, "JOBS", {"bring_near": periodic.JOBS["bring_near"]})
    desk.ahead += timedelta(days=1)
    worker(desk).look_after()
    open_quietly(desk)
    still = Still(desk, before=another_works_meanwhile)
    worker(desk, make_senders(desk, slack=still)).drain()
    assert len(desk.person("karim").messages(TRIAGE)) == 1


def test_what_it_posted_is_taken_over_by_the_other(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    open_quietly(desk)
    late = worker(
        desk,
        make_senders(desk, slack=Still(desk, after=lambda: stand_still_while_another_works(desk))),
    )
    late.drain()
    late.look_after()
    (card,) = desk.person("karim").messages(TRIAGE)
    assert delivery(desk, DeliveryKind.TRIAGE_CARD).remote_id == card["ts"]
    assert "a late attempt's message was adopted" in caplog.text


def test_a_second_message_is_deleted_and_said(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    open_quietly(desk)
    sender = StillAtTheLastMoment(desk, lambda: stand_still_while_another_works(desk))
    late = worker(desk, make_senders(desk, slack=sender))
    late.drain()
    assert len(desk.person("karim").messages(TRIAGE)) == 2, "for a moment"
    late.look_after()
    (card,) = desk.person("karim").messages(TRIAGE)
    assert delivery(desk, DeliveryKind.TRIAGE_CARD).remote_id == card["ts"]
    assert "a late attempt's second message was deleted" in caplog.text


def test_a_second_message_waits_for_the_other_attempt_to_end(desk: Desk) -> None:
    """The other one may still find it and take it for its own."""
    open_quietly(desk)

    def another_begins() -> None:
        stand_still(desk)
        sender = Still(desk, before=lambda: late.look_after())
        worker(desk, make_senders(desk, slack=sender)).drain()

    late = worker(desk, make_senders(desk, slack=Still(desk, after=another_begins)))
    late.drain()
    late.look_after()
    (card,) = desk.person("karim").messages(TRIAGE)
    assert delivery(desk, DeliveryKind.TRIAGE_CARD).remote_id == card["ts"]


def late_with_a_second_message(desk: Desk) -> Worker:
    open_quietly(desk)
    sender = StillAtTheLastMoment(desk, lambda: stand_still_while_another_works(desk))
    late = worker(desk, make_senders(desk, slack=sender))
    late.drain()
    return late


def test_a_second_message_is_not_forgotten_when_the_database_fails(desk: Desk) -> None:
    late = late_with_a_second_message(desk)
    with lost(desk.parts.worker_engine), pytest.raises(DBAPIError):
        late.look_after()
    late.look_after()
    assert len(desk.person("karim").messages(TRIAGE)) == 1


def test_a_second_message_that_slack_does_not_delete_is_left_alone_for_a_minute(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = late_with_a_second_message(desk)
    desk.fault("chat.delete", 503)
    late.look_after()
    late.look_after()
    assert len(desk.calls("chat.delete")) == 1
    monkeypatch.setattr(lease, "RETRY_AFTER", 0.0)
    late.look_after()
    assert len(desk.person("karim").messages(TRIAGE)) == 1
