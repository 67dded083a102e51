"""An ASGI application around the WSGI one: it reads each request in the event loop, without a thread.

A request gets one of the listeners' threads once it is complete. Probes have threads of their own, and
`/healthz` needs none. Source: asgi.readthedocs.io, "HTTP & WebSocket ASGI Message Format".
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextvars import copy_context
from io import BytesIO
from typing import Any

from bot.http.probes import ALIVE, PROBES
from bot.http.verification import head_refusal
from bot.http.wsgi import Environ, Wsgi
from bot.observability.slack_requests import record_refusal

BODY_SECONDS = 5.0  # from the end of a request's head to the end of its body
THREADS = 8  # for Slack's requests
PROBE_THREADS = 2
TOO_SLOW = "408 Request Timeout"

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Awaitable[None]]
Headers = list[tuple[str, str]]


class Response:
    """A WSGI application's response to a request: status, headers, body."""

    def __init__(self, wsgi: Wsgi, environ: Environ) -> None:
        self.status, self.headers = "500 Internal Server Error", Headers()
        self.body = b"".join(wsgi(environ, self._start))

    def _start(self, status: str, headers: Headers) -> None:
        self.status, self.headers = status, headers


def in_threads(
    wsgi: Wsgi, path: str, *, body_seconds: float = BODY_SECONDS, at_rest: Callable[[], object] | None = None
) -> Asgi:
    """`wsgi` as an ASGI application.

    `path`: where Slack sends its requests; `body_seconds`: how long a body may take; `at_rest`: called after
    a response to Slack when no other request is being answered.
    """
    answering = 0
    listeners = ThreadPoolExecutor(THREADS, "slack")
    probes = ThreadPoolExecutor(PROBE_THREADS, "probes")

    async def listen(environ: Environ, send: Send) -> None:
        nonlocal answering
        answering += 1
        try:
            await _respond(send, await _run(listeners, wsgi, environ))
        finally:
            answering -= 1
        if at_rest and not answering:
            at_rest()

    async def answer(scope: Message, receive: Receive, send: Send) -> None:
        environ = _environ(scope)
        if environ["PATH_INFO"] in PROBES - {ALIVE}:
            await _respond(send, await _run(probes, wsgi, environ))
        elif environ["PATH_INFO"] == ALIVE or head_refusal(environ, path):
            await _respond(send, Response(wsgi, environ))  # answered without waiting for anything
        elif (body := await _read(receive, send, int(environ["CONTENT_LENGTH"]), body_seconds)) is not None:
            await listen(environ | {"wsgi.input": BytesIO(body)}, send)

    return answer


async def _read(receive: Receive, send: Send, length: int, seconds: float) -> bytes | None:
    """The body, read at most one chunk beyond `length`; `None` when the client hung up, or did not send it in
    time and was answered 408."""
    body, more = bytearray(), True
    try:
        async with asyncio.timeout(seconds):
            while more and len(body) <= length:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                body += message.get("body", b"")
                more = message.get("more_body", False)
    except TimeoutError:
        record_refusal(TOO_SLOW)
        await _send(send, 408, [("Connection", "close"), ("Content-Length", "0")], b"")
        return None
    return bytes(body)


async def _run(pool: Executor, wsgi: Wsgi, environ: Environ) -> Response:
    """The response, from a thread of this pool. Context variables that it sets stay with this request."""
    return await asyncio.get_running_loop().run_in_executor(pool, copy_context().run, Response, wsgi, environ)


async def _respond(send: Send, response: Response) -> None:
    await _send(send, int(response.status.partition(" ")[0]), response.headers, response.body)


async def _send(send: Send, status: int, headers: Headers, body: bytes) -> None:
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})


def _environ(scope: Message) -> Environ:
    """A request as a WSGI environ (PEP 3333). Headers with an underscore are left out: WSGI cannot tell
    them from those with a hyphen."""
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": scope["path"],
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "wsgi.input": BytesIO(),
    }
    for raw, value in scope["headers"]:
        name = raw.decode("latin-1").upper()
        if "_" not in name:
            name = name.replace("-", "_")
            key = name if name in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{name}"
            text = value.decode("latin-1")
            environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ
