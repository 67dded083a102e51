"""How Slack reaches the app: Socket Mode, signed HTTP, acknowledgements, events sent again after failures."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs
from urllib.request import Request, urlopen
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from playground.delivery import http, socket_mode, transport
from playground.state.workspace import SIGNING_SECRET
from playground.testing import Playground
from tests.playground.sockets import hang_up
from tests.support.help_desk import TIMEOUT
from tests.support.processes import wait_until

Json = dict[str, Any]
OTHER_THREAD = ThreadPoolExecutor(1)


@pytest.fixture(scope="module")
def shared_playground() -> Iterator[Playground]:
    with Playground(rate_limits=False, ack_seconds=TIMEOUT) as playground:
        yield playground


@pytest.fixture
def playground(shared_playground: Playground) -> Playground:
    shared_playground.reset()
    return shared_playground


@pytest.fixture
def impatient(shared_playground: Playground, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack waits a fifth of a second for an acknowledgement, not three."""
    monkeypatch.setattr(shared_playground.slack.delivery.transport, "ack_seconds", 0.2)


def socket_address(playground: Playground) -> str:
    request = Request(
        playground.api_url + "apps.connections.open",
        method="POST",
        headers={"Authorization": "Bearer xapp-playground"},
    )
    with urlopen(request) as response:
        return str(json.load(response)["url"])


class RawApp:
    """An app that is one bare web socket, to acknowledge as badly as a test wants."""

    def __init__(self, playground: Playground) -> None:
        self._open = ExitStack()
        self.socket: ClientConnection = self._open.enter_context(connect(socket_address(playground)))
        self.hello = self.receive()

    def receive(self, timeout: float = TIMEOUT) -> Json:
        return dict(json.loads(self.socket.recv(timeout)))

    def acknowledge(self, envelope: Json, payload: Json | None = None) -> None:
        answer = {"envelope_id": envelope["envelope_id"]} | ({"payload": payload} if payload else {})
        self.socket.send(json.dumps(answer))

    def close(self) -> None:
        self._open.close()


@pytest.fixture
def raw(playground: Playground) -> Iterator[RawApp]:
    app = RawApp(playground)
    yield app
    app.close()


def violations(playground: Playground) -> list[Json]:
    return list(playground.control.get("violations")["violations"])


def rules(playground: Playground) -> list[str]:
    return [violation["rule"] for violation in violations(playground)]


def wait_for_rules(playground: Playground, count: int) -> list[str]:
    """The rules broken, once there are that many."""
    for _ in range(12_000):
        if len(broken := rules(playground)) >= count:
            return broken
        time.sleep(0.005)
    raise AssertionError(rules(playground))


@contextmanager
def meanwhile(act: Callable[[], Any]) -> Iterator[list[Any]]:
    """Do something in another thread; its result is in the list once the block is over."""
    results: list[Any] = []
    doing = OTHER_THREAD.submit(act)
    yield results
    results.append(doing.result(10))


def say(playground: Playground, text: str = "bonjour") -> Callable[[], Json]:
    return lambda: playground.control.post("message", user="camille", channel="@guichet", text=text)


def type_command(playground: Playground) -> Callable[[], Json]:
    return lambda: playground.control.post("command", user="camille", command="/ticket", text="écran noir")


class TestSocketMode:
    def test_a_connection_begins_with_hello(self, raw: RawApp) -> None:
        assert raw.hello["type"] == "hello"
        assert raw.hello["num_connections"] == 1
        assert raw.hello["connection_info"]["app_id"].startswith("A")

    def test_an_address_is_good_for_one_connection(self, playground: Playground) -> None:
        address = socket_address(playground)
        with connect(address) as first:
            first.recv(2)
            with connect(address) as second, pytest.raises(ConnectionClosed):
                second.recv(2)

    def test_each_payload_goes_to_one_connection_in_turn(self, playground: Playground, raw: RawApp) -> None:
        other = RawApp(playground)
        for app in (raw, other, raw):
            with meanwhile(type_command(playground)):
                app.acknowledge(app.receive())
        for app in (raw, other):
            with pytest.raises(TimeoutError):
                app.receive(timeout=0.05)
        other.close()

    def test_an_eleventh_connection_is_sent_away(self, playground: Playground) -> None:
        apps = [RawApp(playground) for _ in range(socket_mode.MAX_CONNECTIONS)]
        assert RawApp(playground).hello["reason"] == "too_many_websockets"
        for app in apps:
            app.close()

    def test_envelopes_say_whether_they_take_an_answer(self, playground: Playground, raw: RawApp) -> None:
        with meanwhile(type_command(playground)):
            command = raw.receive()
            raw.acknowledge(command)
        with meanwhile(say(playground)):
            event = raw.receive()
            raw.acknowledge(event)
        assert command["type"] == "slash_commands"
        assert command["accepts_response_payload"] is True
        assert "retry_attempt" not in command
        assert event["type"] == "events_api"
        assert event["accepts_response_payload"] is False
        assert (event["retry_attempt"], event["retry_reason"]) == (0, "")
        assert rules(playground) == []

    def test_without_a_connection_a_command_fails_and_breaks_no_rule(self, playground: Playground) -> None:
        answer = type_command(playground)()
        assert answer["error"] == "dispatch_failed"
        assert "dispatch_failed" in playground.control.get("screen", user="camille")["toasts"][0]
        assert rules(playground) == []

    def test_an_acknowledgement_may_come_on_a_newer_connection(
        self, playground: Playground, raw: RawApp
    ) -> None:
        with meanwhile(type_command(playground)) as answers:
            envelope = raw.receive()
            newer = RawApp(playground)
            raw.close()
            newer.acknowledge(envelope)
        assert answers[0]["ok"]
        newer.close()

    def test_the_old_connection_serves_until_there_is_a_new_one(
        self, playground: Playground, raw: RawApp
    ) -> None:
        with meanwhile(lambda: playground.control.post("disconnect", reason="warning")) as answers:
            goodbye = raw.receive()
            newer = RawApp(playground)
        assert (goodbye["type"], goodbye["reason"]) == ("disconnect", "warning")
        assert answers[0]["closed"] == 1
        with pytest.raises(ConnectionClosed):
            raw.receive()
        with meanwhile(type_command(playground)):
            newer.acknowledge(newer.receive())
        newer.close()
        assert rules(playground) == []

    def test_slack_asks_for_a_new_connection_and_bolt_comes_back(self, playground: Playground) -> None:
        client = WebClient("xoxb-playground", base_url=playground.api_url)
        app = App(client=client)
        app.command("/ticket")(lambda ack: ack("ici"))
        handler = SocketModeHandler(app, "xapp-playground", web_client=client)
        handler.connect()
        assert playground.control.get("connected")["connected"]
        assert type_command(playground)()["acknowledgement"] == {"text": "ici"}
        assert playground.control.post("disconnect")["closed"] == 1
        assert type_command(playground)()["acknowledgement"] == {"text": "ici"}
        hang_up(handler, playground)


@pytest.mark.usefixtures("impatient")
class TestAcknowledgements:
    def test_slack_waits_three_seconds(self) -> None:
        assert transport.ACK_SECONDS == 3.0

    def test_no_acknowledgement_is_a_violation_and_a_failure_on_screen(
        self, playground: Playground, raw: RawApp
    ) -> None:
        answer = type_command(playground)()
        assert (answer["ok"], answer["error"]) == (False, "operation_timeout")
        assert rules(playground) == ["no_ack"]
        assert "operation_timeout" in playground.control.get("screen", user="camille")["toasts"][0]
        raw.close()

    def test_a_late_acknowledgement_is_recorded_as_such(self, playground: Playground, raw: RawApp) -> None:
        type_command(playground)()
        raw.acknowledge(raw.receive())
        raw.close()  # so that the acknowledgement has been read once the close has been answered
        assert rules(playground) == ["no_ack", "late_ack"]

    def test_what_is_no_acknowledgement_is_recorded(self, playground: Playground, raw: RawApp) -> None:
        raw.socket.send("bonjour")
        raw.socket.send(json.dumps({"envelope_id": "inconnu"}))
        raw.close()
        assert rules(playground) == ["bad_ack", "bad_ack"]

    def test_a_connection_lost_before_the_acknowledgement(self, playground: Playground, raw: RawApp) -> None:
        with meanwhile(type_command(playground)) as answers:
            raw.receive()
            raw.close()
        assert answers[0]["error"] == "operation_timeout"
        assert "connection closed" in violations(playground)[0]["detail"]

    def test_its_acknowledgement_on_the_next_connection_is_no_second_violation(
        self, playground: Playground, raw: RawApp
    ) -> None:
        with meanwhile(type_command(playground)):
            envelope = raw.receive()
            raw.close()
        newer = RawApp(playground)
        newer.acknowledge(envelope)
        newer.close()
        assert rules(playground) == ["no_ack"]

    @pytest.mark.parametrize(
        "payload",
        [
            {"response_type": "in_channel"},
            {"text": "oui", "response_type": "everyone"},
            {"text": "oui", "blocks": [{"type": "section"}]},
        ],
    )
    def test_a_reply_to_a_command_is_checked(
        self, playground: Playground, raw: RawApp, payload: Json
    ) -> None:
        with meanwhile(type_command(playground)) as answers:
            raw.acknowledge(raw.receive(), payload)
        assert answers[0]["error"] == "bad_ack"
        assert "bad_ack" in rules(playground)

    def test_a_body_that_slack_would_ignore_is_recorded(self, playground: Playground, raw: RawApp) -> None:
        with meanwhile(lambda: playground.control.post("shortcut", user="camille", callback_id="nouveau")):
            raw.acknowledge(raw.receive(), {"text": "rien"})
        assert rules(playground) == ["bad_ack"]


@pytest.mark.usefixtures("impatient")
class TestEvents:
    def test_an_event_is_sent_again_at_once_then_after_one_and_five_minutes(
        self, playground: Playground, raw: RawApp
    ) -> None:
        say(playground)()
        tries = [raw.receive(), raw.receive()]
        wait_for_rules(playground, 2)
        playground.control.post("clock", advance=59)
        with pytest.raises(TimeoutError):
            raw.receive(timeout=0.05)
        playground.control.post("clock", advance=1)
        tries.append(raw.receive())
        wait_for_rules(playground, 3)
        playground.control.post("clock", advance=300)
        tries.append(raw.receive())
        assert [one["retry_attempt"] for one in tries] == [0, 1, 2, 3]
        assert [one["retry_reason"] for one in tries] == ["", "timeout", "timeout", "timeout"]
        assert len({one["payload"]["event_id"] for one in tries}) == 1
        assert wait_for_rules(playground, 4) == ["no_ack"] * 4

    def test_an_acknowledged_event_is_not_sent_again(self, playground: Playground, raw: RawApp) -> None:
        with meanwhile(say(playground)):
            raw.acknowledge(raw.receive())
        playground.control.post("clock", advance=600)
        with pytest.raises(TimeoutError):
            raw.receive(timeout=0.05)

    def test_a_missed_event_comes_with_the_next_connection(self, playground: Playground) -> None:
        say(playground)()
        late = RawApp(playground)
        with meanwhile(lambda: playground.control.post("clock", advance=60)):
            event = late.receive()
            late.acknowledge(event)
        assert event["retry_attempt"] == 2
        late.close()
        assert rules(playground) == []

    def test_the_envelope_of_an_event(self, playground: Playground, raw: RawApp) -> None:
        with meanwhile(say(playground, "un & deux")):
            received = raw.receive()
            raw.acknowledge(received)
        body = received["payload"]
        assert body["type"] == "event_callback"
        assert body["event_id"].startswith("Ev")
        assert body["authorizations"][0]["is_bot"] is True
        event = body["event"]
        assert (event["type"], event["channel_type"]) == ("message", "im")
        assert event["text"] == "un &amp; deux"
        assert event["blocks"][0]["elements"][0]["elements"][0]["text"] == "un & deux"
        assert event["ts"] == event["event_ts"]

    def test_reset_gives_up_what_was_to_be_sent_again(self, playground: Playground, raw: RawApp) -> None:
        say(playground)()
        raw.receive(), raw.receive()
        playground.reset()
        playground.control.post("clock", advance=600)
        with pytest.raises(TimeoutError):
            raw.receive(timeout=0.05)


class HttpApp:
    """An app behind a request URL: what it was sent, and what it answers next."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.arrived = threading.Condition()
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body = b""
        app = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with app.arrived:
                    app.requests.append(({k.lower(): v for k, v in self.headers.items()}, body))
                    app.arrived.notify_all()
                content = app.body or app.challenge(body)
                self.send_response(app.status)
                for name, value in app.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=[0.01], daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/slack/events"

    @staticmethod
    def challenge(body: bytes) -> bytes:
        if not body.startswith(b"{"):
            return b""
        return str(json.loads(body).get("challenge", "")).encode()

    def wait_for(self, count: int) -> None:
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.requests) >= count, 2), len(self.requests)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def http_app() -> Iterator[HttpApp]:
    app = HttpApp()
    yield app
    app.close()


@pytest.fixture
def over_http(http_app: HttpApp) -> Iterator[Playground]:
    with Playground(request_url=http_app.url, ack_seconds=TIMEOUT) as playground:
        yield playground


class TestHttp:
    def test_the_signature_is_the_one_of_slacks_documentation(self) -> None:
        body = (
            b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
            b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
            b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
            b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
        )
        headers = http.signature(body, 1531420618, "8f742231b10e8888abcd99yyyzzz85a5")
        expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
        assert headers["X-Slack-Signature"] == expected

    def test_requests_are_signed_and_shaped_as_slack_shapes_them(
        self, over_http: Playground, http_app: HttpApp
    ) -> None:
        http_app.body, http_app.headers = b"entendu", {"Content-Type": "text/plain"}
        assert type_command(over_http)()["acknowledgement"] == "entendu"
        http_app.body = b""
        over_http.control.post("shortcut", user="camille", callback_id="nouveau")
        say(over_http)()
        (command_headers, command), (_, shortcut), (event_headers, event) = http_app.requests
        base = f"v0:{command_headers['x-slack-request-timestamp']}:".encode() + command
        signed = hmac.new(SIGNING_SECRET.encode(), base, hashlib.sha256).hexdigest()
        assert command_headers["x-slack-signature"] == f"v0={signed}"
        fields = parse_qs(command.decode())
        assert (fields["command"], fields["text"]) == (["/ticket"], ["écran noir"])
        assert fields["is_enterprise_install"] == ["false"]
        assert json.loads(parse_qs(shortcut.decode())["payload"][0])["callback_id"] == "nouveau"
        assert event_headers["content-type"] == "application/json"
        assert json.loads(event)["event"]["type"] == "message"
        assert "x-slack-retry-num" not in event_headers
        assert rules(over_http) == []

    def test_a_failed_event_is_sent_again_with_the_reason(
        self, over_http: Playground, http_app: HttpApp
    ) -> None:
        http_app.status = 500
        say(over_http)()
        http_app.wait_for(2)
        retry, _ = http_app.requests[1]
        assert (retry["x-slack-retry-num"], retry["x-slack-retry-reason"]) == ("1", "http_error")

    def test_the_app_can_ask_for_no_retry(self, over_http: Playground, http_app: HttpApp) -> None:
        http_app.status, http_app.headers = 500, {"X-Slack-No-Retry": "1"}
        say(over_http)()
        over_http.control.post("clock", advance=600)
        http_app.status, http_app.headers = 200, {}
        type_command(over_http)()
        assert len(http_app.requests) == 2

    def test_a_slow_answer_is_none(self, over_http: Playground, http_app: HttpApp) -> None:
        over_http.slack.delivery.transport.ack_seconds = 0.2
        with http_app.arrived:  # its handler waits for this
            answer = type_command(over_http)()
        assert answer["error"] == "operation_timeout"
        assert rules(over_http) == ["no_ack"]

    def test_an_app_that_is_not_there_breaks_no_rule(self, over_http: Playground, http_app: HttpApp) -> None:
        http_app.close()
        assert type_command(over_http)()["error"] == "dispatch_failed"
        assert rules(over_http) == []

    def test_the_request_url_is_verified_with_a_challenge(
        self, over_http: Playground, http_app: HttpApp
    ) -> None:
        assert over_http.control.get("connected")["connected"]
        http_app.status = 404
        assert not over_http.control.get("connected")["connected"]


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(app: App) -> Iterator[str]:
    """The request URL of a Bolt app."""
    server = make_server("127.0.0.1", 0, SlackRequestHandler(app), handler_class=QuietHandler)
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/slack/events"
    server.shutdown()
    server.server_close()


class TestBoltOverHttp:
    def test_every_kind_of_payload_comes_through(self) -> None:
        client = WebClient("xoxb-playground")
        app = App(client=client, signing_secret=SIGNING_SECRET, token_verification_enabled=False)
        heard: list[Json] = []
        view: Json = {
            "type": "modal",
            "title": {"type": "plain_text", "text": "Formulaire"},
            "submit": {"type": "plain_text", "text": "Envoyer"},
            "notify_on_close": True,
            "blocks": [
                {
                    "type": "input",
                    "block_id": "service",
                    "label": {"type": "plain_text", "text": "Service"},
                    "element": {"type": "external_select", "action_id": "choice", "min_query_length": 0},
                    "dispatch_action": True,
                }
            ],
        }

        def listen(ack: Any, body: Json) -> None:
            heard.append(body)
            ack()

        @app.command("/ticket")
        def open_form(ack: Any, body: Json) -> None:
            client.views_open(trigger_id=body["trigger_id"], view=view)
            ack("voilà")

        @app.options("choice")
        def suggest(ack: Any) -> None:
            ack(options=[{"text": {"type": "plain_text", "text": "Wifi"}, "value": "wifi"}])

        @app.view("")
        def refuse(ack: Any, body: Json) -> None:
            heard.append(body)
            ack(response_action="errors", errors={"service": "fermé"})

        app.action("choice")(listen)
        app.view_closed("")(listen)
        app.shortcut("nouveau")(listen)
        app.event("message")(lambda body: heard.append(body))
        with served(app) as url, Playground(request_url=url) as playground:
            client.base_url = playground.api_url
            control = playground.control
            assert type_command(playground)()["acknowledgement"] == "voilà"
            answer = control.post("submit", user="camille", values={"Service": "wifi"})
            assert answer["errors"] == {"Service": "fermé"}
            assert control.post("close", user="camille")["ok"]
            assert control.post("shortcut", user="camille", callback_id="nouveau")["ok"]
            assert say(playground)()["ok"]
            # Bolt acknowledges an event before its listener runs.
            wait_until(lambda: len(heard) == 5, TIMEOUT, "the event did not come through")
            kinds = [body["type"] for body in heard]
            assert kinds == ["block_actions", "view_submission", "view_closed", "shortcut", "event_callback"]
            assert rules(playground) == []
