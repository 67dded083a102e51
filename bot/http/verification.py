"""The HTTP door: only whole, recent requests signed by Slack come in; to all others it says little.

Source: docs.slack.dev, "Verifying requests from Slack". Bolt verifies them too, but reads them first.
"""

import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

from bot.http.wsgi import Environ, StartResponse, Wsgi
from bot.observability.slack_requests import note_refused
from bot.slack.slack_time import SLACK_TIME

logger = logging.getLogger(__name__)
BODY_MAX = 1_000_000  # bytes; Slack's views are at most 250,000, its other payloads are smaller
AGE_MAX = 300  # seconds
INTERACTIONS = (
    *("block_actions", "block_suggestion", "view_submission", "view_closed"),
    *("shortcut", "message_action"),
)


def verified(slack: Wsgi, secret: str | None, path: str, clock: Callable[[], float] = SLACK_TIME.now) -> Wsgi:
    """`slack`, for requests that may come in. Without a signing secret there are none. `clock`: seconds since
    the epoch."""

    def answer(environ: Environ, start_response: StartResponse) -> Any:
        body = b""
        refusal = refused_by_its_head(environ, path)
        if refusal is None:
            length = int(environ["CONTENT_LENGTH"])
            body = environ["wsgi.input"].read(length)
            refusal = _refused_by_its_body(environ, body, length, secret, clock())
        if refusal is not None:
            note_refused(refusal)
            start_response(refusal, [("Content-Type", "text/plain"), ("Content-Length", "0")])
            return [b""]
        return slack(_known(environ) | {"wsgi.input": BytesIO(body)}, start_response)

    return answer


def refused_by_its_head(environ: Environ, path: str) -> str | None:
    """The status that refuses the request before its body is read, if any."""
    length = str(environ.get("CONTENT_LENGTH") or "")
    if environ.get("PATH_INFO") != path:
        return "404 Not Found"
    if environ.get("REQUEST_METHOD") != "POST":
        return "405 Method Not Allowed"
    if not (length.isascii() and length.isdecimal()):
        return "411 Length Required"
    if len(length) > len(str(BODY_MAX)) or int(length) > BODY_MAX:
        return "413 Content Too Large"
    return None


def _refused_by_its_body(
    environ: Environ, body: bytes, length: int, secret: str | None, now: float
) -> str | None:
    """The status that refuses a request that was read: not Slack's, not whole, or nothing of ours."""
    if secret is None or not _is_signed(environ, body, secret, now):
        return "401 Unauthorized"
    if len(body) != length or not _is_a_payload(_read(body)):
        return "400 Bad Request"
    return None


def _known(environ: Environ) -> Environ:
    """The request without the headers that nobody signs and that Bolt would obey; its sort is its body's."""
    known = {name: value for name, value in environ.items() if not name.startswith("HTTP_X_SLACK_BOLT")}
    retries = str(known.get("HTTP_X_SLACK_RETRY_NUM", "0"))
    if not (retries.isascii() and retries.isdecimal() and len(retries) < 4):
        del known["HTTP_X_SLACK_RETRY_NUM"]
    return known | {"CONTENT_TYPE": "application/x-www-form-urlencoded"}


def _is_signed(environ: Environ, body: bytes, secret: str, now: float) -> bool:
    timestamp = str(environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", ""))
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        return False
    signed = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256)
    given = str(environ.get("HTTP_X_SLACK_SIGNATURE", "")).encode("utf-8", "replace")
    if not hmac.compare_digest(f"v0={signed.hexdigest()}".encode(), given):
        return False
    age = now - int(timestamp)
    if abs(age) > AGE_MAX:
        words = "a request is refused: Slack signed it %.0f s ago, by this machine's clock. Is that right?"
        logger.warning(words, age)
    return abs(age) <= AGE_MAX


def _read(body: bytes) -> object:
    """The payload of a body, as Bolt reads it; `None` when it is none."""
    try:
        text = body.decode()
        if text.startswith("{"):
            return json.loads(text)
        form = dict(parse_qsl(text, keep_blank_values=True))
        return json.loads(form["payload"]) if "payload" in form else form
    except (ValueError, RecursionError):  # not UTF-8, not JSON, a thousand brackets
        return None


def _is_a_payload(body: object) -> bool:
    """Whether a body has the frame of what Slack sends; what stands in it is read where it is used."""
    if not isinstance(body, dict) or not _has_a_frame(body):
        return False
    if "command" in body or "ssl_check" in body:
        return all(isinstance(each, str) for each in body.values())
    match body.get("type"):
        case "url_verification":
            return isinstance(body.get("challenge"), str)
        case "app_rate_limited":  # docs.slack.dev, "Events API": no event of its own, and it wants a 200
            return True
        case "event_callback":
            return _is_an_event(body.get("event"))
        case kind if kind in INTERACTIONS:
            return _is_an_interaction(body)
    return False


def _is_an_event(event: object) -> bool:
    return isinstance(event, dict) and isinstance(event.get("type"), str) and _has_a_frame(event)


def _has_a_frame(body: dict[str, Any]) -> bool:
    """Whether who and where are said as Slack says them: Bolt reads them before any listener."""
    named = [body.get(each) for each in ("user", "team", "channel", "enterprise", "item")]
    inner = [body.get(each) for each in ("message", "previous_message", "assistant_thread", "view")]
    authorizations = body.get("authorizations", [])
    return (
        all(each is None or isinstance(each, str | dict) for each in named)
        and all(each is None or isinstance(each, dict) for each in inner)
        and isinstance(authorizations, list)
        and all(isinstance(each, dict) for each in authorizations)
    )


def _is_an_interaction(body: dict[str, Any]) -> bool:
    user, actions, view = body.get("user"), body.get("actions", []), body.get("view")
    return (
        isinstance(user, dict)
        and isinstance(user.get("id"), str)
        and isinstance(actions, list)
        and all(isinstance(each, dict) and isinstance(each.get("action_id"), str) for each in actions)
        and bool(actions or body["type"] != "block_actions")
        and (view is None or isinstance(view, dict))
        and (view is not None or not body["type"].startswith("view_"))
    )
