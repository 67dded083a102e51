"""Amounts of working time as people write them: `4h`, `90m`, `1d`, `1d 4h`."""

import re
from dataclasses import dataclass

_PARTS = re.compile(r"(?:(\d{1,4})\s*d)?\s*(?:(\d{1,5})\s*h)?\s*(?:(\d{1,6})\s*m(?:in)?)?")


class WorkingTimeError(ValueError):
    """The text is no working time; its message says what to write."""


@dataclass(frozen=True)
class WorkingTime:
    """Working days, each of as many minutes as `Calendar.day` says, and more minutes."""

    days: int = 0
    minutes: int = 0

    def __str__(self) -> str:
        hours, minutes = divmod(self.minutes, 60)
        parts = ((self.days, "d"), (hours, "h"), (minutes, "m"))
        return " ".join(f"{count}{unit}" for count, unit in parts if count) or "0m"


def read_working_time(text: str) -> WorkingTime:
    """The working time that a text says. Raises `WorkingTimeError`."""
    found = _PARTS.fullmatch(text.strip().lower())
    expected = "expected days, hours and minutes in this order, such as 4h, 90m, 1d or 1d 4h"
    if not found or not any(found.groups()):
        raise WorkingTimeError(f"“{text}” is no working time — {expected}")
    days, hours, minutes = (int(part or 0) for part in found.groups())
    if not days + hours + minutes:
        raise WorkingTimeError(f"“{text}” is no time at all — {expected}")
    return WorkingTime(days, hours * 60 + minutes)
