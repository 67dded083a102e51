"""Request verification: only requests that Slack signed reach the application, whatever else is sent."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from email.utils import formatdate
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from slack_bolt.adapter.socket_mode import SocketModeHandler

from blocks import ids
from bot.http.server import PATH, create_wsgi
from bot.http.verification import AGE_MAX, BODY_MAX, verified
from bot.settings import Settings
from bot.slack.slack_time import SlackTime
from playground.testing import Playground
from tests.support.help_desk import Desk

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = 1_795_000_000
Json = dict[str, Any]
garbage = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


class Endpoint:
    """A verified application that answers 200; `received`: the bodies that reached it."""

    def __init__(self) -> None:
        self.received: list[bytes] = []

    def application(self, environ: Json, start_response: Any) -> list[bytes]:
        self.received.append(environ["wsgi.input"].read())
        start_response("200 OK", [])
        return [b""]

    def ask(self, body: bytes, **head: Any) -> int:
        self.received.clear()
        return answered(verified(self.application, SECRET, PATH, lambda: NOW), body, **head)[0]


def answered(wsgi: Any, body: bytes, **head: Any) -> tuple[int, bytes]:
    """The status and the body of the answer."""
    statuses: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": PATH,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "wsgi.input": BytesIO(body),
        **head,
    }
    content = b"".join(wsgi(environ, lambda status, _headers: statuses.append(status)))
    return int(statuses[0].split()[0]), content


def signed(body: bytes, at: float = NOW, secret: str = SECRET) -> dict[str, str]:
    """The headers with which Slack signs."""
    base = b"v0:" + str(int(at)).encode() + b":" + body
    signature = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"HTTP_X_SLACK_REQUEST_TIMESTAMP": str(int(at)), "HTTP_X_SLACK_SIGNATURE": f"v0={signature}"}


def interaction(payload: Json) -> bytes:
    return urlencode({"payload": json.dumps(payload)}).encode()


COMMAND = urlencode(
    {"command": ids.COMMAND_TICKET, "text": "é & <", "user_id": "U1", "trigger_id": "1"}
).encode()
CLICK = {
    "type": "block_actions",
    "user": {"id": "U1"},
    "team": {"id": "T1"},
    "actions": [{"type": "button", "action_id": ids.TAKE, "value": "1"}],
}
EVENT = {"type": "event_callback", "event": {"type": "app_home_opened", "user": "U1", "tab": "home"}}


@pytest.fixture
def endpoint() -> Endpoint:
    return Endpoint()


@pytest.mark.parametrize("body", [COMMAND, interaction(CLICK), json.dumps(EVENT).encode()])
def test_what_slack_sends_reaches_the_application_unchanged(endpoint: Endpoint, body: bytes) -> None:
    assert endpoint.ask(body, **signed(body)) == 200
    assert endpoint.received == [body]


@pytest.mark.parametrize("age", [-AGE_MAX - 1, AGE_MAX + 1, 10**7])
def test_an_old_request_is_refused(endpoint: Endpoint, age: int) -> None:
    assert endpoint.ask(COMMAND, **signed(COMMAND, NOW - age)) == 401
    assert endpoint.received == []


def test_the_age_of_a_refused_signed_request_is_logged(
    endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint.ask(COMMAND, **signed(COMMAND, NOW - 312))
    assert "Slack signed it 312 s ago by this machine's clock" in caplog.text
    caplog.clear()
    endpoint.ask(COMMAND, **signed(COMMAND, NOW - 312, secret="another"))
    assert "Slack signed it" not in caplog.text, "nothing is logged of an unsigned request"


@pytest.mark.parametrize("seconds", [-600, 600])
def test_a_machine_whose_clock_is_wrong_takes_slacks_requests(seconds: int) -> None:
    """It goes by the clock of Slack's last answer."""
    slack, endpoint = SlackTime(), Endpoint()
    slack.note({"Date": formatdate(time.time() + seconds)})
    head = signed(COMMAND, time.time() + seconds)
    assert answered(verified(endpoint.application, SECRET, PATH, slack.now), COMMAND, **head)[0] == 200
    assert answered(verified(endpoint.application, SECRET, PATH, SlackTime().now), COMMAND, **head)[0] == 401


@pytest.mark.parametrize("age", [-AGE_MAX, 0, AGE_MAX])
def test_a_recent_request_is_accepted(endpoint: Endpoint, age: int) -> None:
    assert endpoint.ask(COMMAND, **signed(COMMAND, NOW - age)) == 200


def test_a_request_signed_with_another_secret_or_changed_in_transit_is_refused(endpoint: Endpoint) -> None:
    assert endpoint.ask(COMMAND) == 401
    assert endpoint.ask(COMMAND, **signed(COMMAND, secret="another")) == 401
    assert endpoint.ask(COMMAND + b"&x=1", **signed(COMMAND)) == 401
    assert endpoint.received == []


def test_without_a_signing_secret_every_request_is_refused(endpoint: Endpoint) -> None:
    wsgi = verified(endpoint.application, None, PATH, lambda: NOW)
    assert answered(wsgi, COMMAND, **signed(COMMAND, secret=""))[0] == 401


class Unread:
    """A body that must not be read."""

    def read(self, _size: int) -> bytes:
        raise AssertionError("it was read")


def test_a_body_that_is_too_large_is_not_read(endpoint: Endpoint) -> None:
    for length, status in ((BODY_MAX + 1, 413), (10**5000, 413), ("", 411), ("-1", 411), ("1e3", 411)):
        head: Any = {"CONTENT_LENGTH": "9" * 5000 if length == 10**5000 else str(length)}
        assert endpoint.ask(COMMAND, **head, **{"wsgi.input": Unread()}) == status


def test_the_largest_payload_of_slack_is_accepted(endpoint: Endpoint) -> None:
    body = interaction(CLICK | {"view": {"blocks": "x" * 250_000}})
    assert endpoint.ask(body, **signed(body)) == 200


def test_other_methods_and_paths_are_refused(endpoint: Endpoint) -> None:
    for method in ("GET", "PUT", "HEAD", "DELETE", "X" * 100):
        assert endpoint.ask(COMMAND, REQUEST_METHOD=method, **signed(COMMAND)) == 405
    for path in ("/", "/slack", "/slack/events/", "/slack/install", "//slack/events", "/é" * 500):
        assert endpoint.ask(COMMAND, PATH_INFO=path, **signed(COMMAND)) == 404


def test_a_body_cut_short_is_refused(endpoint: Endpoint) -> None:
    assert endpoint.ask(COMMAND, **signed(COMMAND) | {"CONTENT_LENGTH": str(len(COMMAND) + 1)}) == 400


@garbage
@given(st.binary(max_size=300), st.text(max_size=30), st.text(max_size=80))
@example(b"", "١٢٣", "v0=é")
def test_whatever_is_sent_unsigned_is_refused(body: bytes, timestamp: str, signature: str) -> None:
    head = {"HTTP_X_SLACK_REQUEST_TIMESTAMP": timestamp, "HTTP_X_SLACK_SIGNATURE": signature}
    endpoint = Endpoint()
    status, content = answered(verified(endpoint.application, SECRET, PATH, lambda: NOW), body, **head)
    assert (status, content, endpoint.received) == (401, b"", [])


# -- with the help desk behind it ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wsgi(
    slack_server: Playground, connection: SocketModeHandler, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    slack_server.reset()
    configured = Settings(
        _env_file=None,
        slack_bot_token=SecretStr("xoxb-none"),
        slack_signing_secret=SecretStr(SECRET),
        slack_api_url=slack_server.api_url,
        database_url=f"sqlite:///{tmp_path_factory.mktemp('http') / 'guichet.db'}",
    )
    desk = Desk(slack_server, configured, connection)
    yield create_wsgi(desk.parts)
    desk.__exit__()


def send(wsgi: Any, body: bytes, **head: str) -> int:
    """The status of what Slack signed just now."""
    import time

    return answered(wsgi, body, **{**signed(body, time.time()), **head})[0]


def is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_a_signed_challenge_is_answered(wsgi: Any) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
    assert send(wsgi, body) == 200


@garbage
@given(st.binary(max_size=200) | values.map(lambda value: json.dumps(value).encode()))
@example(b'{"a":' * 3000)
@example(b"payload=")
@example(b"payload={")
@example(b"payload=[1]")
@example(b"\xff")
@example(b"null")
def test_signed_garbage_is_refused_without_a_traceback(wsgi: Any, body: bytes) -> None:
    """What is not UTF-8 is not Slack's, whatever its signature."""
    assert send(wsgi, body) == (400 if is_utf8(body) else 401)


@garbage
@given(
    st.sampled_from(["type", "user", "team", "actions", "view", "channel", "enterprise", "authorizations"]),
    values,
    st.sampled_from(["application/json", "", "text/html", "multipart/form-data; boundary=x", "é"]),
)
def test_a_signed_payload_of_another_shape_is_no_failure_of_ours(
    wsgi: Any, key: str, value: object, content_type: str
) -> None:
    for payload in (CLICK, EVENT):
        status = send(wsgi, interaction({**payload, key: value}), CONTENT_TYPE=content_type)
        assert status in {200, 400, 404}


@pytest.mark.parametrize("name", ["HTTP_X_SLACK_RETRY_NUM", "HTTP_X_SLACK_BOLT_LAZY_ONLY"])
def test_unsigned_headers_do_no_harm(wsgi: Any, name: str) -> None:
    body = json.dumps({"type": "event_callback", "event": {"type": "unknown"}}).encode()
    assert send(wsgi, body, **{name: "x"}) in {200, 404}
