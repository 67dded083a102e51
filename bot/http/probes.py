"""Health checks and metrics: `/healthz`, `/readyz`, `/metrics`, on PORT over HTTP or on METRICS_PORT."""

import json
import socket
import threading
from collections.abc import Iterable
from contextlib import suppress
from ipaddress import ip_address
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from sqlalchemy.exc import SQLAlchemyError

from bot.bootstrap import Desk
from bot.http.wsgi import Environ, StartResponse, Wsgi
from bot.observability.health import warnings
from bot.observability.metrics import exposition
from bot.running.listening import require_free
from bot.slack.slack_time import SLACK_TIME

ALIVE, READY, METRICS = "/healthz", "/readyz", "/metrics"
PROBES = frozenset({ALIVE, READY, METRICS})
JSON = "application/json"


def with_probes(desk: Desk, fallback: Wsgi) -> Wsgi:
    """A WSGI application that answers the probes, and leaves every other path to `fallback`."""

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == ALIVE:
            return respond(start_response, "200 OK", JSON, json.dumps({"ok": True}).encode())
        if path == READY:
            return respond(start_response, *_readiness(desk))
        if path == METRICS:
            metrics = exposition(desk.sessions, now=desk.clock(), is_connected=desk.readiness.is_connected)
            return respond(start_response, "200 OK", CONTENT_TYPE_PLAIN_0_0_4, metrics)
        return fallback(environ, start_response)

    return answer


def _readiness(desk: Desk) -> tuple[str, str, bytes]:
    """503 with the reasons while this process cannot keep what people send. All else that needs somebody is a
    warning: a message that was refused must not stop each replica from being used."""
    reasons = list(desk.readiness.check().values())
    found = [] if reasons else _warnings(desk)
    status = "503 Service Unavailable" if reasons else "200 OK"
    return status, JSON, json.dumps({"ok": not reasons, "reasons": reasons, "warnings": found}).encode()


def _warnings(desk: Desk) -> list[str]:
    found = [clock] if (clock := SLACK_TIME.problem()) else []
    with suppress(SQLAlchemyError):  # it was there a moment ago; the next check says so
        found = warnings(desk.sessions, now=desk.clock()) + found
    return found


def respond(start_response: StartResponse, status: str, content_type: str, body: bytes) -> Iterable[bytes]:
    """Answer a request."""
    start_response(status, [("Content-Type", content_type), ("Content-Length", str(len(body)))])
    return [body]


class ProbeServer:
    """An HTTP server with the probes only, for a process that serves no other HTTP; it runs within the block.

    Raises `SettingsError` when the port cannot be listened on.
    """

    def __init__(self, desk: Desk, port: int) -> None:
        host = desk.settings.host
        require_free(host, port, "METRICS_PORT")
        server = _Server6 if ip_address(host).version == 6 else _Server
        self._server = make_server(host, port, with_probes(desk, _not_found), server, _Handler)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, name="probes", daemon=True)

    def __enter__(self) -> "ProbeServer":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _not_found(_environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    return respond(start_response, "404 Not Found", "text/plain", b"not found\n")


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Server6(_Server):
    address_family = socket.AF_INET6


class _Handler(WSGIRequestHandler):
    timeout = 5  # seconds without a request on an open connection

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: probes come every few seconds."""
