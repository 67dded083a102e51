"""The playground inside a test: a server in a thread, and a client for its control API."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urlencode, urlsplit

from playground.manifest import Manifest, parse_manifest
from playground.server import Server
from playground.state.slack import Slack
from playground.state.workspace import Json

T = TypeVar("T")


class Control:
    """The control API, as in `playground.control.post("click", user="camille", text="Envoyer")`."""

    def __init__(self, base_url: str) -> None:
        self._netloc = urlsplit(base_url).netloc
        self._thread_local = threading.local()
        self._connections: list[http.client.HTTPConnection] = []

    def post(self, path: str, **body: Any) -> Any:
        """The answer to a POST, refusals included."""
        return self._ask("POST", path, json.dumps(body))

    def get(self, path: str, **query: Any) -> Any:
        """The answer to a GET."""
        return self._ask("GET", f"{path}?{urlencode(query)}", None)

    def close(self) -> None:
        """Close every thread's connection."""
        for connection in self._connections:
            connection.close()

    def _ask(self, verb: str, path: str, body: str | None) -> Any:
        connection = self._connection()
        headers = {"Content-Type": "application/json"} if body else {}
        try:
            connection.request(verb, f"/_control/{path}", body, headers)
            response = connection.getresponse()
            content = response.read()
        except BaseException:
            connection.close()
            raise
        if response.status not in (200, 400):
            raise RuntimeError(f"{verb} /_control/{path}: HTTP {response.status} {content[:500]!r}")
        return json.loads(content)

    def _connection(self) -> http.client.HTTPConnection:
        """This thread's connection; http.client opens it again when the server has closed it."""
        if not hasattr(self._thread_local, "connection"):
            self._thread_local.connection = http.client.HTTPConnection(self._netloc)
            self._connections.append(self._thread_local.connection)
        connection: http.client.HTTPConnection = self._thread_local.connection
        return connection


class Playground:
    """A Slack that runs for the length of a `with` block.

    `manifest` is as read from its file; without one, the app may do everything. `workspace`: see `fixture`.
    """

    def __init__(
        self, manifest: Json | Manifest | None = None, workspace: Json | None = None, **options: Any
    ) -> None:
        """`options` are those of `Server`: host, port, smtp_port, request_url, rate_limits, ack_seconds."""
        if isinstance(manifest, dict):
            manifest = parse_manifest(manifest)
        self._server = Server(manifest, workspace, **options)
        self.base_url = self._server.base_url
        self.api_url = f"{self.base_url}/api/"
        self.smtp_url = self._server.smtp_url
        self.slack: Slack = self._server.slack  # read only; change it through `run`
        self.clock = self.slack.workspace.clock  # for an app that runs on Slack's time
        self.control = Control(self.base_url)
        self._thread = threading.Thread(target=self._serve, name="playground", daemon=True)
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.control.close()
        self._server.stop()
        self._thread.join()

    def run(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Call a function in the server's thread, the only one that may change its state."""

        async def call() -> T:
            return function(*args, **kwargs)

        return asyncio.run_coroutine_threadsafe(call(), self._loop).result()

    def reset(self) -> None:
        """Restore the initial workspace."""
        self.run(self.slack.reset)

    def _serve(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._server.serve(self._ready.set))
