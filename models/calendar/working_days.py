"""Whole working days: the local days on which a calendar is open at all."""

from datetime import UTC, date, datetime, timedelta

from models.calendar.calendar import LAST_YEAR, BeyondCalendar, Calendar

ONE_DAY = timedelta(days=1)


def is_working_day(calendar: Calendar, day: date) -> bool:
    return bool(calendar.frames_on(day))


def add_working_days(calendar: Calendar, at: datetime, count: int) -> datetime:
    """The same time of day `count` working days after the day of `at`, or when it opens next after that.

    A time that the clocks skip is taken an hour later. Raises `BeyondCalendar`.
    """
    local = calendar.local(at)
    day, left = local.date(), count
    while left > 0:
        day += ONE_DAY
        if day.year > LAST_YEAR:
            raise BeyondCalendar
        left -= is_working_day(calendar, day)
    if day != local.date():
        local = datetime.combine(day, local.time(), calendar.zone)
    return calendar.next_opening(local.astimezone(UTC))


def is_open(calendar: Calendar, now: datetime) -> bool:
    """False also when it never opens again."""
    try:
        return calendar.is_open(now)
    except BeyondCalendar:
        return False


def later(calendar: Calendar, since: datetime, days: int) -> datetime | None:
    """The time of day of `since` so many working days later; `None` when the calendar does not open again."""
    try:
        return add_working_days(calendar, since, days)
    except BeyondCalendar:
        return None


def working_days_between(calendar: Calendar, start: datetime, end: datetime) -> int:
    """How many working days there are after the day of `start`, up to the day of `end`."""
    first, last = calendar.local(start).date(), calendar.local(end).date()
    days = (first + timedelta(number) for number in range(1, (last - first).days + 1))
    return sum(is_working_day(calendar, day) for day in days)
