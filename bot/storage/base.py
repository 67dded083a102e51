"""The interface of the stores of attachments."""

from collections.abc import Iterator
from typing import Protocol


class StoreUnavailable(Exception):
    """The store does not answer, refuses access, or is full. `reason`: a few words, without personal data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Store(Protocol):
    """A store of attachments; `str` is its location. All methods raise `StoreUnavailable`."""

    def put(self, key: str, content: bytes) -> None:
        """Store `content` under `key`, replacing what is there."""

    def get(self, key: str) -> bytes:
        """The content stored under `key`. Raises `FileNotFoundError`."""

    def delete(self, key: str) -> None:
        """Delete the content; a key that does not exist is no error."""

    def size(self, key: str) -> int | None:
        """How many bytes are stored under `key`; `None` when it does not exist."""

    def list_keys(self) -> Iterator[str]:
        """All keys, in no order."""
