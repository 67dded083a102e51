"""Socket Mode: the app opens web sockets, each payload is sent on one of them ("Using Socket Mode")."""

import asyncio
import json
import secrets
import time
from collections.abc import Callable
from contextlib import suppress

from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from playground.delivery.envelopes import Envelopes
from playground.delivery.transport import ACK_SECONDS, Kind, Reply, Retry
from playground.state.workspace import APP_ID, Json

MAX_CONNECTIONS = 10
TICKET_SECONDS = 30.0


class SocketMode:
    """The app's open connections; each payload is sent on one of them."""

    def __init__(self, broken: Callable[[str, str, str], None], ack_seconds: float = ACK_SECONDS) -> None:
        """`broken` is called with rule, place and detail of each violation."""
        self.connections: list[WebSocket] = []
        self._tickets: dict[str, float] = {}  # ticket -> when it was given, by `time.monotonic`
        self.envelopes = Envelopes(broken, ack_seconds)
        self._opened = asyncio.Event()

    @property
    def ack_seconds(self) -> float:
        """Seconds to wait for an acknowledgement."""
        return self.envelopes.ack_seconds

    @ack_seconds.setter
    def ack_seconds(self, seconds: float) -> None:
        self.envelopes.ack_seconds = seconds

    def new_ticket(self) -> str:
        """A ticket for `apps.connections.open`: good for one connection, for 30 s."""
        ticket = secrets.token_hex(16)
        self._tickets[ticket] = time.monotonic()
        return ticket

    async def send(self, kind: Kind, payload: Json, retry: Retry) -> Reply:
        """Send a payload on the next connection in turn, and wait for its acknowledgement."""
        if not self.connections:
            return Reply("connection_failed", "the app has no open connection", reached=False)
        connection = self.connections.pop(0)
        self.connections.append(connection)
        return await self.envelopes.send(connection.send_text, kind, payload, retry)

    async def serve(self, socket: WebSocket) -> None:
        """One connection, from its ticket to its end."""
        issued = self._tickets.pop(socket.query_params.get("ticket", ""), None)
        await socket.accept()
        if issued is None or time.monotonic() - issued > TICKET_SECONDS:
            await socket.close(4001, "invalid ticket")
            return
        if len(self.connections) >= MAX_CONNECTIONS:
            await _announce(socket, "too_many_websockets")
            await socket.close()
            return
        await socket.send_text(json.dumps(self._hello(socket)))
        self.connections.append(socket)
        self._opened.set()
        try:
            while True:
                self.envelopes.receive(await socket.receive_text())
        except (WebSocketDisconnect, RuntimeError, KeyError):
            pass  # closed by the app or by us, or a binary frame
        finally:
            self._leave(socket)

    async def connected(self, timeout: float, count: int = 1) -> bool:
        """Wait until the app has `count` open connections, at most `timeout` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while len(self.connections) < count:
                    self._opened.clear()
                    await self._opened.wait()
        return len(self.connections) >= count

    async def refresh(self, reason: str) -> int:
        """Ask the app to reconnect; close the old ones once it has, or in 3 s. Returns their number."""
        leaving = list(self.connections)
        for socket in leaving:
            with suppress(RuntimeError, WebSocketDisconnect):
                await _announce(socket, reason)
        with suppress(TimeoutError):
            async with asyncio.timeout(self.ack_seconds):
                while sum(socket not in leaving for socket in self.connections) < len(leaving):
                    self._opened.clear()
                    await self._opened.wait()
        await self._close(leaving)
        return len(leaving)

    async def drop(self) -> int:
        """Close every connection without notice. Returns how many there were."""
        return await self._close(list(self.connections))

    async def _close(self, sockets: list[WebSocket]) -> int:
        for socket in sockets:
            self._leave(socket)
            with suppress(RuntimeError, WebSocketDisconnect):
                await socket.close(1001)
        return len(sockets)

    def _hello(self, socket: WebSocket) -> Json:
        host = socket.url.netloc
        return {
            "type": "hello",
            "num_connections": len(self.connections) + 1,
            "connection_info": {"app_id": APP_ID},
            "debug_info": {
                "host": host,
                "started": time.strftime("%Y-%m-%d %H:%M:%S.000", time.gmtime()),
                "build_number": 54,
                "approximate_connection_time": 3600,
            },
        }

    def _leave(self, socket: WebSocket) -> None:
        """Remove a connection; with the last one, pending acknowledgements are lost."""
        if socket in self.connections:
            self.connections.remove(socket)
        if not self.connections:
            self.envelopes.fail_pending()


async def _announce(socket: WebSocket, reason: str) -> None:
    """Tell the app that this connection is about to be closed."""
    frame = {"type": "disconnect", "reason": reason, "debug_info": {"host": socket.url.netloc}}
    await socket.send_text(json.dumps(frame))


async def _endpoint(socket: WebSocket) -> None:
    transport = socket.app.state.slack.delivery.transport
    if isinstance(transport, SocketMode):
        await transport.serve(socket)
    else:
        await socket.close(4001, "this workspace delivers over HTTP")


routes: list[BaseRoute] = [WebSocketRoute("/link/", _endpoint)]
