"""A server that echoes, for tests on a real port: `python -m tests.http.echo_server PORT`.

A verified request is answered with 200 and the last `text` of its form.
"""

import sys
from collections.abc import Iterable
from typing import Any, cast
from urllib.parse import parse_qs

from bot.bootstrap import Desk
from bot.http.asgi import Asgi, in_threads
from bot.http.probes import with_probes
from bot.http.server import PATH, create_server
from bot.http.verification import verified
from bot.http.wsgi import StartResponse

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
SECONDS = 1  # for a head, and for a body


def echo(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    form = parse_qs(environ["wsgi.input"].read().decode())
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [form["text"][-1].encode()]


def application() -> Asgi:
    desk = cast(Desk, None)  # `/healthz` does not use it
    return in_threads(with_probes(desk, verified(echo, SECRET, PATH)), PATH, body_seconds=SECONDS)


if __name__ == "__main__":
    target, port = "tests.http.echo_server:application", int(sys.argv[1])
    create_server(target, "127.0.0.1", port, processes=1, head_seconds=SECONDS).serve()
