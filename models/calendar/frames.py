"""Frames of opening hours: from one local time to another, on one day."""

import re
from dataclasses import dataclass

DAY = 24 * 60  # minutes
_FRAME = re.compile(r"(\d{1,2}):(\d\d)\s*[-–]\s*(\d{1,2}):(\d\d)")


class FrameError(ValueError):
    """The text is no frame; its message says why and what to write."""


@dataclass(frozen=True, order=True)
class Frame:
    """A part of a day, in minutes since midnight as clocks show it: `start` is in it, `end` is not."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= DAY:
            raise FrameError(f"{self.start} to {self.end} minutes is no part of a day")

    def __str__(self) -> str:
        return f"{clock(self.start)}-{clock(self.end)}"


Week = tuple[tuple[Frame, ...], ...]
"""The frames of each weekday from Monday, in order and apart from each other."""
WHOLE_DAY = Frame(0, DAY)


def clock(minutes: int) -> str:
    """Minutes since midnight as `08:30`; the end of the day is `24:00`."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def read_frame(text: str) -> Frame:
    """`08:00-12:00` as a frame. Raises `FrameError`."""
    found = _FRAME.fullmatch(text.strip())
    if not found:
        raise FrameError(f"“{text}” is no frame of hours — expected two times, such as 08:00-12:00")
    hours, minutes = (int(found[1]), int(found[3])), (int(found[2]), int(found[4]))
    start, end = (hour * 60 + minute for hour, minute in zip(hours, minutes, strict=True))
    if max(minutes) > 59 or max(start, end) > DAY:
        raise FrameError(f"“{text}” has a time that does not exist — expected 00:00 to 24:00")
    if start == end:
        raise FrameError(f"“{text}” is empty — its end must be after its start")
    if start > end:
        after = f" and 00:00-{clock(end)} for the day after" if end else ""
        raise FrameError(
            f"“{text}” ends before it starts — for a night write {clock(start)}-24:00{after},"
            " otherwise exchange the two times"
        )
    return Frame(start, end)
