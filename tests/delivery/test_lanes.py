"""Sending side by side: several messages in flight, e-mail beside Slack, rests after silence."""

import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Event as Flag

import pytest

from bot.delivery.lanes import FAILURES_MAX, PAUSES, SENDERS, CircuitBreaker, Dispatcher
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, Lane
from tests.support.factories import make_delivery
from tests.support.help_desk import TIMEOUT
from tests.support.outbox_rows import SECOND, Outbox
from tests.support.use_case_desk import NOW

SLACK = SENDERS[Lane.SLACK]


class Waiting:
    """Deliveries that wait, claimed in their order by whoever asks."""

    def __init__(self, *recipients: str) -> None:
        self._rows = [
            make_delivery(id=number, recipient=recipient) for number, recipient in enumerate(recipients)
        ]

    def claim(self, _lane: Lane, busy: Collection[str]) -> Delivery | None:
        for row in self._rows:
            if row.recipient not in busy:
                self._rows.remove(row)
                return row
        return None


@contextmanager
def dispatching(
    waiting: Waiting, handle: Callable[[Delivery], object], breaker: CircuitBreaker | None = None
) -> Iterator[None]:
    stop, look = Flag(), Flag()
    dispatcher = Dispatcher(Lane.SLACK, waiting.claim, handle, breaker or CircuitBreaker())
    thread = threading.Thread(target=dispatcher.run, args=(stop, look))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        look.set()
        thread.join()


def test_messages_to_several_people_are_in_flight_at_once() -> None:
    together = threading.Barrier(SLACK + 1)
    with dispatching(
        Waiting(*(f"dm:{number}" for number in range(SLACK))), lambda _row: together.wait(TIMEOUT)
    ):
        together.wait(TIMEOUT)


def test_a_recipient_has_one_message_in_flight_in_their_order_and_holds_up_nobody() -> None:
    theirs, other, done = list[int](), Flag(), threading.Semaphore(0)

    def handle(row: Delivery) -> None:
        if row.recipient == "team:1":
            other.set()
        else:
            assert other.wait(TIMEOUT), "the team's card waits behind somebody's messages"
            theirs.append(row.id)
        done.release()

    with dispatching(Waiting(*["dm:1"] * 60, "team:1"), handle):
        assert all(done.acquire(timeout=TIMEOUT) for _turn in range(61))
    assert theirs == sorted(theirs)
    assert len(theirs) == 60


def test_an_attempt_that_fails_badly_frees_its_recipient() -> None:
    seen, both = list[int](), Flag()

    def handle(row: Delivery) -> None:
        seen.append(row.id)
        if len(seen) == 2:
            both.set()
        raise RuntimeError("surprise")

    with dispatching(Waiting("dm:1", "dm:1"), handle):
        assert both.wait(TIMEOUT)


def test_a_machine_without_a_thread_to_spare_stops_a_lane_for_a_moment_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refused, start = Flag(), threading.Thread.start

    def refuse(thread: threading.Thread) -> None:
        if thread.name.startswith("sender-slack") and not refused.is_set():
            refused.set()
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", refuse)
    sent = Flag()
    with dispatching(Waiting("dm:1", "dm:1"), lambda _row: sent.set()):
        assert sent.wait(TIMEOUT)


def test_a_claim_that_fails_each_time_is_said_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    stop, look, left = Flag(), Flag(), [5]

    def claim(*_arguments: object) -> Delivery:
        left[0] -= 1
        if not left[0]:
            stop.set()
        look.set()
        raise OSError("gone")

    Dispatcher(Lane.SLACK, claim, print, CircuitBreaker()).run(stop, look)
    assert caplog.text.count("the worker could not work") == 1


def test_while_the_server_does_not_answer_one_attempt_at_a_time_is_made() -> None:
    breaker, many = CircuitBreaker(), list[int]()
    for _turn in range(FAILURES_MAX):
        breaker.count(NOW)
    in_flight, most, done = threading.Semaphore(1), list[bool](), threading.Semaphore(0)

    def handle(row: Delivery) -> None:
        most.append(in_flight.acquire(blocking=False))
        many.append(row.id)
        in_flight.release()
        done.release()

    with dispatching(Waiting(*(f"dm:{number}" for number in range(20))), handle, breaker):
        assert all(done.acquire(timeout=TIMEOUT) for _turn in range(20))
    assert all(most)
    assert many == list(range(20))


# The circuit breaker


def test_a_pause_begins_after_some_failures_in_a_row_and_doubles_to_its_longest() -> None:
    breaker, now, pauses = CircuitBreaker(), NOW, list[timedelta]()
    assert [breaker.count(now) for _turn in range(FAILURES_MAX - 1)] == [None] * (FAILURES_MAX - 1)
    for _turn in range(6):
        until = breaker.count(now)
        assert until is not None
        pauses.append(until - now)
        assert breaker.count(now) is None, "those that were in flight with it are no news"
        now = until
    first, longest = PAUSES
    assert pauses == [first, 2 * first, 4 * first, 8 * first, longest, longest]


def test_an_answer_closes_the_breaker() -> None:
    breaker = CircuitBreaker()
    for _turn in range(FAILURES_MAX):
        breaker.count(NOW)
    assert breaker.is_open
    breaker.close()
    assert not breaker.is_open
    assert breaker.count(NOW) is None


# What a lane claims


def test_each_lane_claims_its_own(box: Outbox) -> None:
    box.put("post", to="dm:1")
    box.put("mail", to="mail:1", method="smtp", kind=DeliveryKind.MAIL)
    assert box.claimed(lane=Lane.MAIL) == "mail"
    assert box.claimed(lane=Lane.MAIL) is None
    assert box.claimed(lane=Lane.SLACK) == "post"


def test_nothing_is_claimed_for_a_recipient_that_is_busy(box: Outbox) -> None:
    box.put("first", ticket=1, to="dm:1")
    box.put("other", ticket=2, to="dm:2")
    assert box.claimed(busy=["dm:1"]) == "other"
    assert box.claimed(busy=["dm:1"]) is None
    assert box.claimed() == "first"


def test_a_recipient_that_rests_holds_up_its_own_queue_only(box: Outbox) -> None:
    box.put("hers", ticket=1, to="dm:1")
    box.put("his", ticket=2, to="dm:2")
    box.pause("dm:1", 30)
    assert box.all_claimed() == ["his"]
    assert box.all_claimed(30 * SECOND) == ["hers"]


def test_two_workers_claim_each_delivery_once(box: Outbox) -> None:
    for number in range(30):
        box.put(f"row {number}", ticket=None, to=f"dm:{number}")

    def work() -> list[str]:
        return [key for key in iter(lambda: box.claimed(lane=Lane.SLACK), None) if key]

    with ThreadPoolExecutor(3) as pool:
        claimed = [key for keys in pool.map(lambda _number: work(), range(3)) for key in keys]
    assert len(claimed) == len(set(claimed))
    assert len(claimed) == 30


@pytest.mark.parametrize("kind", [DeliveryKind.FILE, DeliveryKind.CARD])
def test_what_fails_for_no_known_reason_is_waited_for_a_few_times_only(
    box: Outbox, kind: DeliveryKind
) -> None:
    box.put("broken", kind=kind, due=SECOND, defects=4)
    box.put("next", number=2, kind=kind)
    assert box.claimed() is None
    box.put("hopeless", ticket=2, kind=kind, due=SECOND, defects=5)
    box.put("goes on", ticket=2, number=2, kind=kind)
    assert box.all_claimed() == ["goes on"]
