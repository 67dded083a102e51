"""A Slack that says yes at once, or after so many seconds, so that it is the bot that is measured:
`python -m tests.bench.slack PORT [SECONDS]`.

`GET /count` is the number of messages posted so far and when the last one came.
"""

import itertools
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_stamps = itertools.count(1)
_posted: list[float] = []
_SECONDS = float(sys.argv[2]) if len(sys.argv) > 2 else 0.0


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        method = self.path.rpartition("/")[2]
        time.sleep(_SECONDS)
        if method in {"chat.postMessage", "chat.update", "views.publish"}:
            _posted.append(time.time())
        self._say(_answer(method))

    def do_GET(self) -> None:
        if self.path == "/count":
            self._say({"count": len(_posted), "last": _posted[-1] if _posted else 0.0})
        else:
            self._say(_answer(self.path.rpartition("/")[2].partition("?")[0]))

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""

    def _say(self, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        head = (
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: keep-alive\r\n\r\n"
        )
        self.wfile.write(head.encode() + body)


def _answer(method: str) -> dict[str, Any]:
    stamp = f"1700000000.{next(_stamps):06d}"
    about: dict[str, Any] = {
        "conversations.open": {"channel": {"id": "D0BENCH"}},
        "users.info": {"user": {"id": "U0BENCH", "team_id": "T0BENCH", "real_name": "Bench"}},
    }
    usual = {"channel": "C0BENCH", "ts": stamp, "team_id": "T0BENCH", "bot_id": "B0", "bot": {"app_id": "A0"}}
    return {"ok": True, **usual, "channels": [], "members": [], "messages": [], **about.get(method, {})}


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), _Handler)
    server.daemon_threads = True
    server.serve_forever()


if __name__ == "__main__":
    main()
