"""What `guichet calendar` prints of a calendar, and the times that it is given."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from models.calendar.calendar import FIRST_YEAR, LAST_YEAR, BeyondCalendar, Calendar
from models.calendar.working_time import WorkingTime

MINUTE = timedelta(minutes=1)


class TimeError(ValueError):
    """What was given is no time of the calendar; the message says what to write."""


def read_time(calendar: Calendar, text: str) -> datetime:
    """An ISO 8601 time; without an offset it is the calendar's local time, and of a repeated hour the first.
    Raises `TimeError`, `BeyondCalendar`."""
    try:
        given = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise TimeError(f'“{text}” is no time — expected one such as "2026-12-18 17:00"') from error
    if not FIRST_YEAR <= given.year <= LAST_YEAR:
        raise BeyondCalendar
    if given.tzinfo is not None:
        return given
    local = given.replace(tzinfo=calendar.zone)
    if calendar.local(local.astimezone(UTC)).replace(tzinfo=None) != given:
        what = f"the clocks of {calendar.time_zone} skip {given:%H:%M} on {given.date()}"
        raise TimeError(f"“{text}”: {what} — expected a time before or after")
    return local


def minutes_between(calendar: Calendar, start: str, end: str) -> int:
    """The whole working minutes between two times. Raises `TimeError`, `BeyondCalendar`."""
    first, last = read_time(calendar, start), read_time(calendar, end)
    if last.astimezone(UTC) < first.astimezone(UTC):
        raise TimeError(f"“{end}” is before “{start}” — expected the earlier time first")
    return calendar.elapsed(first, last) // MINUTE


def when(calendar: Calendar, at: datetime) -> str:
    """A moment in local time, to the minute that it is in."""
    return f"{at:%A} {at.day} {at:%B %Y, %H:%M} ({calendar.time_zone}, UTC{at.isoformat()[-6:]})"


def year_report(calendar: Calendar, year: int, locale: str) -> str:
    """The weekdays' hours; each month's open days and hours, and its days off with their names."""
    head = f"{year}, {calendar.time_zone}, 1d = {WorkingTime(minutes=calendar.day)}"
    months = (line for month in range(1, 13) for line in _month(calendar, year, month, locale))
    return "\n".join((head, "", *_weekdays(calendar), "", *months, "", _total(calendar, year)))


def _weekdays(calendar: Calendar) -> Iterator[str]:
    for monday, frames in enumerate(calendar.week, start=1):
        shown = ", ".join(map(str, frames)) or "closed"
        yield f"{date(2024, 1, monday):%A}".ljust(11) + shown  # 1 January 2024 is a Monday


def _month(calendar: Calendar, year: int, month: int, locale: str) -> Iterator[str]:
    first, after = date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
    days = [first + timedelta(number) for number in range((after - first).days)]
    opened = [day for day in days if calendar.frames_on(day)]
    head = f"{first:%B}".ljust(11) + f"{_counted(len(opened)):>8}{_worked(calendar, first, after):>10}"
    yield f"{head}  {_ranges(opened)}".rstrip()
    off = [(day, calendar.days_off[day].in_(locale)) for day in days if day in calendar.days_off]
    for (name, _), group in groupby(off, key=lambda each: (each[1], each[0].toordinal() - off.index(each))):
        of = [day for day, _ in group]
        weekdays = f"{of[0]:%a}" + (f"-{of[-1]:%a}" if len(of) > 1 else "")
        yield f"{'':11}closed {_ranges(of)} ({weekdays}): {name}"


def _total(calendar: Calendar, year: int) -> str:
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    days = sum(bool(calendar.frames_on(first + timedelta(number))) for number in range((after - first).days))
    return "Year".ljust(11) + f"{_counted(days):>8}{_worked(calendar, first, after):>10}"


def _counted(days: int) -> str:
    return f"{days} day" if days == 1 else f"{days} days"


def _worked(calendar: Calendar, first: date, after: date) -> str:
    start, end = (datetime.combine(day, datetime.min.time(), calendar.zone) for day in (first, after))
    return str(WorkingTime(minutes=calendar.elapsed(start, end) // MINUTE))


def _ranges(days: Sequence[date]) -> str:
    """Days of a month: `2, 5-9, 12`."""
    runs = groupby(enumerate(days), key=lambda each: each[1].day - each[0])
    ends = ([day.day for _, day in run] for _, run in runs)
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in ends)
