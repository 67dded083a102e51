"""No thread waits for a request's bytes, and no health check for a listener."""

import asyncio
from collections.abc import Iterable
from threading import Event
from typing import Any

import pytest

from bot.http.asgi import THREADS, in_threads
from bot.http.server import PATH
from bot.http.verification import BODY_MAX
from bot.http.wsgi import StartResponse
from bot.observability import logs
from bot.observability.metrics import REQUESTS
from tests.support.event_loop import run

Message = dict[str, Any]
LONG = 60.0  # seconds
COMES = {"type": "http.request", "body": b"a=1", "more_body": False}
BEGINS = {"type": "http.request", "body": b"a", "more_body": True}
GONE = {"type": "http.disconnect"}


class Behind:
    """A WSGI application; a request to Slack's address waits in it until `go` is set."""

    def __init__(self) -> None:
        self.go, self.came_in = Event(), list[Message]()

    def __call__(self, environ: Message, start_response: StartResponse) -> Iterable[bytes]:
        self.came_in.append(environ)
        if environ["PATH_INFO"] == PATH:
            self.go.wait(LONG)
        with logs.request("kept apart"):
            start_response("200 OK", [("X-Path", environ["PATH_INFO"])])
            return [environ["wsgi.input"].read()]


class Client:
    """Who asks: `sends` comes one by one, and then nothing more."""

    def __init__(self, *sends: Message) -> None:
        self._sends, self.got = list(sends), list[Message]()

    async def receive(self) -> Message:
        return self._sends.pop(0) if self._sends else await asyncio.Event().wait()  # type: ignore[return-value]

    async def send(self, message: Message) -> None:
        self.got.append(message)

    @property
    def status(self) -> int | None:
        return self.got[0]["status"] if self.got else None


def request(
    path: str = PATH, method: str = "POST", length: object = 3, *more: tuple[bytes, bytes]
) -> Message:
    headers = [(b"content-length", str(length).encode()), *more]
    return {
        **{"type": "http", "http_version": "1.1", "method": method, "path": path},
        **{"query_string": b"", "headers": headers},
    }


async def ask(app: Any, scope: Message, *sends: Message) -> Client:
    client = Client(*sends)
    async with asyncio.timeout(LONG):
        await app(scope, client.receive, client.send)
    return client


@pytest.fixture
def behind() -> Behind:
    return Behind()


def test_rest_begins_after_the_response_once_no_other_request_is_answered(behind: Behind) -> None:
    rests = list[int]()

    async def knock() -> None:
        app = in_threads(behind, PATH, at_rest=lambda: rests.append(len(done)))
        tasks = [asyncio.create_task(ask(app, request(), COMES)) for _ in range(3)]
        done = list[Client]()
        behind.go.set()
        for task in tasks:
            done.append(await task)
        await ask(app, request("/healthz", "GET"))
        assert len(rests) == 1, "after the last of them, and not after a probe"
        await ask(app, request(), COMES)
        assert len(rests) == 2

    run(knock())


def test_health_is_answered_while_every_listener_is_busy(behind: Behind) -> None:
    async def knock() -> None:
        app = in_threads(behind, PATH)
        busy = [asyncio.create_task(ask(app, request(), COMES)) for _ in range(THREADS + 2)]
        async with asyncio.timeout(LONG):
            while len(behind.came_in) < THREADS:
                await asyncio.sleep(0)
        for path in ("/healthz", "/readyz", "/metrics"):
            assert (await ask(app, request(path, "GET"))).status == 200
        assert not any(task.done() for task in busy)
        behind.go.set()
        assert {(await task).status for task in busy} == {200}

    run(knock())


def test_a_body_in_pieces_comes_in_whole(behind: Behind) -> None:
    behind.go.set()
    client = run(ask(in_threads(behind, PATH), request(length=4), BEGINS, COMES))
    assert client.got[0]["headers"] == [(b"x-path", PATH.encode())]
    assert client.got[1]["body"] == b"aa=1"


def test_a_body_that_does_not_come_is_not_waited_for(behind: Behind) -> None:
    before = REQUESTS.labels("other", "malformed")._value.get()
    client = run(ask(in_threads(behind, PATH, body_seconds=0.01), request(), BEGINS))
    assert client.status == 408
    assert (b"connection", b"close") in client.got[0]["headers"]
    assert behind.came_in == []
    assert REQUESTS.labels("other", "malformed")._value.get() == before + 1


def test_a_client_that_disconnects_gets_no_response(behind: Behind) -> None:
    client = run(ask(in_threads(behind, PATH), request(), BEGINS, GONE))
    assert (client.got, behind.came_in) == ([], [])


def test_no_more_is_read_than_the_content_length(behind: Behind) -> None:
    behind.go.set()
    client = run(ask(in_threads(behind, PATH), request(length=1), BEGINS, BEGINS, BEGINS))
    assert client.got[1]["body"] == b"aa"  # which the check of the body then refuses


@pytest.mark.parametrize(
    "scope", [request("/"), request(method="GET"), request(length=""), request(length=BODY_MAX + 1)]
)
def test_what_its_head_refuses_is_not_read(behind: Behind, scope: Message) -> None:
    behind.go.set()
    run(ask(in_threads(behind, PATH), scope))
    assert behind.came_in[0]["wsgi.input"].read() == b""


def test_a_header_that_would_pass_for_another_is_left_out(behind: Behind) -> None:
    behind.go.set()
    more = (
        (b"x-slack-signature", b"v0=a"),
        (b"x_slack_signature", b"v0=b"),
        (b"accept", b"a"),
        (b"accept", b"b"),
    )
    run(ask(in_threads(behind, PATH), request(PATH, "POST", 3, *more), COMES))
    [environ] = behind.came_in
    assert environ["HTTP_X_SLACK_SIGNATURE"] == "v0=a"
    assert environ["HTTP_ACCEPT"] == "a,b"
