"""The HTTP server on a real port: clients that hold connections open do not block others."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest

from bot.http.server import PATH
from tests.http.echo_server import SECRET
from tests.http.test_verification import COMMAND, signed
from tests.support.processes import ROOT, STARTING, STOPPING, answers, free_port, wait_until

MANY = 64
HEAD = f"POST {PATH} HTTP/1.1\r\nHost: guichet\r\nContent-Length: 100\r\n".encode()
IDLE = {"no byte": b"", "half a head": HEAD, "half a body": HEAD + b"\r\n" + b"payload="}


class Server:
    """A server in a process of its own."""

    def __init__(self) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "tests.http.echo_server", str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT, env=os.environ, stderr=subprocess.DEVNULL)
        wait_until(lambda: answers(self.port), STARTING, "the server does not start")

    def connect(self, sent: bytes) -> socket.socket:
        """A connection over which this was sent, and nothing more."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=STARTING)
        connection.sendall(sent)
        return connection

    def ask(self, text: str) -> tuple[int, bytes]:
        """The answer to a request that Slack signed just now."""
        body = COMMAND + b"&" + urlencode({"text": text}).encode()
        head = {name.removeprefix("HTTP_").replace("_", "-"): value for name, value in _signed(body).items()}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=STARTING)
        connection.request("POST", PATH, body, head)
        answer = connection.getresponse()
        result = answer.status, answer.read()
        connection.close()
        return result


def _signed(body: bytes) -> dict[str, str]:
    return signed(body, time.time(), SECRET)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    started = Server()
    yield started
    started.process.terminate()
    started.process.wait(STOPPING)


@pytest.mark.parametrize("kind", IDLE)
def test_idle_connections_block_nobody(server: Server, kind: str) -> None:
    with ExitStack() as stack:
        for _ in range(MANY):
            stack.enter_context(server.connect(IDLE[kind]))
        assert server.ask("après") == (200, "après".encode())
        assert answers(server.port)


@pytest.mark.parametrize("kind", IDLE)
def test_an_incomplete_request_is_cut_off(server: Server, kind: str) -> None:
    with server.connect(IDLE[kind]) as connection:
        answer = b"".join(iter(lambda: connection.recv(1000), b""))
    assert answer.partition(b"\r\n")[0] == (b"HTTP/1.1 408 Request Timeout" if kind == "half a body" else b"")


def test_it_stops_while_connections_are_held_open() -> None:
    server = Server()
    with ExitStack() as stack:
        for sent in IDLE.values():
            stack.enter_context(server.connect(sent))
        assert server.ask("avant")[0] == 200
        server.process.terminate()
        assert server.process.wait(STOPPING) == 0
