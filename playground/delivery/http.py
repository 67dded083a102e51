"""Signed HTTP requests to the app's request URL ("Verifying requests from Slack")."""

import asyncio
import hashlib
import hmac
import http.client
import json
import ssl
import time
from urllib.parse import urlencode, urlsplit, urlunsplit

from playground.delivery.transport import ACK_SECONDS, Kind, Reply, Retry
from playground.json_text import dumps
from playground.state.workspace import SIGNING_SECRET, Json

FORM = "application/x-www-form-urlencoded"


class SignedHttp:
    """One request URL for commands, interactivity, menus and events. Redirects are not followed."""

    def __init__(self, request_url: str, ack_seconds: float = ACK_SECONDS) -> None:
        self.request_url = request_url
        self.ack_seconds = ack_seconds

    async def send(self, kind: Kind, payload: Json, retry: Retry) -> Reply:
        """POST one payload and read the answer."""
        content_type, body = _encode(kind, payload)
        headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        headers |= signature(body, int(time.time()))
        if retry.number:
            headers |= {"X-Slack-Retry-Num": str(retry.number), "X-Slack-Retry-Reason": retry.reason}
        try:
            async with asyncio.timeout(self.ack_seconds):
                return await asyncio.to_thread(_post, self.request_url, body, headers, self.ack_seconds)
        except TimeoutError:
            return _late(self.ack_seconds)

    async def verify(self, challenge: str) -> bool:
        """Whether the app answers the `url_verification` handshake with its `challenge`."""
        payload = {"token": "playground", "challenge": challenge, "type": "url_verification"}
        reply = await self.send("events_api", payload, Retry())
        answered = reply.body.get("challenge") if isinstance(reply.body, dict) else reply.body
        return not reply.failure and answered == challenge


def signature(body: bytes, timestamp: int, secret: str = SIGNING_SECRET) -> dict[str, str]:
    """The two headers that prove a request comes from Slack; `timestamp` in seconds since 1970."""
    base = b"v0:%d:" % timestamp + body
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={digest}"}


def _encode(kind: Kind, payload: Json) -> tuple[str, bytes]:
    """The content type and body in which Slack sends this kind of payload."""
    if kind == "events_api":
        return "application/json", dumps(payload).encode()
    fields = payload if kind == "slash_commands" else {"payload": dumps(payload)}
    return FORM, urlencode(fields).encode()


def _post(url: str, body: bytes, headers: dict[str, str], seconds: float) -> Reply:
    """One blocking POST. A failure is given in the values of `X-Slack-Retry-Reason`."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=seconds)
    try:
        connection.request("POST", urlunsplit(("", "", parts.path or "/", parts.query, "")), body, headers)
        response = connection.getresponse()
        content = response.read().decode("utf-8", "replace")
    except TimeoutError:
        return _late(seconds)
    except ssl.SSLError as error:
        return Reply("ssl_error", str(error), reached=False)
    except ConnectionRefusedError as error:
        return Reply("connection_failed", str(error), reached=False)
    except (OSError, http.client.HTTPException) as error:
        return Reply("connection_failed", repr(error))
    finally:
        connection.close()
    return _read(response, content)


def _late(seconds: float) -> Reply:
    return Reply("http_timeout", f"no answer within {seconds:g} s")


def _read(response: http.client.HTTPResponse, content: str) -> Reply:
    if response.status != 200:
        reason = "too_many_redirects" if 300 <= response.status < 400 else "http_error"
        no_retry = response.getheader("X-Slack-No-Retry") == "1"
        return Reply(reason, f"HTTP {response.status}: {content[:200]}", no_retry=no_retry)
    if not content:
        return Reply()
    if not (response.getheader("Content-Type") or "").startswith("application/json"):
        return Reply(body=content)
    try:
        body = json.loads(content)
    except ValueError:
        return Reply(body=content)
    return Reply(body=body if isinstance(body, dict | str) else content)
