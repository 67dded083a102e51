"""A mail server that follows a script, to see what its answers lead to."""

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
"""The key of the verb after whose answer the line is cut."""


class Talk(socketserver.StreamRequestHandler):
    """One conversation with a mail server that follows a script."""

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
        self.request.close()  # of an encrypted line the server knows only what it was before

    def _encrypt(self) -> None:
        assert self.server.tls
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)

    def _trickle(self, answer: bytes) -> None:
        """Send it, and its last byte again and again until the client hangs up."""
        self.wfile.write(answer)
        while True:
            self.wfile.write(answer[-1:])
            time.sleep(0.05)

    def _say(self, answer: str | None) -> bool:
        """Answer; for `None` the line is to be cut."""
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
        """The client hung up, or would not have our certificate: it is the client that is looked at."""


@contextmanager
def mail_server(answers: Script, tls: ssl.SSLContext | None = None) -> Iterator[MailServer]:
    """A mail server that gives these answers, by verb: "" is its greeting, "." the message's end.

    For `None` it cuts the line, for `SILENCE` it waits; with `TRICKLE` before, the answer has no end. With
    `tls` it encrypts: from the start, or once told STARTTLS if the script has an answer to that."""
    with MailServer({"DATA": "354 go on", "QUIT": "221 bye", **answers}, tls) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
