"""A door with nothing behind it, for tests that knock at a real port: `python -m tests.http.small_door PORT`.

A request that is let in is answered with 200; the last `text` of its form comes back.
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


def behind(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    form = parse_qs(environ["wsgi.input"].read().decode())
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [form["text"][-1].encode()]


def application() -> Asgi:
    desk = cast(Desk, None)  # `/healthz` looks at nothing
    return in_threads(with_probes(desk, verified(behind, SECRET, PATH)), PATH, body_seconds=SECONDS)


if __name__ == "__main__":
    target, port = "tests.http.small_door:application", int(sys.argv[1])
    create_server(target, "127.0.0.1", port, processes=1, head_seconds=SECONDS).serve()
