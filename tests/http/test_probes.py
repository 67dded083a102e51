"""The probes over HTTP."""

import json
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.http.server import create_wsgi
from models.outbox.reasons import Reason
from models.outbox.schedule import Pause
from tests.support.help_desk import Desk


def ask(desk: Desk, path: str) -> tuple[str, dict[str, Any]]:
    """The status and the JSON of a GET."""
    statuses: list[str] = []

    def start_response(status: str, _headers: list[tuple[str, str]]) -> None:
        statuses.append(status)

    body = b"".join(create_wsgi(desk.parts)({"PATH_INFO": path, "REQUEST_METHOD": "GET"}, start_response))
    return statuses[0], json.loads(body)


def test_it_is_alive_and_ready(desk: Desk) -> None:
    assert ask(desk, "/healthz") == ("200 OK", {"ok": True})
    assert ask(desk, "/readyz") == ("200 OK", {"ok": True, "reasons": []})


def test_it_is_not_ready_while_nothing_can_be_sent(desk: Desk) -> None:
    with desk.sessions.begin() as session:
        until, call = desk.now.replace(year=2100), "auth.test"
        refused = {"reason": Reason.ACCESS_REFUSED, "remote_call": call, "remote_code": "invalid_auth"}
        session.add(Pause(scope="slack", until=until, **refused))
    status, content = ask(desk, "/readyz")
    assert status == "503 Service Unavailable"
    assert content["reasons"] == ["sending by slack is stopped: auth.test: invalid_auth"]


def test_it_is_not_ready_without_its_database(desk: Desk) -> None:
    with desk.lost_database():
        with pytest.raises(OperationalError), desk.sessions() as session:
            session.get(Pause, "slack")
        status, content = ask(desk, "/readyz")
    assert status == "503 Service Unavailable"
    assert content["reasons"] == ["the database does not answer: OperationalError"]
    assert ask(desk, "/readyz")[0] == "200 OK"
