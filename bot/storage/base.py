"""Where attachments are kept: what the folder and the bucket promise alike."""

from typing import Protocol


class StoreUnavailable(Exception):
    """The store cannot be used now: it does not answer, refuses, is full. `reason` says it in a few words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Store(Protocol):
    """Where attachments are kept; `str` names the place. All methods raise `StoreUnavailable`."""

    def put(self, key: str, content: bytes) -> None:
        """Keep `content` under `key`; the same key again replaces it."""

    def get(self, key: str) -> bytes:
        """What is kept under `key`. Raises `FileNotFoundError`."""

    def delete(self, key: str) -> None:
        """Keep it no longer; a key under which nothing is kept is no failure."""
