"""What a process does at its start while Slack refuses a token or does not answer."""

import threading
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from pytest_mock import MockerFixture
from slack_sdk.socket_mode.builtin.connection import Connection

from bot.observability import readiness
from bot.observability.readiness import Unready
from bot.running import slack_at_start
from bot.running.slack_at_start import SlackAtStart, Stopped
from bot.running.socket_connection import SocketConnection
from playground.state.workspace import SIGNING_SECRET
from playground.testing import Playground
from tests.support.databases import write_prepared
from tests.support.help_desk import Desk
from tests.support.processes import (
    STARTING,
    Process,
    free_port,
    local_slack,
    probe,
    running,
    variables,
    wait_until,
)

REFUSED = "SLACK_BOT_TOKEN: Slack answers invalid_auth: put the Bot User OAuth Token there, and restart"
APP_REFUSED = (
    "SLACK_APP_TOKEN: Slack answers invalid_auth: put an app-level token with the scope "
    "connections:write there, and restart"
)


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What it logged itself."""
    return [record.message for record in caplog.records if record.name.startswith("bot.running")]


@pytest.fixture
def start(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> SlackAtStart:
    """It tries again at once."""
    monkeypatch.setattr(slack_at_start, "REFUSED_FOR", 0.0)
    monkeypatch.setattr(slack_at_start, "UNANSWERED_FOR", 0.0)
    return SlackAtStart(desk.parts, threading.Event())


def refusals_seen(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """Why the process was not ready at each attempt to come."""
    seen: list[str | None] = []
    ask = desk.parts.worker_directory.identity.ask

    def asked() -> object:
        seen.append(desk.parts.readiness.refused)
        return ask()

    monkeypatch.setattr(desk.parts.worker_directory.identity, "ask", asked)
    return seen


def test_it_waits_while_slack_refuses_the_token_and_says_so_once(
    desk: Desk, start: SlackAtStart, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    desk.slack.control.post("faults", method="auth.test", error="invalid_auth", times=3)
    seen = refusals_seen(desk, monkeypatch)
    start.identify()
    assert seen[:4] == [None, REFUSED, REFUSED, REFUSED]
    assert desk.parts.readiness.refused is None
    assert said(caplog) == [f"waiting: {REFUSED}; tried again every 0 s"]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"status": "reset"}, "no answer"),
        ({"status": 503}, "an answer that is not Slack's (HTTP status 503)"),
        ({"status": "html"}, "an answer that is not Slack's (HTTP status 200)"),
        ({"error": "internal_error"}, "Slack answers internal_error"),
    ],
)
def test_it_waits_for_a_slack_that_does_not_answer(
    desk: Desk, start: SlackAtStart, caplog: pytest.LogCaptureFixture, fault: dict[str, object], words: str
) -> None:
    desk.slack.control.post("faults", method="auth.test", times=2, **fault)
    start.identify()
    [line] = said(caplog)
    assert line.startswith(f"waiting: Slack cannot be reached at the start: {words}")
    assert desk.parts.readiness.refused is None


def test_a_refusal_stands_until_slack_accepts_the_token(
    desk: Desk, start: SlackAtStart, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    desk.slack.control.post("faults", method="auth.test", error="invalid_auth", times=1)
    desk.slack.control.post("faults", method="auth.test", status="reset", times=2)
    seen = refusals_seen(desk, monkeypatch)
    start.identify()
    assert seen[:4] == [None, REFUSED, REFUSED, REFUSED]
    assert len(said(caplog)) == 1


@pytest.mark.parametrize(
    ("fault", "begins_before"), [({"error": "invalid_auth"}, False), ({"status": "reset"}, True)]
)
def test_work_begins_unless_the_token_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, fault: dict[str, object], begins_before: bool
) -> None:
    desk.slack.control.post("faults", method="auth.test", times=1, **fault)
    begun: list[str] = []
    stop = threading.Event()
    stop.set()
    start = SlackAtStart(desk.parts, stop, lambda: begun.append("work"))
    with pytest.raises(Stopped):
        start.identify()
    assert begun == (["work"] if begins_before else [])
    start.identify()
    assert begun == ["work"]


def test_it_ends_while_it_waits(desk: Desk) -> None:
    desk.slack.control.post("faults", method="auth.test", error="account_inactive", times=1)
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        SlackAtStart(desk.parts, stop).identify()


def waiting(
    slack: Playground, folder: Path, command: str, **settings: str
) -> tuple[AbstractContextManager[Process], int]:
    """A process of a desk whose database is there, and the port of its probes."""
    database, port = f"sqlite:///{folder / 'guichet.db'}", free_port()
    write_prepared(folder / "guichet.db")
    over_http = port if "SLACK_SIGNING_SECRET" in settings else None
    given = variables(slack, database, folder, over_http) | {"METRICS_PORT": str(port)} | settings
    return running(command, given, folder / f"{command}.log"), port


OVER_HTTP = {"SLACK_SIGNING_SECRET": SIGNING_SECRET}


@pytest.mark.parametrize(
    ("command", "method", "settings", "refused"),
    [
        ("socket", "auth.test", {}, REFUSED),
        ("socket", "apps.connections.open", {}, APP_REFUSED),
        ("run", "auth.test", {}, REFUSED),
        ("run", "auth.test", OVER_HTTP, REFUSED),
        ("web", "auth.test", OVER_HTTP, REFUSED),
    ],
)
def test_a_process_waits_while_its_token_is_refused(
    tmp_path: Path, command: str, method: str, settings: dict[str, str], refused: str
) -> None:
    with local_slack(None) as slack:
        slack.control.post("faults", method=method, error="invalid_auth", times=0)
        process, port = waiting(slack, tmp_path, command, **settings)
        with process as started:
            wait_until(lambda: probe(port, "/readyz")[0] == 503, STARTING, started.output())
            assert refused in probe(port, "/readyz")[1]["reasons"], started.output()
            assert f"waiting: {refused}; tried again every 60 s" in started.output()
            assert probe(port, "/healthz")[0] == 200
            if settings:
                assert probe(port, "/slack/events", post="command=/ticket")[0] == 503
            assert slack.control.get("connected", timeout=0.1)["connected"] is False
            assert started.stop() == 0
            assert "Traceback" not in started.output()


@pytest.mark.parametrize("command", ["run", "socket"])
def test_a_process_waits_for_a_slack_that_cannot_be_reached(tmp_path: Path, command: str) -> None:
    with local_slack(None) as slack:
        nowhere = f"http://127.0.0.1:{free_port()}/api/"
        process, port = waiting(slack, tmp_path, command, SLACK_API_URL=nowhere)
        with process as started:
            unreached = (
                "waiting: Slack cannot be reached at the start: no answer: connection refused; tried again "
                "every 10 s"
            )
            wait_until(lambda: unreached in started.output(), STARTING, started.output())
            assert probe(port, "/readyz")[0] == 200  # for the first minute, see below
            assert started.stop() == 0
            assert "Traceback" not in started.output()


def test_a_minute_without_slack_at_the_start_is_a_minute_without_socket(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    time = [1000.0]
    monkeypatch.setattr(readiness, "ticks", lambda: time[0])
    SocketConnection(desk.parts, SlackAtStart(desk.parts, threading.Event()))  # `identify` waits after this
    assert desk.parts.readiness.check() == {}
    time[0] += 61
    assert desk.parts.readiness.check() == {Unready.SOCKET: "no connection to Slack (Socket Mode) for 61 s"}


def test_a_connection_that_is_cut_at_once_is_no_start(desk: Desk, start: SlackAtStart) -> None:
    """slack_sdk raises nothing when the WebSocket cannot be opened."""
    connection = SocketConnection(desk.parts, start)
    client = connection._handler.client
    client.wss_uri = "ws://127.0.0.1:1/"  # as given by apps.connections.open before
    with pytest.raises(ConnectionError):
        connection._connect()


def test_slack_may_hang_up_while_a_process_ends(
    desk: Desk, start: SlackAtStart, mocker: MockerFixture
) -> None:
    with SocketConnection(desk.parts, start) as connection:
        session = connection._handler.client.current_session
        assert session is not None
        assert session.sock is not None
        # What the second of two threads meets (slack_sdk's `Connection.disconnect`).
        mocker.patch.object(session, "sock_receive_lock", HangsUp(session))
    assert not connection._handler.client.is_connected()


class HangsUp:
    """A lock whose previous holder closed the socket."""

    def __init__(self, session: Connection) -> None:
        self.session = session

    def __enter__(self) -> None:
        if self.session.sock is not None:
            self.session.sock.close()
            self.session.sock = None

    def __exit__(self, *_error: object) -> None:
        """Nothing is held."""
