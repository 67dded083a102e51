"""A mail server that follows a script."""

import socketserver
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

Script = Mapping[str, str | None]
SILENCE = "(nothing)"
TRICKLE = "(a byte at a time)"
HANGS_UP = "(hangs up)"
"""The key of the verb after whose reply the connection is closed."""


class Talk(socketserver.StreamRequestHandler):
    """One SMTP session."""

    server: "MailServer"

    def setup(self) -> None:
        if self.server.tls and "STARTTLS" not in self.server.answers:
            self._encrypt()
        super().setup()

    def handle(self) -> None:
        if not self._say(self.server.answers.get("", "220 fake")):
            return
        in_message = False
        while line := self.rfile.readline():
            verb = line.split(maxsplit=1)[0].decode().upper() if line.strip() else ""
            if in_message and verb != ".":
                self.server.content += line
                continue
            self.server.heard.append(verb)
            self.server.lines.append(line.decode().strip())
            answer = self.server.answers.get(verb, "250 OK")
            if answer == SILENCE:
                continue
            if not self._say(answer) or verb in {"QUIT", self.server.answers.get(HANGS_UP)}:
                return
            in_message = answer is not None and answer.startswith("354")
            if verb == "STARTTLS" and self.server.tls:
                self._encrypt()
                super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()  # the server knows only the socket before STARTTLS

    def _encrypt(self) -> None:
        assert self.server.tls
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)

    def _trickle(self, answer: bytes) -> None:
        """Send it, then repeat its last byte until the client disconnects."""
        self.wfile.write(answer)
        while True:
            self.wfile.write(answer[-1:])
            time.sleep(0.05)

    def _say(self, answer: str | None) -> bool:
        """Reply. Returns False for None: the connection is to be closed."""
        if answer is not None and answer.startswith(TRICKLE):
            self._trickle(answer.removeprefix(TRICKLE).encode())
        elif answer is not None:
            self.wfile.write(answer.encode() + b"\r\n")
        return answer is not None


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, answers: Script, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.answers = answers
        self.tls = tls
        self.heard: list[str] = []
        self.lines: list[str] = []
        self.content = b""

    def url(self, scheme: str = "smtp", user: str = "") -> str:
        return f"{scheme}://{user}{self.server_address[0]}:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore disconnections and refused certificates: tests look at the client."""


@contextmanager
def mail_server(answers: Script, tls: ssl.SSLContext | None = None) -> Iterator[MailServer]:
    """A mail server with these replies, by verb: "" is the greeting, "." the end of the message.

    For `None` it closes the connection, for `SILENCE` it waits; after `TRICKLE` the reply is endless. With
    `tls` it encrypts: from the start, or after STARTTLS if the script has a reply to that."""
    with MailServer({"DATA": "354 go on", "QUIT": "221 bye", **answers}, tls) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
