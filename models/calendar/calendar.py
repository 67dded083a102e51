"""A calendar: when it is open, and arithmetic on its working time.

Moments are aware datetimes; those returned are in UTC. Working time is the real time that passes while it is
open, to the microsecond, also when the clocks change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from models.base import LocalizedText
from models.calendar.days_off import Closure, Holiday
from models.calendar.frames import DAY, WHOLE_DAY, Frame, Week
from models.calendar.open_year import OpenYear, moment, open_year, utc
from models.calendar.working_time import WorkingTime

FIRST_YEAR, LAST_YEAR = 2000, 2099


class BeyondCalendar(ValueError):
    """A moment is outside of the years that calendars know, or nothing is open until their end."""

    def __init__(self) -> None:
        super().__init__(f"outside of {FIRST_YEAR} to {LAST_YEAR}, the years that the calendar knows")


@dataclass(frozen=True)
class Calendar:
    """Opening hours in local time, and the days without any."""

    time_zone: str
    week: Week
    day: int
    """The working minutes of `1d`."""
    holidays: tuple[Holiday, ...] = ()
    closures: tuple[Closure, ...] = ()

    def __post_init__(self) -> None:
        if len(self.week) != 7 or not any(self.week) or not 0 < self.day <= DAY:
            raise ValueError("a calendar needs seven weekdays, opening hours and the length of a day")

    @classmethod
    def always(cls, time_zone: str) -> "Calendar":
        """A calendar that never closes; its day has 24 hours."""
        return cls(time_zone, ((WHOLE_DAY,),) * 7, DAY)

    def length(self, time: WorkingTime) -> timedelta:
        return timedelta(minutes=time.days * self.day + time.minutes)

    def due(self, start: datetime, time: WorkingTime | timedelta) -> datetime:
        """The first moment at which `time` has been worked since `start`. Raises `BeyondCalendar`."""
        length = self.length(time) if isinstance(time, WorkingTime) else time
        if length < timedelta():
            raise ValueError("working time is counted forwards")
        if not length:
            return start.astimezone(UTC)
        year = self._utc_year(start)
        left = self._open(year).used(moment(start)) + length // timedelta(microseconds=1)
        while left > self._open(year).total:
            left -= self._open(year).total
            year += 1
        return utc(self._open(year).when_used(left))

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """The working time from `start` to `end`; negative backwards. Raises `BeyondCalendar`."""
        if moment(end) < moment(start):
            return -self.elapsed(end, start)
        first, last = self._utc_year(start), self._utc_year(end)
        whole = sum(self._open(year).total for year in range(first, last))
        used = self._open(last).used(moment(end)) - self._open(first).used(moment(start))
        return timedelta(microseconds=whole + used)

    def is_open(self, at: datetime) -> bool:
        # As numbers: Python holds a local time of a repeated hour equal to no other zone's (PEP 495).
        return moment(self.next_opening(at)) == moment(at)

    def next_opening(self, at: datetime) -> datetime:
        """`at` itself when it is open then, or when it opens. Raises `BeyondCalendar` if it never does."""
        for year in range(self._utc_year(at), LAST_YEAR + 1):
            if opening := self._open(year).opening(moment(at)):
                return utc(max(opening[0], moment(at)))
        raise BeyondCalendar

    def closes_at(self, at: datetime) -> datetime | None:
        """When it closes next; `None` when it is closed at `at`, or never closes."""
        if self.is_always_open or not self.is_open(at):
            return None
        end = moment(at)
        for year in range(self._utc_year(at), LAST_YEAR + 1):
            opening = self._open(year).opening(end)
            if opening is None or opening[0] > end:
                return utc(end)
            end = opening[1]
        raise BeyondCalendar

    @property
    def is_always_open(self) -> bool:
        return not self.days_off and all(frames == (WHOLE_DAY,) for frames in self.week)

    def local(self, at: datetime) -> datetime:
        """The moment with the calendar's own time zone."""
        return at.astimezone(self.zone)

    @cached_property
    def days_off(self) -> Mapping[date, LocalizedText]:
        """The closed days with their names, whatever their weekday, in order. A holiday inside a closure has
        the holiday's name."""
        closed = {day: each.name for each in self.closures for day in each.days}
        holidays = {day: each.name for each in self.holidays for day in each.days}
        return dict(sorted({**closed, **holidays}.items()))

    def frames_on(self, day: date) -> Sequence[Frame]:
        """The opening hours of a local day."""
        return () if day in self.days_off else self.week[day.weekday()]

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @cached_property
    def _years(self) -> dict[int, OpenYear]:
        return {}

    def _open(self, year: int) -> OpenYear:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise BeyondCalendar
        if year not in self._years:
            self._years[year] = open_year(year, self.zone, self.frames_on)
        return self._years[year]

    def _utc_year(self, at: datetime) -> int:
        if not FIRST_YEAR <= at.year <= LAST_YEAR:
            raise BeyondCalendar  # also of years that have no UTC in Python
        return at.astimezone(UTC).year
