"""Answers to a call of Slack's that are not Slack's."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from bot.slack.client import UNANSWERED, worker_client

PAGE = "<html>Accès refusé, réessayez</html>"


@contextmanager
def answering(head: str, body: bytes) -> Iterator[str]:
    """The address of something that answers one request so."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def answer() -> None:
            connection, _address = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/api/"
        thread.join()


@pytest.mark.parametrize("status", ["200 OK", "502 Bad Gateway"])
@pytest.mark.parametrize("media_type", ["text/html", "text/html; charset=x-unknown"])
def test_a_proxys_page_in_letters_of_its_own_is_no_answer(status: str, media_type: str) -> None:
    with answering(f"{status}\r\nContent-Type: {media_type}", PAGE.encode("latin-1")) as address:
        client = worker_client("xoxb-1", address)
        with pytest.raises(UNANSWERED):
            client.api_call("chat.postMessage", json={"text": "Bonjour"})
