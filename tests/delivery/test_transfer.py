"""The bytes of files: in pieces, each of which renews the lease of the attempt, and in limited time."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from bot.delivery.errors import LeaseLost, Retryable
from bot.delivery.senders.transfer import PIECE, Transfer

CONTENT = bytes(range(256)) * 1024


class FileServer(ThreadingHTTPServer):
    """Gives `CONTENT`, and notes what is sent to it."""

    def __init__(self) -> None:
        self.uploads: list[tuple[dict[str, str], bytes]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(CONTENT)))
                self.end_headers()
                self.wfile.write(CONTENT)

            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                if len(content) == int(self.headers["Content-Length"]):
                    server.uploads.append((dict(self.headers), content))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        super().__init__(("127.0.0.1", 0), Handler)
        Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


@pytest.fixture(scope="module")
def any_server() -> Iterator[FileServer]:
    with FileServer() as server:
        yield server
        server.shutdown()


@pytest.fixture
def server(any_server: FileServer) -> FileServer:
    any_server.uploads.clear()
    return any_server


def taken_over() -> None:
    """What renewing the lease says when a later attempt has it."""
    raise LeaseLost


def test_an_upload_tells_its_length_and_renews_the_lease_at_each_piece(server: FileServer) -> None:
    pieces: list[None] = []
    Transfer("xoxb-secret", server.address).upload(server.address, CONTENT, lambda: pieces.append(None))
    [(headers, content)] = server.uploads
    assert content == CONTENT
    assert "Transfer-Encoding" not in headers
    assert "Authorization" not in headers
    assert len(pieces) == len(CONTENT) // PIECE


def test_a_download_renews_the_lease_before_it_and_at_each_piece(server: FileServer) -> None:
    pieces: list[None] = []
    got = Transfer("xoxb-secret", server.address).download(server.address, lambda: pieces.append(None))
    assert got.content == CONTENT
    assert len(pieces) >= 2


def test_a_transfer_ends_once_its_delivery_is_anothers(server: FileServer) -> None:
    transfer = Transfer("xoxb-secret", server.address)
    with pytest.raises(LeaseLost):
        transfer.upload(server.address, CONTENT, taken_over)
    with pytest.raises(LeaseLost):
        transfer.download(server.address, taken_over)
    assert server.uploads == []


def test_a_transfer_as_a_whole_has_a_limit(server: FileServer) -> None:
    transfer = Transfer("xoxb-secret", server.address, timeout=-1)
    with pytest.raises(Retryable, match="upload: too slow"):
        transfer.upload(server.address, CONTENT)
    with pytest.raises(Retryable, match="download: too slow"):
        transfer.download(server.address)
