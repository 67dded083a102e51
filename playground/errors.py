"""Errors of the Web API."""

from collections.abc import Iterable
from typing import Any


class ApiError(Exception):
    """A Web API answer with `ok: false`: `error`, and the fields beside it."""

    def __init__(self, error: str, *, messages: Iterable[str] = (), **extra: object) -> None:
        """`messages` go to `response_metadata`, `extra` to the top level (`needed`, `errors`, …)."""
        super().__init__(error)
        self.error = error
        self.messages = list(messages)
        self.extra = extra

    @property
    def detail(self) -> str:
        """One line for the list of violations."""
        extra = [f"{key}: {value}" for key, value in self.extra.items()] if not self.messages else []
        return "; ".join([self.error, *self.messages, *extra])

    def answer(self) -> dict[str, Any]:
        """The body of the answer."""
        body: dict[str, Any] = {"ok": False, "error": self.error, **self.extra}
        if self.messages:
            body["response_metadata"] = {"messages": self.messages}
        return body


def missing_field(name: str) -> ApiError:
    """The refusal of a call that lacks a required argument."""
    return ApiError("invalid_arguments", messages=[f"[ERROR] missing required field: {name}"])
