"""The envelopes of Socket Mode that wait for an acknowledgement."""

import asyncio
import json
import time
import uuid
from collections.abc import Awaitable, Callable

from starlette.websockets import WebSocketDisconnect

from playground.delivery.transport import ACK_SECONDS, Kind, Reply, Retry
from playground.json_text import dumps
from playground.state.workspace import Json

LOST = Reply("connection_failed", "the connection closed before the acknowledgement")


class Envelopes:
    """The envelopes of all connections: an acknowledgement may come on any of them.

    slack_sdk sends it on the newest connection; that Slack accepts this is an assumption.
    """

    def __init__(self, broken: Callable[[str, str, str], None], ack_seconds: float = ACK_SECONDS) -> None:
        """`broken` is called with rule, place and detail of each violation."""
        self.ack_seconds = ack_seconds
        self._pending: dict[str, asyncio.Future[Reply]] = {}  # by envelope_id, as the two below
        self._overdue: dict[str, tuple[str, float]] = {}  # its type, and when it was sent
        self._ignored: set[str] = set()  # those whose acknowledgement is no violation
        self._broken = broken

    async def send(
        self, send_text: Callable[[str], Awaitable[None]], kind: Kind, payload: Json, retry: Retry
    ) -> Reply:
        """Send one payload and wait for its acknowledgement."""
        envelope_id = str(uuid.uuid4())
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._pending[envelope_id] = answer
        sent = time.monotonic()
        try:
            await send_text(_envelope(envelope_id, kind, payload, retry))
            await asyncio.wait([answer], timeout=self.ack_seconds)
        except asyncio.CancelledError:
            self._ignored.add(envelope_id)
            raise
        except (RuntimeError, WebSocketDisconnect):
            _fail(answer)
        finally:
            del self._pending[envelope_id]
        if answer.done():
            if answer.result() is LOST:  # it may still come, on the app's next connection
                self._ignored.add(envelope_id)
            return answer.result()
        self._overdue[envelope_id] = (str(payload.get("type", kind)), sent)
        return Reply("timeout", f"no acknowledgement within {self.ack_seconds:g} s")

    def receive(self, text: str) -> None:
        """Read one frame from the app: an acknowledgement, or a violation."""
        try:
            frame = json.loads(text)
            envelope_id = frame["envelope_id"]
        except (ValueError, TypeError, KeyError):
            self._broken("bad_ack", "socket_mode", f"not an acknowledgement: {text[:200]}")
            return
        answer = self._pending.get(envelope_id)
        if answer is not None and not answer.done():
            answer.set_result(Reply(body=frame.get("payload") or None))
        elif envelope_id in self._ignored:
            self._ignored.remove(envelope_id)
        elif envelope_id in self._overdue:
            where, sent = self._overdue.pop(envelope_id)
            self._broken("late_ack", where, f"acknowledged after {time.monotonic() - sent:.1f} s")
        else:
            self._broken("bad_ack", "socket_mode", f"acknowledges no open envelope: {text[:200]}")

    def fail_pending(self) -> None:
        """Fail every pending envelope: no connection is left."""
        for answer in self._pending.values():
            _fail(answer)

    def clear(self) -> None:
        """Ignore late acknowledgements: the workspace was reset."""
        self._ignored.update(self._overdue)
        self._overdue.clear()


def _fail(answer: asyncio.Future[Reply]) -> None:
    if not answer.done():
        answer.set_result(LOST)


def _envelope(envelope_id: str, kind: Kind, payload: Json, retry: Retry) -> str:
    envelope: Json = {
        "envelope_id": envelope_id,
        "type": kind,
        "payload": payload,
        "accepts_response_payload": kind != "events_api",
    }
    if kind == "events_api":
        envelope |= {"retry_attempt": retry.number, "retry_reason": retry.reason}
    return dumps(envelope)
