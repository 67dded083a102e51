"""For whoever watches a process: `/healthz`, `/readyz`, `/metrics`, on the HTTP door or on METRICS_PORT."""

import json
import threading
from collections.abc import Iterable
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from sqlalchemy.exc import SQLAlchemyError

from bot.bootstrap import Desk
from bot.http.wsgi import Environ, StartResponse, Wsgi
from bot.observability.health import stopped
from bot.observability.metrics import exposition
from bot.settings import SettingsError

ALIVE, READY, METRICS = "/healthz", "/readyz", "/metrics"
PROBES = frozenset({ALIVE, READY, METRICS})
JSON = "application/json"


def with_probes(desk: Desk, otherwise: Wsgi) -> Wsgi:
    """A WSGI application that answers whoever watches, and leaves the rest to another."""

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == ALIVE:
            return _say(start_response, "200 OK", JSON, json.dumps({"ok": True}).encode())
        if path == READY:
            return _say(start_response, *_readiness(desk))
        if path == METRICS:
            figures = exposition(desk.sessions, now=desk.clock())
            return _say(start_response, "200 OK", CONTENT_TYPE_PLAIN_0_0_4, figures)
        return otherwise(environ, start_response)

    return answer


def _readiness(desk: Desk) -> tuple[str, str, bytes]:
    try:
        reasons = stopped(desk.sessions, now=desk.clock())
    except SQLAlchemyError as error:
        reasons = [f"the database does not answer: {type(error).__name__}"]
    status = "503 Service Unavailable" if reasons else "200 OK"
    return status, JSON, json.dumps({"ok": not reasons, "reasons": reasons}).encode()


def _say(start_response: StartResponse, status: str, content_type: str, body: bytes) -> Iterable[bytes]:
    start_response(status, [("Content-Type", content_type), ("Content-Length", str(len(body)))])
    return [body]


class ProbeServer:
    """A small HTTP server for a process that has no door of its own, while the block runs.

    Raises `SettingsError` when nobody can listen there.
    """

    def __init__(self, desk: Desk, port: int) -> None:
        try:
            self._server = make_server(desk.settings.host, port, with_probes(desk, _nothing), _Server, _Quiet)
        except OSError as error:
            raise SettingsError(f"METRICS_PORT: {port}: {error.strerror}") from None
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, name="watched", daemon=True)

    def __enter__(self) -> "ProbeServer":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _nothing(_environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    return _say(start_response, "404 Not Found", "text/plain", b"not found\n")


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    timeout = 5  # seconds; somebody who connects and says nothing

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: whoever watches asks all the time."""
