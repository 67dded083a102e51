"""What the service level counts: our own time and failures, and how late messages are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.db.engine import LISTENER_TIMEOUT
from bot.db.session import Sessions
from bot.delivery.errors import Permanent, Retryable
from bot.delivery.handlers.portions import PORTIONS
from bot.delivery.worker import Worker
from bot.notifications.maintenance.pauses import pause
from bot.notifications.maintenance.requeue import requeue_dead
from bot.observability import slack_waits
from bot.observability.metrics import exposition
from bot.observability.service_level import Handover, record_handover
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.reasons import Cause, Reason
from tests.delivery.test_worker import RefusingMailer
from tests.observability.test_metrics import read
from tests.support.help_desk import Desk, Person
from tests.support.outbox_rows import deliveries, delivery, open_quietly, wait
from tests.support.senders import make_senders

SLOW = 0.3  # seconds that Slack takes for its answer
GIVEN, FAILED = 'answer="given"', 'answer="failed"'
BY_SLACK, BY_MAIL = 'outcome="accepted",sender="slack"', 'outcome="accepted",sender="smtp"'
DEAD_MAIL = 'outcome="dead",sender="smtp"'


@dataclass
class Gained:
    """What the metrics gained within a block."""

    by_name: dict[str, float] = field(default_factory=dict)

    def acknowledged(self, answer: str, part: str = "count") -> float:
        return self.by_name[f"guichet_acknowledgement_own_seconds_{part}{{{answer}}}"]

    def handed_over(self, which: str) -> float:
        return self.by_name[f"guichet_handover_seconds_count{{{which}}}"]

    def in_time(self, which: str) -> float:
        """How many within 10 s."""
        outcome, sender = which.split(",")
        return self.by_name[f'guichet_handover_seconds_bucket{{le="10.0",{outcome},{sender}}}']

    def seconds(self, metric: str) -> float:
        """The total of a histogram, over all labels."""
        sums = (value for name, value in self.by_name.items() if name.startswith(f"guichet_{metric}_sum"))
        return sum(sums)


@contextmanager
def gained(desk: Desk) -> Iterator[Gained]:
    before, gain = read(exposition(desk.sessions, now=desk.now).decode()), Gained()
    yield gain
    after = read(exposition(desk.sessions, now=desk.now).decode())
    gain.by_name.update({name: value - before.get(name, 0) for name, value in after.items()})


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Its time passes when the test says so."""
    desk.stop_clock()
    return desk


@pytest.fixture
def camille(desk: Desk) -> Person:
    return desk.person("camille")


# Acknowledgements


def test_every_series_is_there_at_its_start(desk: Desk) -> None:
    """`increase()` sees nothing of the first failure when its series begins with it."""
    said = read(exposition(desk.sessions, now=desk.now).decode())
    for answer in (GIVEN, FAILED):
        for bound in ("1.0", "2.5", "+Inf"):
            assert f'guichet_acknowledgement_own_seconds_bucket{{{answer},le="{bound}"}}' in said
    for which in (BY_SLACK, BY_MAIL, DEAD_MAIL):
        assert f"guichet_handover_seconds_count{{{which}}}" in said
    for reason in ("full", "read_only", "locked", "timeout", "unreachable", "denied", "other"):
        assert f'guichet_failed_writes_total{{reason="{reason}"}}' in said


def test_time_spent_waiting_for_slack_is_not_ours(desk: Desk, camille: Person) -> None:
    assert desk.slack.control.post("faults", method="views.open", latency=SLOW)["ok"]
    with gained(desk) as gain:
        camille.command("/ticket")
    assert camille.has_modal
    assert gain.acknowledged(GIVEN) == 1
    whole, own = gain.seconds("acknowledgement_seconds"), gain.seconds("acknowledgement_own_seconds")
    assert whole - own >= SLOW
    assert own > 0


def test_time_spent_waiting_for_the_database_is_ours(desk: Desk, camille: Person) -> None:
    camille.command("/ticket", "Écran noir")
    with desk.locked_database(), gained(desk) as gain:
        submit(camille)
    assert gain.acknowledged(FAILED, "sum") >= LISTENER_TIMEOUT * 0.9


def test_a_failure_of_the_database_is_bad_however_fast(desk: Desk, camille: Person) -> None:
    camille.command("/ticket", "Écran noir")
    with desk.locked_database(), gained(desk) as gain:
        submit(camille)
    assert gain.acknowledged(FAILED) == 1


def test_a_refusal_that_explains_itself_is_an_answer(desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    karim = desk.person("karim")
    karim.take()
    with gained(desk) as gain:
        karim.forge_click("ticket.take", 1)
    assert gain.acknowledged(GIVEN) >= 1  # and the messages that Slack tells of
    assert gain.acknowledged(FAILED) == 0


def test_what_fails_because_slack_does_not_answer_does_not_count(desk: Desk, camille: Person) -> None:
    desk.fault("views.open", 500)
    with gained(desk) as gain:
        camille.command("/ticket")
    assert gain.acknowledged(GIVEN) == gain.acknowledged(FAILED) == 0


def submit(person: Person) -> None:
    filled = {"Impact utilisateur": "Moi seul·e", "Urgence utilisateur": "Haute", "Site": "IUT"}
    person.submit(filled, deliver=False)


# Messages handed over


def test_what_is_sent_at_once_is_in_time(desk: Desk) -> None:
    open_quietly(desk)
    with gained(desk) as gain:
        desk.deliver()
    sent = [row for row in deliveries(desk, state=DeliveryState.SENT) if row.method != "smtp"]
    assert gain.in_time(BY_SLACK) == gain.handed_over(BY_SLACK) == len(sent) > 0


def test_what_the_worker_takes_up_late_is_late(desk: Desk) -> None:
    open_quietly(desk)
    with gained(desk) as gain:
        wait(desk, timedelta(seconds=11))
    assert gain.handed_over(BY_SLACK) > 0
    assert gain.in_time(BY_SLACK) == 0


def test_the_time_of_a_rate_limit_does_not_count(desk: Desk) -> None:
    desk.fault("chat.postMessage", 429, retry_after=300, times=2)
    open_quietly(desk)
    with gained(desk) as gain:
        desk.deliver()
        wait(desk, timedelta(seconds=300))
        wait(desk, timedelta(seconds=1))
    assert gain.in_time(BY_SLACK) == gain.handed_over(BY_SLACK) > 0


def test_nor_does_that_of_a_rate_limit_that_another_message_met(desk: Desk) -> None:
    with desk.sessions.begin() as session:
        until = desk.now + timedelta(seconds=60)
        pause(session, "chat.postMessage", until=until, cause=Cause(Reason.RATE_LIMITED, "chat.postMessage"))
    open_quietly(desk)
    with gained(desk) as gain:
        wait(desk, timedelta(seconds=61))
    assert gain.in_time(BY_SLACK) == gain.handed_over(BY_SLACK) > 0


def test_a_stop_that_is_no_rate_limit_counts(desk: Desk) -> None:
    with desk.sessions.begin() as session:
        until = desk.now + timedelta(seconds=60)
        pause(
            session, "chat.postMessage", until=until, cause=Cause(Reason.ACCESS_REFUSED, "chat.postMessage")
        )
    open_quietly(desk)
    with gained(desk) as gain:
        wait(desk, timedelta(seconds=61))
    assert gain.in_time(BY_SLACK) < gain.handed_over(BY_SLACK)


@pytest.fixture
def worker_with(desk: Desk) -> Callable[[Exception], Worker]:
    """Makes a worker whose mail server answers with an error."""
    return lambda error: Worker(
        Sessions(desk.parts.worker_engine),
        make_senders(desk, mailer=RefusingMailer(error)),  # type: ignore[arg-type]
        lambda: desk.now,
    )


def test_a_message_that_is_given_up_is_bad(desk: Desk, worker_with: Callable[[Exception], Worker]) -> None:
    open_quietly(desk)
    with gained(desk) as gain:
        worker_with(Permanent(Reason.MAIL_REFUSED, "smtp", "550")).drain()
    assert delivery(desk, DeliveryKind.MAIL).state is DeliveryState.DEAD
    assert (gain.handed_over(DEAD_MAIL), gain.handed_over(BY_MAIL)) == (1, 0)


def test_a_message_that_is_retried_is_not_counted_yet(
    desk: Desk, worker_with: Callable[[Exception], Worker]
) -> None:
    open_quietly(desk)
    with gained(desk) as gain:
        worker_with(Retryable(Reason.MAIL_DEFERRED, "smtp", "451")).drain()
    assert gain.handed_over(DEAD_MAIL) == gain.handed_over(BY_MAIL) == 0


def test_a_retry_counts_from_the_first_due_time(
    desk: Desk, worker_with: Callable[[Exception], Worker]
) -> None:
    open_quietly(desk)
    for _attempt in range(2):
        worker_with(Retryable(Reason.MAIL_DEFERRED, "smtp", "451")).drain()
        desk.ahead += timedelta(seconds=10)
    worker_with(Retryable(Reason.MAIL_DEFERRED, "smtp", "451")).drain()
    with gained(desk) as gain:
        wait(desk, timedelta(seconds=4))  # the last delay is no longer
    assert gain.handed_over(BY_MAIL) == 1
    assert gain.in_time(BY_MAIL) == 0


def test_an_email_for_later_counts_from_then(desk: Desk) -> None:
    open_quietly(desk)
    desk.deliver()
    with desk.sessions.begin() as session:
        row = session.get_one(type(mail := delivery(desk, DeliveryKind.MAIL)), mail.id)
        row.state, row.due_at = DeliveryState.PENDING, desk.now + timedelta(days=3)
        row.awaited_since = row.started_at = row.completed_at = None
    with gained(desk) as gain:
        wait(desk, timedelta(days=3, seconds=2))
    assert gain.in_time(BY_MAIL) == gain.handed_over(BY_MAIL) == 1


def test_what_is_queued_again_counts_anew(desk: Desk, worker_with: Callable[[Exception], Worker]) -> None:
    open_quietly(desk)
    worker_with(Retryable(Reason.MAIL_DEFERRED, "smtp", "451")).drain()
    desk.ahead += timedelta(hours=1)
    worker_with(Permanent(Reason.MAIL_REFUSED, "smtp", "550")).drain()
    desk.ahead += timedelta(hours=1)
    with desk.sessions.begin() as session:
        requeue_dead(session, now=desk.now)
    with gained(desk) as gain:
        desk.deliver()
    assert gain.in_time(BY_MAIL) == gain.handed_over(BY_MAIL) == 1


def test_what_only_reads_from_slack_or_changes_rows_is_no_message(desk: Desk) -> None:
    with gained(desk) as gain:
        for kind in (DeliveryKind.CHANNEL, DeliveryKind.APPROVERS, DeliveryKind.DEPARTURE, *PORTIONS):
            record_handover(kind, Handover.ACCEPTED, 60.0)
    assert gain.handed_over(BY_SLACK) == 0


def test_calls_to_slack_at_the_same_time_count_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are looked up by several threads of one payload."""
    now = [100.0]
    monkeypatch.setattr(slack_waits, "perf_counter", lambda: now[0])
    with slack_waits.of_payload() as waited:
        waited.begin()
        now[0] += 1
        waited.begin()
        now[0] += 1
        waited.end()
        now[0] += 1
        waited.end()
        now[0] += 10
        with slack_waits.for_slack():
            now[0] += 1
    assert waited.seconds == 4
