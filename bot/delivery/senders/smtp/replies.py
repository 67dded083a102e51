"""smtplib's client, bounded: a whole reply has a time and a length, whatever comes before its end.

smtplib's own time-out is for each piece: a server that sends a byte a second would block it for hours.
"""

import binascii
import io
import smtplib
import socket
import time
from collections.abc import Callable
from typing import Any

REPLY_MAX = 1_000_000  # bytes


class Client(smtplib.SMTP):
    """`timeout` seconds for each reply. Raises `SMTPServerDisconnected` for one that cannot be read.

    `refused`: the first login that was refused for good. Servers that hang up after it would hide it:
    smtplib tries the next mechanism, and raises for the closed connection."""

    timeout: float
    refused: smtplib.SMTPAuthenticationError | None = None

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self._bytes = _Bytes(self.sock)
            self.file = io.BufferedReader(self._bytes)
        self._bytes.start(self.timeout)
        try:
            return super().getreply()
        except smtplib.SMTPResponseException as error:  # smtplib's own "line too long", which is no answer
            raise smtplib.SMTPServerDisconnected("an answer that is too long") from error
        finally:
            if self.sock is not None:
                self.sock.settimeout(self.timeout)

    def auth(
        self, mechanism: str, authobject: Callable[..., Any], *, initial_response_ok: bool = True
    ) -> tuple[int, bytes]:
        try:
            return super().auth(mechanism, authobject, initial_response_ok=initial_response_ok)
        except smtplib.SMTPAuthenticationError as error:
            if self.refused is None and 500 <= error.smtp_code < 600:
                self.refused = error
            raise
        except binascii.Error as error:
            raise smtplib.SMTPServerDisconnected("a challenge that is not base64") from error


class ClientOverTls(Client, smtplib.SMTP_SSL):
    """The same, encrypted from the start."""


class _Bytes(io.RawIOBase):
    """What a socket receives, within the time and length of one reply."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.start(0)

    def start(self, seconds: float) -> None:
        """A reply is to be over in so many seconds."""
        self._end, self._limit = time.monotonic() + seconds, REPLY_MAX

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._end - time.monotonic()
        if left <= 0 or self._limit <= 0:
            raise TimeoutError("a reply without an end")
        self._sock.settimeout(left)
        received = self._sock.recv_into(buffer)
        self._limit -= received
        return received
