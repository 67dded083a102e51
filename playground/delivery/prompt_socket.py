"""Web sockets that confirm at TCP's level what they receive, at once.

slack_sdk leaves Nagle's algorithm on: it holds the second of two acknowledgements until the first has been
confirmed, which Linux puts off for 40 ms when nothing goes the other way. A click whose answer makes an event
would take that long each time.
"""

import asyncio
import socket

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

_QUICKACK: int | None = getattr(socket, "TCP_QUICKACK", None)  # Linux only; elsewhere there is no such wait


class PromptWebSocket(WebSocketsSansIOProtocol):
    """uvicorn's web socket, confirming early. The kernel forgets the wish, so it is repeated."""

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        transport: asyncio.Transport = self.transport
        line: socket.socket | None = transport.get_extra_info("socket")
        if _QUICKACK is not None and line is not None and not transport.is_closing():
            line.setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)
