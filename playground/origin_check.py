"""Refuses requests of foreign web pages: a page in the developer's browser must not drive this workspace.

A page can send requests to any address of the machine, and by DNS rebinding even under its own name. They are
recognised by the headers that browsers set themselves (fetch.spec.whatwg.org).
"""

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_PROGRAM_PATHS = ("/api/", "/_control/", "/files/", "/hooks/", "/socket/")
_FOREIGN_SITES = ("cross-site", "same-site")


class OriginCheck:
    """Refuses requests for another host, and those that a page of another origin makes."""

    def __init__(self, app: ASGIApp, hosts: Collection[str] = ()) -> None:
        """`hosts` are names of this machine besides `localhost`; an address is always allowed."""
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
        if not self._is_local_host(host):
            return "foreign_host"
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != host:
            return "foreign_origin"
        return "" if _is_same_site(headers) or _is_navigation(scope, headers) else "foreign_origin"

    def _is_local_host(self, host: str) -> bool:
        name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
        try:
            ipaddress.ip_address(name.strip("[]"))
        except ValueError:
            return name in self._hosts or name.endswith(".localhost")
        return True


def _is_same_site(headers: Headers) -> bool:
    return headers.get("sec-fetch-site") not in _FOREIGN_SITES


def _is_navigation(scope: Scope, headers: Headers) -> bool:
    """Whether somebody followed a link to a page, for instance in an e-mail."""
    follows = scope.get("method") == "GET" and headers.get("sec-fetch-mode") == "navigate"
    return follows and not scope["path"].startswith(_PROGRAM_PATHS)
