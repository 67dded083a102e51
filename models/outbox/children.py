"""What a worker does to the tickets that are attached to another."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ChildrenDetails:
    """A portion of it. With neither `words` nor `frees`, their ticket is only brought in line."""

    number: int = 1
    """1, 2, 3…: which portion."""
    words: str | None = None
    """The solution that their requesters read: they are resolved with it."""
    frees: bool = False
    """They stand for themselves again: the other ticket was closed, or went to another team."""

    def dump(self) -> dict[str, Any]:
        return {"children": self.number, "words": self.words, "frees": self.frees}


def load_children(stored: dict[str, Any]) -> ChildrenDetails:
    """The details that `dump` stored."""
    return ChildrenDetails(stored["children"], stored.get("words"), stored.get("frees", False))
