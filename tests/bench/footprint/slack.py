"""A Slack that answers at once and remembers what it is shown: `python -m tests.bench.footprint.slack PORT`.

`GET /view/TRIGGER` is the view that was opened with a trigger.
"""

import itertools
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.bench.footprint.people import CHANNELS, EMAIL, TECHNICIANS

Json = dict[str, Any]
_stamps = itertools.count(1)
_views: dict[str, Json] = {}
_READERS: Json = {
    "auth.test": {
        "url": "https://bench.slack.com/",
        "user_id": "U0BOT",
        "team_id": "T0BENCH",
        "bot_id": "B0",
    },
    "bots.info": {"bot": {"app_id": "A0BENCH"}},
}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        is_json = "json" in (self.headers.get("Content-Type") or "")
        self._answer(json.loads(body or "{}") if is_json else _form(body))

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path.startswith("/view/"):
            self._say(_views.get(parts.path.removeprefix("/view/"), {}))
        else:
            self._answer(_form(parts.query))

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""

    def _answer(self, given: Json) -> None:
        self._say({"ok": True, **_answer(urlsplit(self.path).path.rpartition("/")[2], given)})

    def _say(self, content: Json) -> None:
        body = json.dumps(content).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self.wfile.write(head.encode() + body)


def _form(text: str) -> Json:
    return {name: values[0] for name, values in parse_qs(text).items()}


def _answer(method: str, given: Json) -> Json:
    if method.startswith("views."):
        return {"view": _shown(given)}
    if method == "conversations.open":
        return {"channel": {"id": f"D{given['users'][1:]}"}}
    if method == "users.info":
        return {"user": _person(str(given["user"]))}
    if method == "conversations.members":
        return {"members": list(TECHNICIANS) if given["channel"] in CHANNELS.values() else []}
    if method in {"users.conversations", "conversations.info"}:
        return _channels(given)
    if method in _READERS:
        return dict(_READERS[method])
    channel, stamp = given.get("channel", "C0BENCH"), given.get("ts") or f"1700000000.{next(_stamps):06d}"
    return {"channel": channel, "ts": stamp, "message": {"ts": stamp}, "messages": [], "usergroups": []}


def _shown(given: Json) -> Json:
    view = given["view"] if isinstance(given.get("view"), dict) else json.loads(given.get("view") or "{}")
    shown = {**view, "id": given.get("view_id") or f"V{next(_stamps)}", "hash": "1.x", "team_id": "T0BENCH"}
    for number, block in enumerate(shown.get("blocks", ())):
        block.setdefault("block_id", f"b{number}")
    if trigger := given.get("trigger_id"):
        _views[str(trigger)] = shown
    return shown


def _person(slack_id: str) -> Json:
    name = f"Personne {slack_id[3:]}"
    profile = {"real_name": name, "email": EMAIL.format(slack_id.lower())}
    about = {"real_name": name, "locale": "fr-FR", "tz": "Europe/Paris", "tz_offset": 3600}
    return {
        "id": slack_id,
        "team_id": "T0BENCH",
        "deleted": False,
        "is_bot": False,
        "profile": profile,
        **about,
    }


def _channels(given: Json) -> Json:
    about = {"is_private": True, "is_member": True, "is_channel": True}
    every = [{"id": channel, "name": name, **about} for name, channel in CHANNELS.items()]
    if channel := given.get("channel"):
        return {"channel": next((one for one in every if one["id"] == channel), {**every[0], "id": channel})}
    person = given.get("user")
    return {"channels": every if person is None or person in TECHNICIANS else []}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


def main() -> None:
    _Server(("127.0.0.1", int(sys.argv[1])), _Handler).serve_forever()


if __name__ == "__main__":
    main()
