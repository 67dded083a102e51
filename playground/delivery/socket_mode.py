"""Socket Mode: the app opens web sockets, each payload goes down one of them ("Using Socket Mode")."""

import asyncio
import json
import secrets
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from playground.delivery.transport import ACK_SECONDS, Kind, Reply, Retry
from playground.workspace import APP_ID, Json

MAX_CONNECTIONS = 10
TICKET_SECONDS = 30.0
CONNECTION_LOST = Reply("connection_failed", "the connection closed before the acknowledgement")
LATE = Reply("timeout", f"no acknowledgement within {ACK_SECONDS:g} s")


@dataclass(eq=False)
class Connection:
    """One open web socket and the envelopes that it has not acknowledged yet."""

    socket: WebSocket
    pending: dict[str, asyncio.Future[Reply]] = field(default_factory=dict)
    overdue: dict[str, tuple[str, float]] = field(default_factory=dict)  # what it was, when it was sent
    forgotten: set[str] = field(default_factory=set)  # those whose acknowledgement matters no more


class SocketMode:
    """The app's open connections."""

    def __init__(self, broken: Callable[[str, str, str], None]) -> None:
        self.connections: list[Connection] = []
        self._tickets: dict[str, float] = {}  # ticket -> when it was given, by `time.monotonic`
        self._broken = broken  # called with (rule, where, detail) when the app breaks a rule
        self._opened = asyncio.Event()

    def new_ticket(self) -> str:
        """A ticket for `apps.connections.open`: one connection, soon."""
        ticket = secrets.token_hex(16)
        self._tickets[ticket] = time.monotonic()
        return ticket

    async def send(self, kind: Kind, payload: Json, retry: Retry) -> Reply:
        """Send one payload to one connection, each in turn, and wait for its acknowledgement."""
        if not self.connections:
            return Reply("connection_failed", "the app has no open connection", reached=False)
        connection = self.connections.pop(0)
        self.connections.append(connection)
        envelope = _envelope(kind, payload, retry)
        answer = asyncio.get_running_loop().create_future()
        connection.pending[envelope["envelope_id"]] = answer
        sent = time.monotonic()
        try:
            await connection.socket.send_text(json.dumps(envelope, ensure_ascii=False))
            await asyncio.wait([answer], timeout=ACK_SECONDS)
        except asyncio.CancelledError:
            connection.forgotten.add(envelope["envelope_id"])
            raise
        except (RuntimeError, WebSocketDisconnect):
            return CONNECTION_LOST
        finally:
            del connection.pending[envelope["envelope_id"]]
        if answer.done():
            return answer.result()
        connection.overdue[envelope["envelope_id"]] = (str(payload.get("type", kind)), sent)
        return LATE

    def forget(self) -> None:
        """Let nobody hear of what is not acknowledged yet: the workspace starts anew."""
        for connection in self.connections:
            connection.forgotten.update(connection.overdue)
            connection.overdue.clear()

    async def serve(self, socket: WebSocket) -> None:
        """One connection, from its ticket to its end."""
        born = self._tickets.pop(socket.query_params.get("ticket", ""), None)
        await socket.accept()
        if born is None or time.monotonic() - born > TICKET_SECONDS:
            await socket.close(4001, "invalid ticket")
            return
        if len(self.connections) >= MAX_CONNECTIONS:
            await _say_goodbye(socket, "too_many_websockets")
            return
        connection = Connection(socket)
        await socket.send_text(json.dumps(self._hello(socket)))
        self.connections.append(connection)
        self._opened.set()
        try:
            while True:
                self._receive(connection, await socket.receive_text())
        except (WebSocketDisconnect, RuntimeError, KeyError):
            pass  # the app went away, or we closed the socket ourselves
        finally:
            self._forget(connection)

    async def connected(self, timeout: float) -> bool:
        """Wait until the app has an open connection, at most `timeout` seconds."""
        with suppress(TimeoutError):
            while not self.connections:
                self._opened.clear()
                await asyncio.wait_for(self._opened.wait(), timeout)
        return bool(self.connections)

    async def disconnect(self, reason: str | None) -> int:
        """Ask the app to connect anew, for this reason, or cut the line without one; how many there were."""
        leaving, self.connections = self.connections, []
        for connection in leaving:
            with suppress(RuntimeError, WebSocketDisconnect):
                if reason is None:
                    await connection.socket.close(1001)
                else:
                    await _say_goodbye(connection.socket, reason)
        return len(leaving)

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

    def _receive(self, connection: Connection, text: str) -> None:
        """Take one frame from the app: an acknowledgement, or a rule broken."""
        try:
            frame = json.loads(text)
            envelope_id = frame["envelope_id"]
        except (ValueError, TypeError, KeyError):
            self._broken("bad_ack", "socket_mode", f"not an acknowledgement: {text[:200]}")
            return
        answer = connection.pending.get(envelope_id)
        if answer is not None and not answer.done():
            answer.set_result(Reply(body=frame.get("payload") or None))
        elif envelope_id in connection.forgotten:
            connection.forgotten.remove(envelope_id)
        elif envelope_id in connection.overdue:
            where, sent = connection.overdue.pop(envelope_id)
            self._broken("late_ack", where, f"acknowledged after {time.monotonic() - sent:.1f} s")
        else:
            self._broken("bad_ack", "socket_mode", f"acknowledges no open envelope: {text[:200]}")

    def _forget(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.remove(connection)
        for answer in connection.pending.values():
            if not answer.done():
                answer.set_result(CONNECTION_LOST)


def _envelope(kind: Kind, payload: Json, retry: Retry) -> Json:
    envelope: Json = {
        "envelope_id": str(uuid.uuid4()),
        "type": kind,
        "payload": payload,
        "accepts_response_payload": kind != "events_api",
    }
    if kind == "events_api":
        envelope |= {"retry_attempt": retry.number, "retry_reason": retry.reason}
    return envelope


async def _say_goodbye(socket: WebSocket, reason: str) -> None:
    await socket.send_text(
        json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": socket.url.netloc}})
    )
    await socket.close()


async def _endpoint(socket: WebSocket) -> None:
    transport = socket.app.state.slack.delivery.transport
    if isinstance(transport, SocketMode):
        await transport.serve(socket)
    else:
        await socket.close(4001, "this workspace delivers over HTTP")


routes: list[BaseRoute] = [WebSocketRoute("/link/", _endpoint)]
