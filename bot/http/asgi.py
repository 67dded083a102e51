"""The outer half of the HTTP door: an ASGI application that waits for people's bytes without a thread.

A request takes one of the listeners' threads once it is whole. Health checks have threads of their own, and
`/healthz` none. Source: asgi.readthedocs.io, "HTTP & WebSocket ASGI Message Format".
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


class Answer:
    """What a WSGI application says to a request: status, headers, body."""

    def __init__(self, wsgi: Wsgi, environ: Environ) -> None:
        self.status, self.headers = "500 Internal Server Error", Headers()
        self.body = b"".join(wsgi(environ, self._start))

    def _start(self, status: str, headers: Headers) -> None:
        self.status, self.headers = status, headers


def in_threads(wsgi: Wsgi, path: str, *, body_seconds: float = BODY_SECONDS) -> Asgi:
    """`wsgi` as an ASGI application. `path`: where Slack sends to; `body_seconds`: what a body may take."""
    listeners = ThreadPoolExecutor(THREADS, "slack")
    probes = ThreadPoolExecutor(PROBE_THREADS, "probes")

    async def answer(scope: Message, receive: Receive, send: Send) -> None:
        environ = _environ(scope)
        if environ["PATH_INFO"] in PROBES - {ALIVE}:
            await _say(send, await _run(probes, wsgi, environ))
        elif environ["PATH_INFO"] == ALIVE or head_refusal(environ, path):
            await _say(send, Answer(wsgi, environ))  # it waits for nothing
        elif (body := await _read(receive, send, int(environ["CONTENT_LENGTH"]), body_seconds)) is not None:
            await _say(send, await _run(listeners, wsgi, environ | {"wsgi.input": BytesIO(body)}))

    return answer


async def _read(receive: Receive, send: Send, length: int, seconds: float) -> bytes | None:
    """The body, no further than beyond `length`; `None` when it does not come, and that is said already."""
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


async def _run(pool: Executor, wsgi: Wsgi, environ: Environ) -> Answer:
    """The answer, from a thread of this pool; what it sets as context stays with this request."""
    return await asyncio.get_running_loop().run_in_executor(pool, copy_context().run, Answer, wsgi, environ)


async def _say(send: Send, answer: Answer) -> None:
    await _send(send, int(answer.status.partition(" ")[0]), answer.headers, answer.body)


async def _send(send: Send, status: int, headers: Headers, body: bytes) -> None:
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})


def _environ(scope: Message) -> Environ:
    """A request as PEP 3333 has it. A header with an underscore would pass for another, and is left out."""
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
            said = value.decode("latin-1")
            environ[key] = f"{environ[key]},{said}" if key in environ else said
    return environ
