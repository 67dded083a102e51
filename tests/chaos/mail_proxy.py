"""A proxy in front of the mail server, which can be made to hang."""

import socket
import threading
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit

PIECE = 65536  # bytes


class MailProxy:
    """Forwards both directions; while it is `mute`, nothing from the server arrives."""

    def __init__(self, smtp_url: str) -> None:
        there = urlsplit(smtp_url)
        self._server = str(there.hostname), int(there.port or 25)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"smtp://127.0.0.1:{self._listener.getsockname()[1]}"
        self._forwarding = threading.Event()
        self._forwarding.set()

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, name="mail proxy", daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._forwarding.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # ends accept()
        self._listener.close()

    def mute(self, seconds: float) -> None:
        """Hold back the server's data for `seconds`."""
        self._forwarding.clear()
        threading.Event().wait(seconds)
        self._forwarding.set()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                server = socket.create_connection(self._server)
                for source, target, gate in (
                    (client, server, None),
                    (server, client, self._forwarding),
                ):
                    threading.Thread(target=_forward, args=(source, target, gate), daemon=True).start()


def _forward(source: socket.socket, target: socket.socket, gate: threading.Event | None) -> None:
    with suppress(OSError):
        while piece := source.recv(PIECE):
            if gate is not None:
                gate.wait()
            target.sendall(piece)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
    source.close()
