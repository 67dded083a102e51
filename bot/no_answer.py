"""Why a server did not answer, in a few words for administrators; the same for Slack, mail and files."""

import smtplib
import socket
import ssl
from http.client import HTTPException


def why(error: BaseException) -> str:
    """`connection refused`, `no such host`, `no answer in time`, `connection cut`, what a certificate lacks,
    or the system's own words."""
    for cause in _causes(error):
        match cause:
            case ssl.SSLCertVerificationError():
                return f"certificate refused: {cause.verify_message}"
            case socket.gaierror():
                return "no such host"
            case ConnectionRefusedError():
                return "connection refused"
            case TimeoutError():
                return "no answer in time"
            case ConnectionError() | smtplib.SMTPServerDisconnected():
                return "connection cut"
            case ssl.SSLEOFError() | ssl.SSLZeroReturnError():
                return "connection cut"
            case OSError(strerror=str(words)) if not isinstance(cause, ssl.SSLError):
                return words.lower()
    # httpx has no base class in common with these (www.python-httpx.org, "Exceptions").
    if "Timeout" in type(error).__name__:
        return "no answer in time"
    return "unreadable answer" if isinstance(error, HTTPException | ValueError) else "connection failed"


def _causes(error: BaseException) -> list[BaseException]:
    """The error, what it wraps (`URLError.reason`), and what it was raised from, outermost first."""
    found: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and len(found) < 10:
        found.append(current)
        reason = getattr(current, "reason", None)
        current = reason if isinstance(reason, BaseException) else current.__cause__ or current.__context__
    return found
