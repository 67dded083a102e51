"""Everything Slack sends to the app, over Socket Mode or signed HTTP."""

from typing import Literal

from playground.delivery import acknowledgement, events
from playground.delivery.acknowledgement import Acknowledgement
from playground.delivery.event_queue import EventQueue
from playground.delivery.http import SignedHttp
from playground.delivery.socket_mode import SocketMode
from playground.delivery.transport import ACK_SECONDS, Reply, Retry
from playground.faults import Faults
from playground.manifest import Manifest
from playground.state.workspace import Json, Workspace


class Delivery:
    """Sends payloads, waits for acknowledgements, records violations."""

    def __init__(
        self,
        workspace: Workspace,
        manifest: Manifest,
        faults: Faults,
        request_url: str | None = None,
        *,
        ack_seconds: float = ACK_SECONDS,
    ) -> None:
        """Deliver to `request_url`, or over Socket Mode when there is none."""
        self.workspace = workspace
        self.manifest = manifest
        self.transport = (
            SignedHttp(request_url, ack_seconds) if request_url else SocketMode(self._broken, ack_seconds)
        )
        self.faults = faults
        self.queue = EventQueue(workspace.clock, self._send_event)

    def new_ticket(self) -> str:
        """A ticket for the web socket's address, as `apps.connections.open` gives it."""
        if not isinstance(self.transport, SocketMode):
            raise RuntimeError("this workspace delivers over HTTP")
        return self.transport.new_ticket()

    async def interact(
        self, kind: Literal["slash_commands", "interactive"], payload: Json
    ) -> Acknowledgement:
        """Send what a person did and wait for the acknowledgement. Such payloads are never retried."""
        if kind == "interactive" and not self.manifest.interactivity:
            return Acknowledgement(False, error="interactivity_disabled")
        reply = await self.transport.send(kind, payload, Retry())
        where = str(payload.get("type", "slash_command"))
        if reply.failure:
            if reply.reached:
                self._broken("no_ack", where, f"{reply.failure}: {reply.detail}")
            return Acknowledgement(False, error="operation_timeout" if reply.reached else "dispatch_failed")
        if self.faults.take(f"ack {where}"):
            return Acknowledgement(False, error="operation_timeout")
        problems = list(acknowledgement.problems(self.manifest, where, reply.body))
        for problem in problems:
            self._broken("bad_ack", where, problem)
        return Acknowledgement(not problems, reply.body, "bad_ack" if problems else "")

    def emit(self, event: Json) -> bool:
        """Send an event if the app subscribed to it, with retries, without waiting for it."""
        reaches = events.reaches_app(event, self.workspace, self.manifest)
        if reaches:
            self.queue.put(events.envelope(event, self.workspace))
        return reaches

    async def drained(self) -> None:
        """Wait until the first attempt of every event sent so far is over."""
        await self.queue.drained()

    def clear(self) -> None:
        """Cancel all deliveries: the workspace was reset."""
        if isinstance(self.transport, SocketMode):
            self.transport.envelopes.clear()
        self.queue.clear()

    async def _send_event(self, body: Json, retry: Retry) -> Reply:
        if self.faults.take(f"event {body['event']['type']}") or self.faults.take("event *"):
            return Reply("http_timeout", "lost on its way, as a test asked for", reached=False)
        reply = await self.transport.send("events_api", body, retry)
        self._check_reply(body["event"], reply)
        return reply

    def _check_reply(self, event: Json, reply: Reply) -> None:
        """Record an event that was not acknowledged as a violation."""
        if reply.failure and reply.reached:
            self._broken("no_ack", event["type"], f"{reply.failure}: {reply.detail}")

    def _broken(self, rule: str, where: str, detail: str) -> None:
        self.workspace.violate(rule, where, detail)
