"""The outbox: what is claimed, in which order, by whom; and how a commit wakes the worker."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from queue import Queue
from threading import Event as Flag
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url, select, text
from sqlalchemy.orm import Session

from bot.db.engine import create_db
from bot.db.session import Sessions
from bot.delivery import outbox
from bot.delivery.wakeup import CHANNEL, Wakeup
from bot.notifications.maintenance import requeue
from bot.notifications.maintenance.pauses import pause
from bot.running.notifications import listen
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.reasons import Cause, Reason
from tests.support.factories import create_delivery
from tests.support.help_desk import TIMEOUT
from tests.support.outbox_rows import BECAUSE, SECOND, Outbox, empty_outbox
from tests.support.use_case_desk import MINUTE, NOW


@pytest.fixture
def postgresql_box(postgresql_url: str) -> Iterator[Outbox]:
    """On PostgreSQL, with some patience: a claim that waited for a lock would fail."""
    with empty_outbox(postgresql_url, timeout=10) as box:
        yield box


# Order


def test_what_is_due_first_leaves_first_and_nothing_before_it_is_due(box: Outbox) -> None:
    box.put("later", ticket=1, due=2 * SECOND)
    box.put("now", ticket=2)
    assert box.claimed(-SECOND) is None
    assert box.all_claimed() == ["now"]
    assert box.all_claimed(2 * SECOND) == ["later"]


def test_a_row_that_only_a_newer_version_knows_is_left_to_it(box: Outbox) -> None:
    box.put("new")
    box.put("known", due=SECOND, to="dm:2")
    with box.sessions.begin() as session:
        session.execute(text("UPDATE delivery SET kind = 'not yet' WHERE key = 'new'"))
    assert box.all_claimed(SECOND) == ["known"]


def test_a_tickets_rows_to_one_recipient_leave_in_the_order_of_its_events(box: Outbox) -> None:
    """Whatever the order in which they were written, and whenever they are due."""
    box.put("third", number=3, due=-MINUTE)
    box.put("first", number=1)
    box.put("second", number=2, due=-SECOND)
    left = []
    for _turn in range(3):
        claimed = box.claim()
        assert box.claimed() is None, "one at a time"
        box.complete(claimed)
        left.append(claimed.key)
    assert left == ["first", "second", "third"]


def test_rows_of_one_event_leave_in_the_order_of_writing(box: Outbox) -> None:
    box.put("card")
    box.put("file", due=-SECOND)
    assert box.all_claimed() == ["card"]


def test_a_row_that_waits_for_its_retry_keeps_its_place_while_others_pass(box: Outbox) -> None:
    box.put("retried", number=1)
    box.retry_later(box.claim(), due=10 * MINUTE)
    box.put("behind it", number=2)
    box.put("of another ticket", ticket=2)
    box.put("to somebody else", to="dm:2", number=2)
    box.put("of no ticket", ticket=None, to="home:1")
    assert sorted(box.all_claimed()) == ["of another ticket", "of no ticket", "to somebody else"]
    due = box.all_claimed(10 * MINUTE)
    assert "retried" in due
    assert "behind it" not in due


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.SKIPPED, DeliveryState.DEAD])
def test_a_completed_row_frees_those_behind_it(box: Outbox, state: DeliveryState) -> None:
    box.put("first", number=1)
    box.put("second", number=2)
    box.complete(box.claim(), state)
    assert box.claimed() == "second"
    row = box.row("first")
    assert (row.state, row.completed_at, row.remote_id, row.cause) == (state, NOW, "1.1", BECAUSE)


# Leases and attempts


def test_a_claimed_row_is_leased(box: Outbox) -> None:
    box.put("row")
    claimed = box.claim()
    assert (claimed.attempt, claimed.started_at, claimed.lease_until) == (1, NOW, NOW + outbox.LEASE)
    assert not claimed.uncertain
    assert box.claimed(outbox.LEASE - SECOND) is None


def test_a_lease_is_prolonged_from_the_moment_on(box: Outbox) -> None:
    box.put("row")
    claimed = box.claim()
    assert outbox.renew(box.sessions, claimed, now=NOW + MINUTE / 2)
    assert box.claimed(outbox.LEASE) is None
    assert box.claimed(outbox.LEASE + MINUTE / 2) == "row"


def test_a_lease_is_not_prolonged_for_a_late_attempt_nor_for_what_is_over(box: Outbox) -> None:
    box.put("row")
    late = box.claim()
    newer = box.claim(outbox.LEASE)
    assert not outbox.renew(box.sessions, late, now=NOW + outbox.LEASE)
    assert box.complete(newer)
    assert not outbox.renew(box.sessions, newer, now=NOW + outbox.LEASE)


def test_a_row_whose_worker_was_killed_is_claimed_again_and_known_to_be_uncertain(box: Outbox) -> None:
    box.put("row")
    box.claim()
    again = box.claim(outbox.LEASE)
    assert (again.attempt, again.uncertain, again.started_at) == (2, True, NOW + outbox.LEASE)


def test_a_late_attempt_changes_nothing(box: Outbox) -> None:
    box.put("row")
    late = box.claim()
    box.claim(outbox.LEASE)
    assert not box.complete(late)
    assert not box.retry_later(late, due=MINUTE)
    row = box.row("row")
    assert (row.state, row.attempt, row.due_at, row.reason) == (DeliveryState.PENDING, 2, NOW, None)


def test_a_row_is_completed_once(box: Outbox) -> None:
    box.put("row")
    claimed = box.claim()
    assert box.complete(claimed)
    assert not box.complete(claimed, DeliveryState.DEAD)
    assert box.row("row").state is DeliveryState.SENT


@pytest.mark.parametrize("maybe_sent", [True, False])
def test_a_row_is_looked_for_first_when_it_may_have_arrived(box: Outbox, maybe_sent: bool) -> None:
    box.put("row")
    box.retry_later(box.claim(), due=MINUTE, maybe_sent=maybe_sent)
    assert box.claim(MINUTE).uncertain is maybe_sent


def test_what_was_uncertain_stays_so_after_an_attempt_that_never_arrived(box: Outbox) -> None:
    box.put("row")
    box.retry_later(box.claim(), due=SECOND, maybe_sent=True)
    box.retry_later(box.claim(SECOND), due=2 * SECOND, maybe_sent=False)
    assert box.claim(2 * SECOND).uncertain


# Pauses


def test_a_pause_stops_its_own_method_only(box: Outbox) -> None:
    box.put("post", ticket=1)
    box.put("edit", ticket=2, method="chat.update")
    box.pause("chat.postMessage", 30)
    assert box.all_claimed() == ["edit"]
    assert box.claimed(29 * SECOND) is None
    assert box.all_claimed(30 * SECOND) == ["post"]


def test_a_pause_of_slack_stops_all_of_it_and_no_mail(box: Outbox) -> None:
    box.put("post", to="dm:1")
    box.put("home", to="home:1", method="views.publish")
    box.put("mail", to="mail:1", method="smtp")
    box.pause("slack", 30)
    assert box.all_claimed() == ["mail"]
    assert sorted(box.all_claimed(30 * SECOND)) == ["home", "post"]


def test_no_pause_of_slack_stops_what_asks_nothing_of_it(box: Outbox) -> None:
    kind = DeliveryKind.OUTAGE_RESOLUTION
    box.put("portion", ticket=None, to="followers", kind=kind, method="outage.resolve")
    box.pause("slack", 30)
    assert box.all_claimed() == ["portion"]


def test_a_pause_of_smtp_stops_mail_only(box: Outbox) -> None:
    box.put("post")
    box.put("mail", to="mail:1", method="smtp")
    box.pause("smtp", 30)
    assert box.all_claimed() == ["post"]


def test_a_pause_is_prolonged_and_never_shortened(box: Outbox) -> None:
    box.put("post")
    box.pause("chat.postMessage", 30)
    box.pause("chat.postMessage", 10)
    assert box.claimed(20 * SECOND) is None
    box.pause("chat.postMessage", 60)
    assert box.claimed(59 * SECOND) is None
    assert box.claimed(60 * SECOND) == "post"


def test_workers_that_are_asked_to_rest_at_once_agree_on_the_longest(box: Outbox) -> None:
    box.put("post")
    start = threading.Barrier(4)

    def rest(worker: int) -> None:
        start.wait()
        box.pause("chat.postMessage", 10 * worker)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(rest, range(4)))
    assert box.claimed(29 * SECOND) is None
    assert box.claimed(30 * SECOND) == "post"


@pytest.mark.parametrize("attempt", [1, 2, 3, 9, 10, 11, 50, 10_000])
def test_a_wait_doubles_up_to_ten_minutes_with_jitter(attempt: int) -> None:
    longest = min(timedelta(seconds=2 ** min(attempt - 1, 12)), timedelta(minutes=10))
    waits = {outbox.backoff(attempt) for _turn in range(50)}
    assert all(longest / 2 <= wait <= longest for wait in waits)
    assert len(waits) > 1


# What was given up


def dead(box: Outbox, key: str, cause: Cause = BECAUSE, **more: Any) -> None:
    box.put(key, **more)
    box.complete(box.claim(), DeliveryState.DEAD, cause)


def test_a_dead_row_stays_dead_until_it_is_queued_again(box: Outbox) -> None:
    dead(box, "row")
    assert box.claimed(timedelta(days=1)) is None
    with box.sessions.begin() as session:
        assert requeue.requeue_dead(session, now=NOW + MINUTE) == 1
    again = box.claim(MINUTE)
    assert (again.key, again.uncertain) == ("row", True)


def test_only_the_rows_that_are_named_are_queued_again(box: Outbox) -> None:
    dead(box, "one")
    dead(box, "two", ticket=2)
    with box.sessions.begin() as session:
        assert requeue.requeue_dead(session, now=NOW, ids=[box.row("two").id]) == 1
    assert box.all_claimed() == ["two"]


def test_what_a_teams_channel_could_not_get_is_queued_again(box: Outbox) -> None:
    gone = Cause(Reason.CHANNEL_REFUSED, "chat.postMessage", "channel_not_found")
    malformed = Cause(Reason.REFUSED, "chat.postMessage", "invalid_blocks")
    dead(box, "theirs", gone, to="team:reseau", team_id="reseau")
    dead(box, "others", gone, to="team:assistance", team_id="assistance")
    dead(box, "malformed", malformed, ticket=2, to="team:reseau", team_id="reseau")
    with box.sessions.begin() as session:
        assert requeue.requeue_dead(session, now=NOW, teams=["reseau"]) == 1
    assert box.all_claimed() == ["theirs"]


def test_queueing_again_leaves_alone_what_was_sent_or_waits(box: Outbox) -> None:
    box.put("sent", ticket=1)
    box.complete(box.claim())
    box.put("waiting", ticket=2, due=MINUTE)
    with box.sessions.begin() as session:
        assert requeue.requeue_dead(session, now=NOW) == 0
    assert box.claimed() is None


def test_an_attempt_from_before_the_death_stays_late(box: Outbox) -> None:
    box.put("row")
    late = box.claim()
    box.complete(box.claim(outbox.LEASE), DeliveryState.DEAD)
    with box.sessions.begin() as session:
        requeue.requeue_dead(session, now=NOW)
    box.claim()
    assert not box.complete(late)


def test_the_oldest_are_listed_first(box: Outbox) -> None:
    dead(box, "dead")
    box.put("waiting", number=2)
    box.put("waiting too", ticket=2)
    with box.sessions() as session:
        listed = outbox.oldest(session, [DeliveryState.DEAD, DeliveryState.PENDING], limit=2)
    assert [row.key for row in listed] == ["dead", "waiting"]


# Overtaking


@pytest.mark.parametrize(
    ("later", "overtakes"),
    [
        ({"number": 2}, True),
        ({"number": 2, "ticket": 2}, False),
        ({"number": 2, "to": "dm:2"}, False),
        ({"number": 2, "kind": DeliveryKind.RESOLUTION}, False),
        ({"number": 2, "state": DeliveryState.SENT}, False),
    ],
)
def test_a_card_is_overtaken_by_a_later_one_of_its_ticket(
    box: Outbox, later: dict[str, Any], overtakes: bool
) -> None:
    box.put("first")
    box.put("later", **later)
    with box.sessions() as session:
        assert outbox.is_superseded(session, box.row("first")) is overtakes
        assert not outbox.is_superseded(session, box.row("later"))


@pytest.mark.parametrize(("kind", "to"), [(DeliveryKind.HOME, "home:1"), (DeliveryKind.OUTAGE, "outage:1")])
def test_what_is_drawn_of_many_tickets_is_overtaken_by_a_later_one_of_any(
    box: Outbox, kind: DeliveryKind, to: str
) -> None:
    """An App Home, an outage's card."""
    box.put("first", ticket=1, kind=kind, to=to)
    box.put("later", ticket=None, kind=kind, to=to)
    box.put("another", ticket=None, kind=kind, to=f"{to}0")
    with box.sessions() as session:
        assert outbox.is_superseded(session, box.row("first"))
        assert not outbox.is_superseded(session, box.row("later"))


# Many workers


def test_each_row_is_claimed_by_one_worker_only(box: Outbox) -> None:
    keys = [f"row {number}" for number in range(24)]
    for number, key in enumerate(keys):
        box.put(key, ticket=1 + number % 2, to=f"dm:{number}")
    start = threading.Barrier(4)

    def work(_worker: int) -> list[str]:
        start.wait()
        return box.all_claimed()

    with ThreadPoolExecutor(4) as pool:
        claimed = [key for keys in pool.map(work, range(4)) for key in keys]
    assert sorted(claimed) == sorted(keys)


@contextmanager
def another_claims(box: Outbox) -> Iterator[str]:
    """Another worker is in the middle of claiming the next row."""
    with box.sessions.begin() as session:
        yield session.scalars(select(Delivery).order_by(Delivery.id).limit(1).with_for_update()).one().key


@pytest.mark.postgresql
def test_two_claims_at_once_get_different_rows(postgresql_box: Outbox) -> None:
    postgresql_box.put("one", ticket=1)
    postgresql_box.put("two", ticket=2)
    with another_claims(postgresql_box) as taken:
        assert (taken, postgresql_box.claimed()) == ("one", "two")


@pytest.mark.postgresql
def test_a_row_that_another_is_claiming_still_holds_its_place(postgresql_box: Outbox) -> None:
    postgresql_box.put("first", number=1)
    postgresql_box.put("second", number=2)
    with another_claims(postgresql_box):
        assert postgresql_box.claimed() is None


# Waking up


class Ear(Wakeup):
    """Counts what it hears."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: Queue[None] = Queue()

    def set(self) -> None:
        self.heard.put(None)


def commit(sessions: Sessions, change: Callable[[Session], object]) -> None:
    with sessions.begin() as session:
        change(session)


def a_delivery(session: Session) -> None:
    for key in ("one", "two"):  # and one wake-up
        mail = {"kind": DeliveryKind.MAIL, "recipient": "mail:1", "method": "smtp"}
        create_delivery(session, key=f"{key} {id(session)}", **mail)


def a_pause(session: Session) -> None:
    pause(session, "smtp", until=NOW, cause=BECAUSE)


def a_failure(session: Session) -> None:
    a_delivery(session)
    raise RuntimeError("rolled back")


def test_a_commit_with_deliveries_wakes_once_and_no_other_does(box: Outbox) -> None:
    ear = Ear()
    ear.connect(box.sessions)
    commit(box.sessions, a_pause)
    with pytest.raises(RuntimeError, match="rolled back"):
        commit(box.sessions, a_failure)
    assert ear.heard.empty()
    commit(box.sessions, a_delivery)
    assert ear.heard.qsize() == 1


def test_a_wake_up_is_for_each_that_waits() -> None:
    wakeup = Wakeup()
    flags = [wakeup.flag(), wakeup.flag()]
    wakeup.set()
    assert [flag.wait(TIMEOUT) for flag in flags] == [True, True]
    flags[0].clear()
    assert [flag.is_set() for flag in flags] == [False, True]


def plain_url(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.mark.postgresql
def test_a_commit_with_deliveries_notifies_once_and_no_other_does(
    postgresql_box: Outbox, postgresql_url: str
) -> None:
    Wakeup().connect(postgresql_box.sessions)
    with psycopg.connect(plain_url(postgresql_url), autocommit=True) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        commit(postgresql_box.sessions, a_pause)
        with pytest.raises(RuntimeError, match="rolled back"):
            commit(postgresql_box.sessions, a_failure)
        commit(postgresql_box.sessions, a_delivery)
        connection.execute(f"NOTIFY {CHANNEL}, 'end'")
        heard = [notice.payload for notice in connection.notifies(timeout=TIMEOUT, stop_after=2)]
    assert heard == ["", "end"]


@contextmanager
def listening(url: str) -> Iterator[Ear]:
    """Somebody who listens on a connection of their own, in another thread."""
    ear, stop = Ear(), Flag()
    engine = create_db(url, timeout=TIMEOUT)
    thread = threading.Thread(target=listen, args=(engine, ear, stop))
    thread.start()
    try:
        ear.heard.get(timeout=TIMEOUT)  # what came while nobody listened
        yield ear
    finally:
        stop.set()
        thread.join()
        engine.dispose()


@pytest.mark.postgresql
@pytest.mark.parametrize("options", [{}, {"options": "-c search_path=public"}])
def test_a_notification_wakes_another_process(
    postgresql_box: Outbox, postgresql_url: str, options: dict[str, str]
) -> None:
    """Whatever the URL holds: SQLAlchemy writes and reads it otherwise than libpq."""
    Wakeup().connect(postgresql_box.sessions)
    url = make_url(postgresql_url).update_query_dict(options).render_as_string(hide_password=False)
    with listening(url) as ear:
        commit(postgresql_box.sessions, a_delivery)
        ear.heard.get(timeout=TIMEOUT)


@pytest.mark.postgresql
def test_a_lost_connection_is_opened_again_and_wakes(
    postgresql_box: Outbox, postgresql_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with listening(postgresql_url) as ear:
        with psycopg.connect(plain_url(postgresql_url), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
            )
        ear.heard.get(timeout=TIMEOUT)
    assert "no connection to listen on" in caplog.text


def test_an_app_home_waits_for_its_earlier_drawing_whatever_the_ticket(box: Outbox) -> None:
    box.put("older", ticket=1, to="home:1", kind=DeliveryKind.HOME)
    box.put("newer", ticket=2, to="home:1", kind=DeliveryKind.HOME)
    older = box.claim()
    assert older.key == "older"
    assert box.claimed() is None
    box.complete(older)
    assert box.claim().key == "newer"


def test_an_outages_card_waits_for_its_earlier_drawing(box: Outbox) -> None:
    card: dict[str, Any] = {"ticket": None, "kind": DeliveryKind.OUTAGE, "method": "chat.update"}
    box.put("first", to="outage:1", due=SECOND, **card)
    box.put("later", to="outage:1", **card)
    box.put("another", to="outage:2", **card)
    assert box.all_claimed() == ["another"]
    first = box.claim(SECOND)
    assert (first.key, box.claimed(SECOND)) == ("first", None)
    box.complete(first)
    assert box.claimed(SECOND) == "later"


def test_a_file_that_waits_for_its_store_holds_up_other_files_only(box: Outbox) -> None:
    box.put("file", kind=DeliveryKind.FILE, due=SECOND)
    box.put("card", number=2)
    box.put("file after", kind=DeliveryKind.FILE, number=2)
    assert box.all_claimed() == ["card"]
    box.complete(box.claim(SECOND))
    assert box.claimed(SECOND) is None  # the card that it goes under is being sent


def test_a_file_waits_for_the_words_that_it_came_with(box: Outbox) -> None:
    box.put("words", kind=DeliveryKind.COMMENT, due=SECOND)
    box.put("file", kind=DeliveryKind.FILE)
    assert box.claimed() is None
    box.complete(box.claim(SECOND))
    assert box.claimed(SECOND) == "file"
