"""When each kind of Slack's requests was last heard."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import SQLAlchemyError

from bot.observability.last_heard import HEARD, Heard, kind_of, last_heard, last_of_all
from bot.observability.metrics import exposition
from bot.running.watch import look
from tests.support.help_desk import Desk


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
        saved = last_of_all(session)
    assert saved is not None
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


def test_the_age_of_the_last_request_is_a_metric(desk: Desk) -> None:
    def metric() -> str:
        text = exposition(desk.sessions, now=desk.now).decode()
        return "".join(line for line in text.splitlines() if line.startswith("guichet_event_age_seconds"))

    assert metric() == ""
    heard = Heard()
    heard.note("command")
    heard.save(desk.sessions, desk.now - timedelta(hours=2))
    assert 7190 < float(metric().split()[1]) < 7300
