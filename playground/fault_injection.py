"""How a request goes wrong on purpose: an error status, half an answer, none at all, a cut line, slowness."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from playground.faults import Fault

CUT = "playground.cut"  # the ASGI extension that cuts a connection
_RESET_AT_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER with no time to linger
_PROXY_PAGE = (
    "<!DOCTYPE html><html><head><title>503</title></head><body><h1>Service Unavailable</h1></body></html>"
)


class CuttableHttp(H11Protocol):
    """uvicorn's HTTP/1.1, in which a request may find the scissors for its own connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        app: Callable[..., Awaitable[None]] = self.app

        async def abortable(scope: Any, receive: Any, send: Any) -> None:
            scope.setdefault("extensions", {})[CUT] = lambda reset: _cut(transport, reset)
            await app(scope, receive, send)

        self.app = abortable


class HalfResponse(Response):
    """An answer whose second half never comes, though its length was promised."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        scope["extensions"][CUT](False)
        while (await receive())["type"] != "http.disconnect":
            pass


async def break_off(request: Request, fault: Fault, whole: bytes = b'{"ok": true}') -> Response:
    """The answer, if any, of a request that this fault befalls; `whole` is what it would have been."""
    if fault.location:
        return RedirectResponse(fault.location, 302)
    match fault.status:
        case 429:
            body = {"ok": False, "error": "ratelimited"}
            return JSONResponse(body, 429, {"Retry-After": str(fault.retry_after)})
        case int(status):
            return PlainTextResponse(
                "Internal Server Error" if status == 500 else "Service Unavailable", status
            )
        case "truncated":
            return HalfResponse(whole, media_type="application/json")
        case "empty":
            return Response(b"", media_type="application/json")
        case "html":
            return HTMLResponse(_PROXY_PAGE)
        case "reset":
            request.scope["extensions"][CUT](True)
    while (await request.receive())["type"] != "http.disconnect":
        pass
    return Response()


def _cut(transport: asyncio.Transport, reset: bool) -> None:
    """Close at once: with `reset`, the other side reads "connection reset by peer", else the end."""
    if not reset:
        transport.close()
        return
    line = transport.get_extra_info("socket")
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
    transport.abort()
