"""The probes over HTTP: what makes a process not ready, and what is only a warning."""

import json
import logging
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.db.refusals import Refusal, RefusalReason
from bot.db.write_trial import filler
from bot.http.server import create_wsgi
from bot.observability import readiness
from bot.observability.metrics import exposition
from bot.slack import slack_time
from models.outbox.delivery import Delivery
from models.outbox.health import WriteTrial
from models.outbox.kinds import DeliveryState
from models.outbox.reasons import Reason
from models.outbox.schedule import Pause
from tests.support import database_faults
from tests.support.help_desk import Desk

READY, NOT_READY = "200 OK", "503 Service Unavailable"


def ask(desk: Desk, path: str) -> tuple[str, dict[str, Any]]:
    """The status and the JSON of a GET."""
    statuses: list[str] = []

    def start_response(status: str, _headers: list[tuple[str, str]]) -> None:
        statuses.append(status)

    body = b"".join(create_wsgi(desk.parts)({"PATH_INFO": path, "REQUEST_METHOD": "GET"}, start_response))
    return statuses[0], json.loads(body)


def metrics(desk: Desk) -> str:
    """All metrics, as Prometheus reads them."""
    connected = desk.parts.readiness.is_connected
    return exposition(desk.sessions, now=desk.now, is_connected=connected).decode()


def test_it_is_alive_and_ready(desk: Desk) -> None:
    assert ask(desk, "/healthz") == (READY, {"ok": True})
    assert ask(desk, "/readyz") == (READY, {"ok": True, "reasons": [], "warnings": []})
    assert 'guichet_not_ready{reason="database"} 0.0' in metrics(desk)


def test_a_stopped_sender_is_a_warning(desk: Desk) -> None:
    with desk.sessions.begin() as session:
        until, call = desk.now.replace(year=2100), "auth.test"
        refused = {"reason": Reason.ACCESS_REFUSED, "remote_call": call, "remote_code": "invalid_auth"}
        session.add(Pause(scope="slack", until=until, **refused))
    status, content = ask(desk, "/readyz")
    assert (status, content["reasons"]) == (READY, [])
    assert content["warnings"] == ["sending by slack is stopped: auth.test: invalid_auth"]


def test_a_dead_message_and_a_wrong_clock_are_warnings(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.person("camille").file_ticket("Écran noir")
    with desk.sessions.begin() as session:
        first = session.query(Delivery).order_by(Delivery.id).first()
        assert first is not None
        first.state = DeliveryState.DEAD
    monkeypatch.setattr(slack_time.SLACK_TIME, "problem", lambda: "the clock is wrong")
    status, content = ask(desk, "/readyz")
    assert (status, content["reasons"]) == (READY, [])
    assert content["warnings"][-2:] == [
        "deliveries given up: 1; see `guichet deliveries list`",
        "the clock is wrong",
    ]


def test_it_is_not_ready_without_its_database(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with desk.lost_database():
        with pytest.raises(OperationalError), desk.sessions() as session:
            session.get(Pause, "slack")
        status, content = ask(desk, "/readyz")
        assert status == NOT_READY
        [reason] = content["reasons"]
        assert reason.startswith("the database cannot be written to: ")
        assert "Error" not in reason
        assert content["warnings"] == []
        assert 'guichet_not_ready{reason="database"} 1.0' in metrics(desk)
        ask(desk, "/readyz")
    assert caplog.messages.count(f"not ready: {reason}") == 1
    assert ask(desk, "/readyz")[0] == READY
    assert caplog.messages[-1] == "ready again"


def test_it_is_not_ready_while_others_hold_the_database(desk: Desk) -> None:
    with desk.busy_database():
        status, content = ask(desk, "/readyz")
    assert status == NOT_READY
    assert content["reasons"][0].startswith("the database cannot be written to: ")


def test_a_database_that_takes_no_writes_says_so_in_its_own_words(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    with database_faults.refusing_writes(desk.sessions.kw["bind"]) as words:
        status, content = ask(desk, "/readyz")
        assert (status, content["warnings"]) == (NOT_READY, [])
        [reason] = content["reasons"]
        assert reason.startswith(f"the database cannot be written to: {words}")
        assert f"not ready: {reason}" in caplog.messages
    assert ask(desk, "/readyz")[0] == READY


def test_another_reason_of_the_database_is_logged_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    said = ["database is locked", "database is locked", "disk is full", None]
    refusals = [words and Refusal(RefusalReason.OTHER, words) for words in said]
    monkeypatch.setattr(readiness, "try_to_write", lambda _sessions: refusals.pop(0))
    for _ in said:
        desk.parts.readiness.check()
    cannot = "not ready: the database cannot be written to: "
    assert caplog.messages == [f"{cannot}database is locked", f"{cannot}disk is full", "ready again"]


def test_the_trial_is_larger_than_a_page(desk: Desk) -> None:
    """PostgreSQL compresses what is repeated."""
    size = "pg_column_size" if desk.sessions.kw["bind"].dialect.name == "postgresql" else "length"
    with desk.sessions.begin() as session:
        session.add(WriteTrial(id=1, filler=filler()))
        session.flush()
        assert session.scalar(text(f"SELECT {size}(filler) FROM write_trial")) > 8192
        session.rollback()


def test_the_trial_leaves_nothing(desk: Desk) -> None:
    ask(desk, "/readyz")
    with desk.sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM write_trial")) == 0


def test_a_process_without_its_socket_is_not_ready_after_a_minute(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    time, connected = [1000.0], [True]
    monkeypatch.setattr(readiness, "ticks", lambda: time[0])
    assert "guichet_socket_connected" not in metrics(desk)
    desk.parts.readiness.watch_socket(lambda: connected[0])
    time[0] += 3600
    assert ask(desk, "/readyz")[0] == READY
    connected[0] = False
    assert "guichet_socket_connected 0.0" in metrics(desk)
    time[0] += 60
    assert ask(desk, "/readyz")[0] == READY
    time[0] += 1
    said = "no connection to Slack (Socket Mode) for 61 s"
    assert ask(desk, "/readyz") == (NOT_READY, {"ok": False, "reasons": [said], "warnings": []})
    assert 'guichet_not_ready{reason="socket"} 1.0' in metrics(desk)
    connected[0] = True
    assert ask(desk, "/readyz")[0] == READY


def test_a_token_that_was_refused_at_the_start_keeps_it_from_being_ready(desk: Desk) -> None:
    desk.parts.readiness.refused = "SLACK_BOT_TOKEN: Slack answers invalid_auth"
    status, content = ask(desk, "/readyz")
    assert (status, content["reasons"]) == (NOT_READY, ["SLACK_BOT_TOKEN: Slack answers invalid_auth"])
    assert 'guichet_not_ready{reason="token"} 1.0' in metrics(desk)
    desk.parts.readiness.refused = None
    assert ask(desk, "/readyz")[0] == READY
