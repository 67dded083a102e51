"""The server: the Starlette application in uvicorn."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Sequence
from urllib.parse import quote

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Mount, Route

from playground import control, file_server, page, web_api
from playground.delivery import Delivery, socket_mode
from playground.delivery.quickack_socket import QuickAckWebSocket
from playground.delivery.transport import ACK_SECONDS
from playground.fault_injection import AbortableHttp
from playground.faults import Faults
from playground.mailbox import Mailbox, Submission
from playground.manifest import Manifest
from playground.origin_check import OriginCheck
from playground.state import fixture, response_urls
from playground.state.passing_time import PassingTime
from playground.state.rate_limits import RateLimits
from playground.state.slack import Slack
from playground.state.workspace import Json, Workspace

# Where links and the bot reach a server that listens on all addresses, as one in a container does.
_REACHED_BY = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}


def make_slack(
    base_url: str,
    manifest: Manifest | None = None,
    workspace: Json | None = None,
    *,
    request_url: str | None = None,
    rate_limits: bool = True,
    ack_seconds: float = ACK_SECONDS,
) -> Slack:
    """A Slack with its workspace; payloads are sent to `request_url`, or over Socket Mode if it is None."""
    manifest = manifest or Manifest()
    description = workspace or fixture.FIXED
    state = Workspace()
    fixture.fill(state, description, manifest.bot_name)
    faults = Faults()
    delivery = Delivery(state, manifest, faults, request_url, ack_seconds=ack_seconds)
    return Slack(
        workspace=state,
        manifest=manifest,
        mailbox=Mailbox(faults, state.clock.now, state.changed),
        faults=faults,
        limits=RateLimits(state.clock, enabled=rate_limits),
        delivery=delivery,
        passing=PassingTime(state, delivery.queue.caught_up),
        base_url=base_url,
        description=description,
    )


def create_app(slack: Slack, hosts: Sequence[str] = ()) -> Starlette:
    """All of Slack's HTTP endpoints."""
    app = Starlette(
        routes=[
            Mount("/api", routes=web_api.routes),
            Mount("/files", routes=file_server.routes),
            Mount("/socket", routes=socket_mode.routes),
            Mount("/hooks", routes=response_urls.routes),
            Mount("/_control", routes=control.routes),
            Route("/app_redirect", _open_app),
            Route("/archives/{channel}/{message}", _open_message),
            Mount("/", routes=page.routes),
        ],
        middleware=[Middleware(OriginCheck, hosts=hosts)],
    )
    app.state.slack = slack
    return app


def _open_app(_request: Request) -> RedirectResponse:
    """Deep links to the app lead to its Home (docs.slack.dev, "Deep linking")."""
    return RedirectResponse("/?app=home")


def _open_message(request: Request) -> RedirectResponse:
    """Permalinks of messages lead to their channel (docs.slack.dev, "chat.getPermalink")."""
    return RedirectResponse(f"/?channel={quote(request.path_params['channel'])}")


class Server:
    """One Slack, listening on `host`; port 0 is a free one."""

    def __init__(
        self,
        manifest: Manifest | None = None,
        workspace: Json | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        smtp_port: int = 0,
        submission: Submission | None = None,
        request_url: str | None = None,
        rate_limits: bool = True,
        hosts: Sequence[str] = (),
        ack_seconds: float = ACK_SECONDS,
    ) -> None:
        """`hosts`: names of this machine besides its addresses and `localhost`."""
        self._hosts = (host, *hosts)
        self._submission = submission
        self._host = host
        self._socket = socket.create_server((host, port))
        self._smtp_socket = socket.create_server((host, smtp_port))
        # Accepted sockets inherit it; asyncio sets it only for sockets with an explicit protocol number.
        for listener in (self._socket, self._smtp_socket):
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reached_by = _REACHED_BY.get(host, host)
        self.base_url = f"http://{reached_by}:{self._socket.getsockname()[1]}"
        self.smtp_url = f"smtp://{reached_by}:{self._smtp_socket.getsockname()[1]}"
        self.slack = make_slack(
            self.base_url,
            manifest,
            workspace,
            request_url=request_url,
            rate_limits=rate_limits,
            ack_seconds=ack_seconds,
        )
        self._uvicorn: _Uvicorn | None = None

    async def serve(self, ready: Callable[[], None] = lambda: None) -> None:
        """Serve until `stop`, or a signal to the main thread; calls `ready` once it accepts connections."""
        self._uvicorn = _Uvicorn(create_app(self.slack, self._hosts), ready)
        await self.slack.mailbox.start(self._smtp_socket, self._submission)
        try:
            await self._uvicorn.serve(sockets=[self._socket])
        finally:
            self.slack.mailbox.stop()

    def stop(self) -> None:
        """End `serve`, from any thread."""
        if self._uvicorn is not None:
            self._uvicorn.should_exit = True


class _Uvicorn(uvicorn.Server):
    """uvicorn that reports when it is ready, and stops without waiting for open connections."""

    def __init__(self, app: Starlette, ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=AbortableHttp,
                ws=QuickAckWebSocket,
                lifespan="off",
                log_config=None,
                access_log=False,
                log_level="warning",
                timeout_graceful_shutdown=0,
                timeout_keep_alive=3600,  # tests may pause between two calls
            )
        )
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Event streams and unanswered requests are cancelled here, which uvicorn logs as errors.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)
