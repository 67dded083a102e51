"""Working time counted minute by minute, as calendars must count it, and random calendars to count with.

Slow and plain, and shares no arithmetic with `models/calendar`: each minute of a few weeks is looked up.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from models.base import LocalizedText
from models.calendar.calendar import Calendar
from models.calendar.days_off import Closure, Holiday
from models.calendar.frames import Frame

DAYS = 16
MINUTES = DAYS * 24 * 60
MINUTE = timedelta(minutes=1)


class Window(NamedTuple):
    """`DAYS` days of a time zone, from midnight in UTC."""

    zone: str
    first: date


WINDOWS = [
    Window("Europe/Paris", date(2026, 3, 20)),  # 2:00 to 3:00 is missing on the 29th
    Window("Europe/Paris", date(2026, 10, 15)),  # 2:00 to 3:00 is repeated on the 25th
    Window("Europe/Paris", date(2026, 12, 22)),  # into another year
    Window("Europe/London", date(2027, 3, 20)),
    Window("America/New_York", date(2026, 10, 25)),
    Window("America/Havana", date(2026, 3, 1)),  # 0:00 to 1:00 is missing
    Window("America/Havana", date(2026, 10, 25)),  # 0:00 to 1:00 is repeated
    Window("Australia/Lord_Howe", date(2026, 3, 28)),  # half an hour is repeated
    Window("Australia/Lord_Howe", date(2026, 9, 26)),  # half an hour is missing
    Window("Pacific/Apia", date(2011, 12, 22)),  # a whole day is missing
    Window("Indian/Reunion", date(2026, 12, 22)),
]


class Count:
    """The working minutes of a calendar within a window."""

    def __init__(self, calendar: Calendar, window: Window) -> None:
        off = set(calendar.days_off)
        opens = [
            [any(frame.start <= minute < frame.end for frame in frames) for minute in range(24 * 60)]
            for frames in calendar.week
        ]
        self.start = datetime.combine(window.first, datetime.min.time(), UTC)
        self.open = [opens[day.weekday()][minute] and day not in off for day, minute in local_minutes(window)]
        self.before = [0, *accumulate(self.open)]

    def at(self, index: int) -> datetime:
        return self.start + index * MINUTE

    def elapsed(self, first: int, last: int) -> int:
        return self.before[last] - self.before[first]

    def due(self, first: int, minutes: int) -> int | None:
        """The end of the minute that is the last of so many; `None` when it is after the window."""
        index = bisect_left(self.before, self.before[first] + minutes)
        return None if index > MINUTES else index

    def opening(self, first: int) -> int | None:
        return next((index for index in range(first, MINUTES) if self.open[index]), None)

    def closing(self, first: int) -> int | None:
        return next((index for index in range(first, MINUTES) if not self.open[index]), None)


@cache
def local_minutes(window: Window) -> Sequence[tuple[date, int]]:
    """What the clocks show in each minute of a window: the day, and the minute of the day."""
    start, zone = datetime.combine(window.first, datetime.min.time(), UTC), ZoneInfo(window.zone)
    shown = ((start + index * MINUTE).astimezone(zone) for index in range(MINUTES))
    return [(local.date(), local.hour * 60 + local.minute) for local in shown]


@dataclass(frozen=True)
class Case:
    window: Window
    calendar: Calendar


@st.composite
def frames_of_a_day(draw: st.DrawFn) -> tuple[Frame, ...]:
    step = draw(st.sampled_from([1, 15, 60]))
    ends = sorted(draw(st.lists(st.integers(0, 24 * 60 // step), max_size=6, unique=True)))
    pairs = zip(ends[::2], ends[1::2], strict=False)
    return tuple(Frame(start * step, end * step) for start, end in pairs)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A window, and a calendar with days off at its edges and in the middle."""
    window = draw(st.sampled_from(WINDOWS))
    kinds = st.sampled_from([(Frame(480, 1080),), (Frame(480, 720), Frame(780, 1080)), (Frame(0, 1440),), ()])
    week = draw(st.tuples(*[kinds | frames_of_a_day()] * 7).filter(any))
    near = st.integers(-1, DAYS).map(lambda number: window.first + timedelta(number))
    name = LocalizedText("Fermé", "Closed")
    holidays = Holiday(name, tuple(sorted(draw(st.sets(near, max_size=3)))))
    ranges = draw(st.lists(st.tuples(near, st.integers(0, 9)), max_size=2))
    closures = tuple(Closure(first, first + timedelta(more), name) for first, more in ranges)
    day = draw(st.integers(1, 1440))
    return Case(window, Calendar(window.zone, week, day, (holidays,), closures))
