"""A mail server that takes everything at once: `python -m tests.bench.mail PORT`.

The verb `COUNT` asks how many emails it took.
"""

import smtplib
import socketserver
import sys

_taken: list[bytes] = []


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 bench\r\n")
        in_message = False
        while line := self.rfile.readline():
            if in_message and line != b".\r\n":
                continue
            verb = b"." if in_message else line[:4].strip().upper()
            in_message = verb == b"DATA"
            self.wfile.write(self._answer(verb))
            if verb == b"QUIT":
                return

    def _answer(self, verb: bytes) -> bytes:
        if verb == b".":
            _taken.append(verb)  # atomic, as a sum is not
        if verb == b"COUN":
            return f"250 {len(_taken)}\r\n".encode()
        return {b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}.get(verb, b"250 OK\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64


def taken(port: int) -> int:
    """How many emails the server on this port took."""
    with smtplib.SMTP("127.0.0.1", port) as client:
        return int(client.docmd("COUNT")[1])


if __name__ == "__main__":
    _Server(("127.0.0.1", int(sys.argv[1])), _Talk).serve_forever()
