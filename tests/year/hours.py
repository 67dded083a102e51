"""The opening hours of the simulated desk, and working time counted by them minute by minute.

Written down by hand, holidays too, and without `models/calendar` and `bot/catalogue/calendar`, which it is to
be compared with.
"""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PARIS = ZoneInfo("Europe/Paris")
Frames = tuple[tuple[int, int], ...]


def days(first: date, last: date) -> Sequence[date]:
    """The days from one to another, both included."""
    return [first + number * DAY for number in range((last - first).days + 1)]


# Easter was on 28 March 2027.
HOLIDAYS = frozenset(
    {
        *(date(2026, 11, 1), date(2026, 11, 11), date(2026, 12, 25), date(2027, 1, 1), date(2027, 3, 29)),
        *(date(2027, 5, 1), date(2027, 5, 6), date(2027, 5, 8), date(2027, 5, 17), date(2027, 7, 14)),
        *(date(2027, 8, 15), date(2027, 11, 1), date(2027, 11, 11), date(2027, 12, 25), date(2028, 1, 1)),
    }
)
WINTER = frozenset(days(date(2026, 12, 19), date(2027, 1, 3)))
BRIDGE = frozenset({date(2026, 11, 27), date(2027, 5, 7)})
WORKS = frozenset(days(date(2026, 10, 29), date(2026, 10, 30)))


@dataclass(frozen=True)
class Hours:
    """`week`: the frames of each weekday from Monday, in minutes; `day`: the minutes of `1d`."""

    week: tuple[Frames, ...]
    day: int
    off: frozenset[date] = frozenset()


def _weekdays(*frames: tuple[int, int]) -> tuple[Frames, ...]:
    return (frames,) * 5


DESK = Hours((*_weekdays((480, 1080)), (), ()), 600, HOLIDAYS | WINTER)
NETWORK = Hours((*_weekdays((420, 1140)), ((480, 720),), ()), 720, HOLIDAYS | WINTER | WORKS)
ALWAYS = Hours((((0, 1440),),) * 7, 1440)
# From the change in the middle of the run on: a lunch break, shorter days, two days more off.
DESK_LATER = Hours((*_weekdays((510, 720), (780, 1050)), (), ()), 480, DESK.off | BRIDGE)
NETWORK_LATER = Hours(NETWORK.week, NETWORK.day, NETWORK.off | BRIDGE)


@dataclass(frozen=True)
class Count:
    """The working minutes of some hours in Paris, from midnight (UTC) of `first` on."""

    hours: Hours
    first: date
    last: date
    before: "array[int]" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        start = datetime.combine(self.first, time(), UTC)
        opens = [
            bytes(any(low <= minute < high for low, high in frames) for minute in range(1440))
            for frames in self.hours.week
        ]
        minutes, closed = bytearray(), bytes(60)
        for number in range((self.last - self.first).days * 24):  # the clocks change at whole hours
            local = (start + number * HOUR).astimezone(PARIS)
            is_off = local.date() in self.hours.off
            minutes += closed if is_off else opens[local.weekday()][local.hour * 60 : local.hour * 60 + 60]
        object.__setattr__(self, "before", array("l", accumulate(minutes, initial=0)))

    def index(self, at: datetime) -> int:
        """The number of a moment, which is a whole minute."""
        minutes, rest = divmod(at - datetime.combine(self.first, time(), UTC), MINUTE)
        if rest:
            raise ValueError(f"{at} is no whole minute")
        return minutes

    def at(self, index: int) -> datetime:
        return datetime.combine(self.first, time(), UTC) + index * MINUTE

    def elapsed(self, start: datetime, end: datetime) -> int:
        """In minutes."""
        return self.before[self.index(end)] - self.before[self.index(start)]

    def due(self, start: datetime, minutes: int) -> datetime:
        """When so many minutes have been worked."""
        first = self.index(start)
        return self.at(bisect_left(self.before, self.before[first] + minutes, lo=first))

    def is_open(self, at: datetime) -> bool:
        index = (at - datetime.combine(self.first, time(), UTC)) // MINUTE
        return self.before[index + 1] > self.before[index]

    def opening(self, at: datetime) -> datetime:
        """`at` itself when it is open then, or when it opens."""
        return at if self.is_open(at) else self.due(at, 1) - MINUTE

    def is_working_day(self, day: date) -> bool:
        return day not in self.hours.off and bool(self.hours.week[day.weekday()])

    def working_days_later(self, at: datetime, number: int) -> datetime:
        """The same time of day so many working days later, or the opening after that."""
        local = at.astimezone(PARIS)
        day = local.date()
        while number:
            day += DAY
            number -= self.is_working_day(day)
        moved = datetime.combine(day, local.time(), PARIS).astimezone(UTC)
        return self.opening(moved if day != local.date() else at)
