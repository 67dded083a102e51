"""Web sockets that send TCP acknowledgements at once (TCP_QUICKACK).

slack_sdk leaves Nagle's algorithm on: it holds back the second of two small frames until the first
has been acknowledged, which Linux delays by 40 ms when it has nothing to send. Each click whose answer causes
an event would take that long.
"""

import asyncio
import socket

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

_QUICKACK: int | None = getattr(socket, "TCP_QUICKACK", None)  # Linux only


class QuickAckWebSocket(WebSocketsSansIOProtocol):
    """uvicorn's web socket with TCP_QUICKACK, which the kernel resets: it is set after each read."""

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        transport: asyncio.Transport = self.transport
        line: socket.socket | None = transport.get_extra_info("socket")
        if _QUICKACK is not None and line is not None and not transport.is_closing():
            line.setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)
