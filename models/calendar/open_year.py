"""The opening hours of one year as moments, with the working time before each.

A moment is open when the clocks of the time zone then show a time inside a frame. So a frame across the hour
that is missing in spring is an hour shorter, and one across the hour that is repeated in autumn is an hour
longer. Moments are microseconds since 1970 in UTC.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from models.calendar.frames import Frame

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE
Span = tuple[int, int]


def moment(at: datetime) -> int:
    """An aware datetime as a moment."""
    return (at - EPOCH) // timedelta(microseconds=1)


def utc(at: int) -> datetime:
    """A moment as a datetime."""
    return EPOCH + timedelta(microseconds=at)


@dataclass(frozen=True)
class OpenYear:
    """The openings of a year of UTC, in order and apart from each other."""

    starts: Sequence[int]
    ends: Sequence[int]
    before: Sequence[int]
    """The working time before each opening, and all of it at the end: one more than there are openings."""

    @property
    def total(self) -> int:
        return self.before[-1]

    def used(self, at: int) -> int:
        """The working time of the year before `at`."""
        index = bisect_right(self.starts, at) - 1
        return 0 if index < 0 else self.before[index] + min(at, self.ends[index]) - self.starts[index]

    def when_used(self, time: int) -> int:
        """The first moment at which so much was used: more than none, and at most `total`."""
        index = bisect_left(self.before, time) - 1
        return self.starts[index] + time - self.before[index]

    def opening(self, at: int) -> Span | None:
        """The opening that holds `at`, or the next one of the year."""
        index = bisect_right(self.ends, at)
        return (self.starts[index], self.ends[index]) if index < len(self.ends) else None


def open_year(year: int, zone: ZoneInfo, frames_on: Callable[[date], Sequence[Frame]]) -> OpenYear:
    """`frames_on` has the frames of a local day."""
    begin, end = (moment(datetime(each, 1, 1, tzinfo=UTC)) for each in (year, year + 1))
    openings = list[Span]()
    for start, stop, offset in _same_offset(begin, end, zone):
        for first, last in _openings(start + offset, stop + offset, frames_on):
            first, last = first - offset, last - offset
            if openings and openings[-1][1] == first:
                first, _ = openings[-1][0], openings.pop()
            openings.append((first, last))
    lengths = (last - first for first, last in openings)
    return OpenYear(
        [first for first, _ in openings], [last for _, last in openings], [*accumulate(lengths, initial=0)]
    )


def _openings(begin: int, end: int, frames_on: Callable[[date], Sequence[Frame]]) -> Iterator[Span]:
    """The frames between two local times, when all of the time between them has one offset."""
    for day in range(begin // DAY, (end - 1) // DAY + 1):
        for frame in frames_on((EPOCH + timedelta(day)).date()):
            first = max(begin, day * DAY + frame.start * MINUTE)
            last = min(end, day * DAY + frame.end * MINUTE)
            if first < last:
                yield first, last


def _same_offset(begin: int, end: int, zone: ZoneInfo) -> Iterator[tuple[int, int, int]]:
    """The parts of a span between changes of hour, each with what local times are ahead of UTC."""
    start, offset = begin, _offset(begin, zone)
    for day in range(begin + DAY, end + 1, DAY):
        if (after := _offset(day, zone)) != offset:
            change = _change(day - DAY, day, zone)
            if change > start:
                yield start, change, offset
            start, offset = change, after
    yield start, end, offset


def _change(low: int, high: int, zone: ZoneInfo) -> int:
    """The first second after `low` with the offset of `high`."""
    after = _offset(high, zone)
    while high - low > SECOND:
        middle = (low + high) // (2 * SECOND) * SECOND
        low, high = (low, middle) if _offset(middle, zone) == after else (middle, high)
    return high


def _offset(at: int, zone: ZoneInfo) -> int:
    shown = datetime.fromtimestamp(at // SECOND, zone)
    return (shown.utcoffset() or timedelta()) // timedelta(microseconds=1)
