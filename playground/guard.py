"""Keeps web pages of elsewhere out: a page in the developer's browser must not drive this workspace.

Such a page may send requests to any address of the machine (a name of its own may even lead here, "DNS
rebinding"); what gives it away are the headers that browsers set themselves (fetch.spec.whatwg.org).
"""

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_FOR_PROGRAMS = ("/api/", "/_control/", "/files/", "/hooks/", "/socket/")
_ELSEWHERE = ("cross-site", "same-site")


class Guard:
    """Refuses requests for another host, and those that a page of another origin makes."""

    def __init__(self, app: ASGIApp, hosts: Collection[str] = ()) -> None:
        """`hosts` are names of this machine besides `localhost`; an address is always good."""
        self._app = app
        self._hosts = {"localhost", *hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope) if scope["type"] in ("http", "websocket") else ""
        if not refusal:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refusal})
        else:
            await JSONResponse({"ok": False, "error": refusal}, 403)(scope, receive, send)

    def _refusal(self, scope: Scope) -> str:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._is_here(host):
            return "foreign_host"
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != host:
            return "foreign_origin"
        return "" if _comes_from_here(headers) or _is_visit(scope, headers) else "foreign_origin"

    def _is_here(self, host: str) -> bool:
        name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
        try:
            ipaddress.ip_address(name.strip("[]"))
        except ValueError:
            return name in self._hosts or name.endswith(".localhost")
        return True


def _comes_from_here(headers: Headers) -> bool:
    return headers.get("sec-fetch-site") not in _ELSEWHERE


def _is_visit(scope: Scope, headers: Headers) -> bool:
    """Whether somebody followed a link to a page, as from an e-mail."""
    follows = scope.get("method") == "GET" and headers.get("sec-fetch-mode") == "navigate"
    return follows and not scope["path"].startswith(_FOR_PROGRAMS)
