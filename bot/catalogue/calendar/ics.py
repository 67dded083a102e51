"""The whole days of an .ics file (RFC 5545), as holidays with their names."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path

from dateutil.rrule import rrulestr
from icalendar import Calendar, Event, vRecur

from models.base import LocalizedText
from models.calendar.calendar import FIRST_YEAR, LAST_YEAR
from models.calendar.days_off import Holiday

SIZE_MAX = 5_000_000  # bytes
DAYS_MAX = 20_000  # days off of one file: 200 a year
LONGEST = 366  # days of one event
RULES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
DATES = {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"}
BEGIN, END = datetime(FIRST_YEAR, 1, 1), datetime(LAST_YEAR, 12, 31)
ONE_DAY = timedelta(days=1)
NAME_MAX = 75
# What the libraries raise at a property that is there twice or of another type, at a time zone that is a
# folder of the database, and after the year 9999.
UNREADABLE = (TypeError, AttributeError, OverflowError, OSError)


class IcsError(ValueError):
    """The file is refused; its message says why and what to do."""


def read_ics(path: Path) -> tuple[Holiday, ...]:
    """The days of the file's events. Raises `IcsError`."""
    named = defaultdict[str, set[date]](set)
    try:
        for name, day in islice(_days(_events(path)), DAYS_MAX + 1):
            named[name].add(day)
    except IcsError as error:
        raise IcsError(f"{path}: {error}") from error
    if not named:
        raise IcsError(f"{path}: no event lasts a whole day — check that it is a calendar of holidays")
    if sum(map(len, named.values())) > DAYS_MAX:
        raise IcsError(f"{path}: more than {DAYS_MAX} days are closed — check how the events are repeated")
    holidays = (Holiday(LocalizedText(name, name), tuple(sorted(days))) for name, days in named.items())
    return tuple(sorted(holidays, key=lambda each: (each.days, each.name.fr)))


def _events(path: Path) -> Sequence[Event]:
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for
            raise IcsError("not a file — check the path")
        content = path.read_bytes() if path.stat().st_size <= SIZE_MAX else None
    except OSError as error:
        raise IcsError(
            f"cannot be read, {error.strerror or 'no reason is given'} — check the path"
        ) from error
    if content is None:
        raise IcsError(f"larger than {SIZE_MAX // 1_000_000} MB — keep only holidays in it")
    try:
        calendars = Calendar.from_ical(content, multiple=True)
        return [event for calendar in calendars for event in calendar.events]
    except (ValueError, KeyError, IndexError, *UNREADABLE) as error:
        raise IcsError("not an iCalendar file — export the calendar again, as .ics") from error


def _days(events: Sequence[Event]) -> Iterator[tuple[str, date]]:
    """Each day of each event that takes place, with the event's name."""
    replaced = defaultdict[str, set[date]](set)  # repetitions for which there is another event
    for event in events:
        with _named(event):
            _check(event)
            if moved := event.get("RECURRENCE-ID"):
                replaced[str(event.get("UID"))].add(_day(moved.dt))
    for event in events:
        left_out = set() if "RECURRENCE-ID" in event else replaced[str(event.get("UID"))]
        with _named(event):
            yield from ((_name(event), day) for day in _days_of(event, left_out))


def _days_of(event: Event, left_out: Collection[date]) -> Iterator[date]:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    first, length = _whole_days(event)
    for start in _starts(event, first):
        if start not in left_out:
            yield from (start + timedelta(number) for number in range(length))


@contextmanager
def _named(event: Event) -> Iterator[None]:
    try:
        yield
    except UNREADABLE as error:
        raise _wrong(event, "dates that cannot be read — correct or remove it") from error


def _check(event: Event) -> None:
    """What the library cannot read is left out of an event, and named here."""
    unreadable = {key.upper() for key, _ in event.errors if key} & DATES
    if unreadable or "DTSTART" not in event:
        raise _wrong(event, f"no readable {min(unreadable, default='DTSTART')} — correct or remove it")


def _whole_days(event: Event) -> tuple[date, int]:
    """The first day of an event, and its number of days."""
    start, end = event.decoded("DTSTART"), event.decoded("DTEND", None)
    try:
        length = event.decoded("DURATION", ONE_DAY) if end is None else end - start
    except TypeError as error:  # a day and a time, or times with and without a zone
        raise _wrong(event, "a start and an end of two kinds — correct or remove it") from error
    at_midnight = not isinstance(start, datetime) or start.time() == time()
    if not at_midnight or length % ONE_DAY:
        remedy = "make it last all day, or remove it"
        raise _wrong(event, f"only a part of the day of {_day(start)} — {remedy}")
    if not 0 <= length // ONE_DAY <= LONGEST:
        raise _wrong(event, f"a length of {length // ONE_DAY} days — expected at most a year")
    return _day(start), max(1, length // ONE_DAY)  # the end may be the same day


def _starts(event: Event, first: date) -> Iterator[date]:
    """The days on which the event begins, in the years that calendars have."""
    yield from _dates(event, "RDATE")
    rules = event.get("RRULE")
    if rules is None:
        yield first
        return
    left_out = set(_dates(event, "EXDATE"))
    for rule in rules if isinstance(rules, list) else [rules]:
        yield from (day for day in _repeated(event, rule, first) if day not in left_out)


def _repeated(event: Event, rule: vRecur, first: date) -> Iterator[date]:
    if rule.get("FREQ", [""])[0] not in RULES:
        raise _wrong(event, f"a rule of repetition that is none of {', '.join(RULES)} — correct or remove it")
    # Without the zone of UNTIL: the days that are compared with it have none.
    text = rule.to_ical().decode()  # type: ignore[no-untyped-call] # icalendar's own
    text = text.replace("Z;", ";").removesuffix("Z")
    try:
        starts = rrulestr(text, dtstart=datetime.combine(first, time()))
    except ValueError as error:
        raise _wrong(event, "no readable RRULE — correct or remove it") from error
    for start in starts:
        if start > END:
            return
        if start >= BEGIN:
            yield start.date()


def _dates(event: Event, key: str) -> Iterator[date]:
    found = event.get(key, [])
    for dates in found if isinstance(found, list) else [found]:
        for each in dates.dts:
            yield _day(each.dt[0] if isinstance(each.dt, tuple) else each.dt)  # a period, or a day


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _name(event: Event) -> str:
    summary = event.get("SUMMARY", "")
    text = str(summary[0] if isinstance(summary, list) else summary)
    shown = "".join(each for each in text if each.isprintable() or each.isspace())
    return " ".join(shown.split())[:NAME_MAX] or "?"


def _wrong(event: Event, what: str) -> IcsError:
    return IcsError(f"the event “{_name(event)}” has {what}")
