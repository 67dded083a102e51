"""Fault injection for HTTP: an error status, half a response, no response, an aborted connection."""

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

ABORT = "playground.abort"  # the ASGI extension that aborts a connection
_RESET_AT_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER with no time to linger
_PROXY_PAGE = (
    "<!DOCTYPE html><html><head><title>503</title></head><body><h1>Service Unavailable</h1></body></html>"
)


class AbortableHttp(H11Protocol):
    """uvicorn's HTTP/1.1; a request's scope has a function that aborts its connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        app: Callable[..., Awaitable[None]] = self.app

        async def abortable(scope: Any, receive: Any, send: Any) -> None:
            scope.setdefault("extensions", {})[ABORT] = lambda reset: _abort(transport, reset)
            await app(scope, receive, send)

        self.app = abortable


class HalfResponse(Response):
    """A response whose body stops half way, short of its Content-Length."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        scope["extensions"][ABORT](False)
        while (await receive())["type"] != "http.disconnect":
            pass


async def fault_response(request: Request, fault: Fault, whole: bytes = b'{"ok": true}') -> Response:
    """The response when this fault applies to a request, if any; `whole` is the body without the fault."""
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
            request.scope["extensions"][ABORT](True)
    while (await request.receive())["type"] != "http.disconnect":
        pass
    return Response()


def _abort(transport: asyncio.Transport, reset: bool) -> None:
    """Close at once: with `reset`, the peer gets ECONNRESET, otherwise end of file."""
    if not reset:
        transport.close()
        return
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
    transport.abort()
