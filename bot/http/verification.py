"""Request verification: only complete, recent requests signed by Slack reach Bolt; others get a bare status.

Source: docs.slack.dev, "Verifying requests from Slack". Bolt's own verification parses the body first, and
goes by this machine's clock.
"""

import hmac
import logging
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

from slack_sdk.signature import SignatureVerifier

from bot.http.payload import is_payload, parse
from bot.http.wsgi import Environ, StartResponse, Wsgi
from bot.observability.slack_requests import record_refusal
from bot.slack.slack_time import SLACK_TIME

logger = logging.getLogger(__name__)
BODY_MAX = 1_000_000  # bytes; Slack's views are at most 250,000, its other payloads are smaller
AGE_MAX = 300  # seconds
_TIMESTAMP = re.compile(r"[0-9]{1,12}")  # seconds since the epoch


def verified(slack: Wsgi, secret: str | None, path: str, clock: Callable[[], float] = SLACK_TIME.now) -> Wsgi:
    """`slack` behind request verification; without a signing secret every request is refused.

    `path`: where Slack sends its requests; `clock`: seconds since the epoch.
    """
    verifier = SignatureVerifier(secret) if secret and not secret.isspace() else None

    def answer(environ: Environ, start_response: StartResponse) -> Any:
        refusal, body = head_refusal(environ, path), b""
        if refusal is None:
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            refusal = _body_refusal(environ, body, verifier, clock())
        if refusal is not None:
            record_refusal(refusal)
            start_response(refusal, [("Content-Type", "text/plain"), ("Content-Length", "0")])
            return [b""]
        return slack(_sanitised(environ) | {"wsgi.input": BytesIO(body)}, start_response)

    return answer


def head_refusal(environ: Environ, path: str) -> str | None:
    """The status that refuses a request before its body is read, if any."""
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


def _body_refusal(
    environ: Environ, body: bytes, verifier: SignatureVerifier | None, now: float
) -> str | None:
    """The status that refuses a request that was read: unsigned, incomplete or malformed."""
    text = _decoded(body)
    if verifier is None or text is None or not _is_signed(environ, text, verifier, now):
        return "401 Unauthorized"
    if len(body) != int(environ["CONTENT_LENGTH"]) or not is_payload(parse(text)):
        return "400 Bad Request"
    return None


def _decoded(body: bytes) -> str | None:
    """The body as text; `None` when it is not UTF-8, as Slack's are."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def _sanitised(environ: Environ) -> Environ:
    """The request without the headers that the signature does not cover and Bolt would act on. Bolt detects
    the body's format itself."""
    kept = {name: value for name, value in environ.items() if not name.startswith("HTTP_X_SLACK_BOLT")}
    retries = str(kept.get("HTTP_X_SLACK_RETRY_NUM", "0"))
    if not (retries.isascii() and retries.isdecimal() and len(retries) < 4):
        del kept["HTTP_X_SLACK_RETRY_NUM"]
    return kept | {"CONTENT_TYPE": "application/x-www-form-urlencoded"}


def _is_signed(environ: Environ, text: str, verifier: SignatureVerifier, now: float) -> bool:
    """Whether Slack signed the request, at most `AGE_MAX` ago."""
    timestamp = str(environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", ""))
    signature = str(environ.get("HTTP_X_SLACK_SIGNATURE", ""))
    if not (_TIMESTAMP.fullmatch(timestamp) and signature.isascii()):  # the verifier raises errors for these
        return False
    expected = verifier.generate_signature(timestamp=timestamp, body=text)
    if not hmac.compare_digest(str(expected), signature):
        return False
    age = now - int(timestamp)
    if abs(age) > AGE_MAX:
        logger.warning(
            "request refused: Slack signed it %.0f s ago by this machine's clock; check that clock (NTP)", age
        )
    return abs(age) <= AGE_MAX
