"""Secrets in files: Docker's and Kubernetes' by `NAME_FILE`, systemd's by `$CREDENTIALS_DIRECTORY`."""

import os
import stat
from pathlib import Path

SECRETS = (
    "slack_bot_token",
    "slack_app_token",
    "slack_signing_secret",
    "database_url",
    "smtp_url",
    "aws_access_key_id",
    "aws_secret_access_key",
    "erasures_key",
)
MOST_BYTES = 64 * 1024


class UnusableFile(Exception):
    """Says what is wrong with a file: `does not exist`, `is empty`."""


def read_secret(path: Path) -> str:
    """The file's text, without line breaks at its end. Raises `UnusableFile`."""
    try:
        # A FIFO without a writer would block.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise UnusableFile(in_words(error)) from None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise UnusableFile("is not a file")
        return _text(os.read(descriptor, MOST_BYTES + 1))
    finally:
        os.close(descriptor)


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise UnusableFile(f"is larger than {MOST_BYTES // 1024} KiB")
    try:
        text = content.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise UnusableFile("is not text in UTF-8") from None
    if not text.strip():
        raise UnusableFile("is empty")
    if not text.isprintable():
        raise UnusableFile("must contain one line, the secret and nothing else")
    return text


def in_words(error: Exception) -> str:
    """What is wrong with a file that could not be opened."""
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return "does not exist"
        case PermissionError():
            return "cannot be read: permission denied"
        case OSError(strerror=str(reason)):
            return f"cannot be read: {reason.lower()}"
    return "cannot be read"
