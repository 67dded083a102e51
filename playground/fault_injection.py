"""How a request goes wrong on purpose: an error status, no answer at all, or a cut line."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from uvicorn.protocols.http.h11_impl import H11Protocol

from playground.faults import Fault

CUT = "playground.cut"  # the ASGI extension that cuts a connection
_RESET_AT_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER with no time to linger


class CuttableHttp(H11Protocol):
    """uvicorn's HTTP/1.1, in which a request may find the scissors for its own connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        app: Callable[..., Awaitable[None]] = self.app

        async def with_scissors(scope: Any, receive: Any, send: Any) -> None:
            scope.setdefault("extensions", {})[CUT] = lambda: _cut(transport)
            await app(scope, receive, send)

        self.app = with_scissors


async def break_off(request: Request, fault: Fault) -> Response:
    """The answer, if any, of a request that this fault befalls."""
    if fault.status == 429:
        body = {"ok": False, "error": "ratelimited"}
        return JSONResponse(body, 429, {"Retry-After": str(fault.retry_after)})
    if fault.status == 500:
        return PlainTextResponse("Internal Server Error", 500)
    if fault.status == "reset":
        request.scope["extensions"][CUT]()
    while (await request.receive())["type"] != "http.disconnect":
        pass
    return Response()


def _cut(transport: asyncio.Transport) -> None:
    """Close at once, so that the other side reads "connection reset by peer"."""
    line = transport.get_extra_info("socket")
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
    transport.abort()
