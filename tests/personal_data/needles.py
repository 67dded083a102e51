"""Needles: words that exist nowhere else, one for each thing that somebody writes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

LETTERS = str.maketrans("0123456789", "ghijklmnop")  # searches that found nothing are kept without digits


def needle(place: str) -> str:
    """A word of 14 letters, in lower case as the search index keeps it, the same for a place."""
    return "zq" + sha256(place.encode()).hexdigest()[:12].translate(LETTERS)


@dataclass
class Needles:
    """Those that were planted, by place."""

    planted: dict[str, str] = field(default_factory=dict)

    def words(self, place: str) -> str:
        """What somebody writes there, with its needle."""
        return f"Voici {self.alone(place)}."

    def alone(self, place: str) -> str:
        """The needle only."""
        return self.planted.setdefault(place, needle(place))

    def found(self, where: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> dict[str, set[str]]:
        """The names of the contents in which each needle is, in any of the encodings in use, by place."""
        contents = [
            (name, content.lower())
            for name, content in (where.items() if isinstance(where, Mapping) else where)
        ]
        found = {
            place: {name for name, content in contents if word.encode() in content}
            for place, word in self.planted.items()
        }
        return {place: names for place, names in found.items() if names}
