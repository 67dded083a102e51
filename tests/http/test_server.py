"""The HTTP door at a real port: whoever holds its connections harms nobody."""

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
from tests.http.small_door import SECRET
from tests.http.test_verification import COMMAND, signed
from tests.support.processes import ROOT, STARTING, STOPPING, answers, free_port, wait_until

MANY = 64
HEAD = f"POST {PATH} HTTP/1.1\r\nHost: guichet\r\nContent-Length: 100\r\n".encode()
IDLE = {"no byte": b"", "half a head": HEAD, "half a body": HEAD + b"\r\n" + b"payload="}


class Door:
    """A door in a process of its own."""

    def __init__(self) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "tests.http.small_door", str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT, env=os.environ, stderr=subprocess.DEVNULL)
        wait_until(lambda: answers(self.port), STARTING, "the door does not open")

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
        said = answer.status, answer.read()
        connection.close()
        return said


def _signed(body: bytes) -> dict[str, str]:
    return signed(body, time.time(), SECRET)


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    opened = Door()
    yield opened
    opened.process.terminate()
    opened.process.wait(STOPPING)


@pytest.mark.parametrize("sort", IDLE)
def test_idle_connections_are_in_nobodys_way(door: Door, sort: str) -> None:
    with ExitStack() as stack:
        for _ in range(MANY):
            stack.enter_context(door.connect(IDLE[sort]))
        assert door.ask("après") == (200, "après".encode())
        assert answers(door.port)


@pytest.mark.parametrize("sort", IDLE)
def test_the_line_of_who_says_no_more_is_cut(door: Door, sort: str) -> None:
    with door.connect(IDLE[sort]) as connection:
        answer = b"".join(iter(lambda: connection.recv(1000), b""))
    assert answer.partition(b"\r\n")[0] == (b"HTTP/1.1 408 Request Timeout" if sort == "half a body" else b"")


def test_it_ends_while_others_hold_its_connections() -> None:
    door = Door()
    with ExitStack() as stack:
        for sent in IDLE.values():
            stack.enter_context(door.connect(sent))
        assert door.ask("avant")[0] == 200
        door.process.terminate()
        assert door.process.wait(STOPPING) == 0
