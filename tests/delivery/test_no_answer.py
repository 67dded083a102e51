"""Why a server did not answer, in words: no Python class, no address."""

import smtplib
import socket
import ssl
from http.client import IncompleteRead, RemoteDisconnected
from urllib.error import URLError

import httpx
import pytest

from bot.no_answer import why


def certificate() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "s3cret")
    error.verify_message = "self-signed certificate"
    return error


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (URLError(ConnectionRefusedError(111, "Connection refused")), "connection refused"),
        (URLError(socket.gaierror(-2, "Name or service not known")), "no such host"),
        (URLError(certificate()), "certificate refused: self-signed certificate"),
        (TimeoutError("timed out"), "no answer in time"),
        (RemoteDisconnected("s3cret"), "connection cut"),
        (IncompleteRead(b"s3cret"), "unreadable answer"),
        (smtplib.SMTPServerDisconnected("s3cret"), "connection cut"),
        (OSError(101, "Network is unreachable"), "network is unreachable"),
        (caused(httpx.ConnectError("s3cret"), ConnectionRefusedError()), "connection refused"),
        (httpx.ReadTimeout("s3cret"), "no answer in time"),
        (httpx.RemoteProtocolError("s3cret"), "connection failed"),
        (ssl.SSLEOFError(8, "s3cret"), "connection cut"),
    ],
)
def test_an_error_of_the_network_is_said_in_words(error: Exception, words: str) -> None:
    assert why(error) == words
