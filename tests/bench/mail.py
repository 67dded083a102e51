"""A mail server that takes everything at once: `python -m tests.bench.mail PORT`."""

import socketserver
import sys


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 bench\r\n")
        in_message = False
        while line := self.rfile.readline():
            if in_message:
                if line != b".\r\n":
                    continue
                in_message = False
                answer = b"250 OK\r\n"
            else:
                verb = line[:4].upper()
                in_message = verb == b"DATA"
                answer = {b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}.get(verb, b"250 OK\r\n")
            self.wfile.write(answer)
            if answer.startswith(b"221"):
                return


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64


if __name__ == "__main__":
    _Server(("127.0.0.1", int(sys.argv[1])), _Talk).serve_forever()
