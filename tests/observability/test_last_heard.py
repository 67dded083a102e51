"""When each kind of Slack's requests was last heard."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import SQLAlchemyError

from bot.observability.last_heard import BACKUP, HEARD, WORKER, Heard, kind_of, last_heard, save
from bot.observability.metrics import exposition
from bot.running.watch import look
from bot.running.worker_threads import WorkerThreads
from tests.support.help_desk import Desk
from tests.support.processes import STARTING, wait_until


def test_each_kind_is_saved_by_its_name_in_the_manifest(desk: Desk) -> None:
    camille = desk.person("camille")
    camille.visit_home()
    camille.file_ticket("Souris cassée")
    look(desk.parts)
    with desk.sessions() as session:
        heard = last_heard(session)
    for kind in ("app_home_opened", "command", "view_submission"):
        assert abs(heard[kind] - desk.now) < timedelta(minutes=5)


@pytest.mark.parametrize(
    ("event", "name"),
    [
        ({"type": "message", "channel_type": "im"}, "message.im"),
        ({"type": "message", "channel_type": "group"}, "message.groups"),
        ({"type": "message"}, "message"),
        ({"type": "app_mention", "channel_type": "im"}, "app_mention"),
    ],
)
def test_messages_are_told_apart_by_their_channel(event: dict[str, str], name: str) -> None:
    assert kind_of("event", event["type"], {"event": event}) == name


def test_a_later_time_replaces_an_earlier_one_only(desk: Desk) -> None:
    heard, now = Heard(), desk.now
    for at in (now, now - timedelta(hours=1), now + timedelta(hours=1)):
        heard.note("command")
        heard.save(desk.sessions, at)
    with desk.sessions() as session:
        saved = last_heard(session)["command"]
    assert abs(saved - now - timedelta(hours=1)) < timedelta(minutes=1)


def test_what_could_not_be_saved_is_saved_later(desk: Desk) -> None:
    heard = Heard()
    heard.note("command")
    with desk.lost_database(), pytest.raises(SQLAlchemyError):
        heard.save(desk.sessions, desk.now)
    heard.save(desk.sessions, desk.now)
    with desk.sessions() as session:
        assert last_heard(session).keys() == {"command"}


def test_the_watch_survives_a_lost_database(desk: Desk) -> None:
    HEARD.note("command")
    with desk.lost_database():
        look(desk.parts)
    look(desk.parts)
    with desk.sessions() as session:
        assert "command" in last_heard(session)


def test_the_age_of_the_last_event_interaction_and_work_are_metrics(desk: Desk) -> None:
    def ages() -> dict[str, float]:
        lines = exposition(desk.sessions, now=desk.now).decode().splitlines()
        found = [line.rsplit(" ", 1) for line in lines if "_age_seconds" in line and line[0] != "#"]
        return {name.removeprefix("guichet_"): float(age) // 3600 for name, age in found}

    assert ages() == {}
    heard = Heard()
    for kind, hours in (("message.im", 5), ("user_change", 3), ("command", 2), (WORKER, 1)):
        heard.note(kind)
        heard.save(desk.sessions, desk.now - timedelta(hours=hours, minutes=5))
    assert ages() == {
        'event_age_seconds{kind="event"}': 3,
        'event_age_seconds{kind="interaction"}': 2,
        "worker_age_seconds": 1,
    }


def test_a_worker_says_that_it_is_at_work(desk: Desk) -> None:
    with WorkerThreads(desk.parts):
        wait_until(lambda: bool(worker_at(desk)), STARTING, "no worker was at work")


def worker_at(desk: Desk) -> object:
    look(desk.parts)
    with desk.sessions() as session:
        return last_heard(session).get(WORKER)


def test_when_the_last_backup_was_taken_is_a_metric_and_no_event(desk: Desk) -> None:
    def lines() -> list[str]:
        return [
            line
            for line in exposition(desk.sessions, now=desk.now).decode().splitlines()
            if line.startswith(("guichet_last_backup", "guichet_event_age"))
        ]

    assert lines() == []
    at = desk.now.replace(microsecond=0)
    for kind_at in (at, at - timedelta(days=1)):  # an older one does not count
        with desk.sessions.begin() as session:
            save(session, BACKUP, kind_at)
    [line] = lines()
    assert float(line.split()[1]) == at.timestamp()
