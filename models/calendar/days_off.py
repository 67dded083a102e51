"""Days without opening hours: holidays, and closures with a name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from models.base import LocalizedText


@dataclass(frozen=True)
class Holiday:
    """A name, and the days of all years that have it."""

    name: LocalizedText
    days: tuple[date, ...]


@dataclass(frozen=True)
class Closure:
    """From `first` to `last`, both closed."""

    first: date
    last: date
    name: LocalizedText

    @property
    def days(self) -> Iterator[date]:
        return (self.first + timedelta(number) for number in range((self.last - self.first).days + 1))
