"""When the help desk is open, in words; and a moment as somebody would say it, for texts where Slack words no
dates: forms and e-mails."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_location

from blocks.i18n import Translator
from models.base import LocalizedText
from models.calendar.calendar import Calendar
from models.calendar.frames import DAY, WHOLE_DAY, Frame

MONDAY = date(2024, 1, 1)
FRAMES_MAX, SORTS_MAX = 2, 3
"""Of the frames of a day, and of the different days of a week, that are still said one by one."""
RUN_MIN = 3  # days that are said as "from … to …"
Frames = tuple[Frame, ...]


@dataclass(frozen=True)
class DeskHours:
    """What a form says of the hours in which its ticket will be looked after."""

    calendar: Calendar
    team: LocalizedText | None = None
    """The team whose hours differ from the desk's."""
    is_of_service: bool = False
    """The service's own: it is always open."""
    phone: str | None = None
    out_of_hours: LocalizedText | None = None
    """What people whose problem is not theirs alone are told to do while it is closed."""


@dataclass(frozen=True)
class WordedHours:
    """The same, in words."""

    hours: str
    """With the phone number."""
    meanwhile: str | None = None
    """While it is closed: until when, and what to do in the meantime."""


def worded_hours(_: Translator, desk: DeskHours, *, time_zone: str, now: datetime) -> WordedHours:
    """In the reader's language; `time_zone` is theirs."""
    phone = " " + _("Telephone: {phone}.", phone=_unbroken(desk.phone)) if desk.phone else ""
    return WordedHours(_hours(_, desk, time_zone, now) + phone, _meanwhile(_, desk, time_zone, now))


def _meanwhile(_: Translator, desk: DeskHours, time_zone: str, now: datetime) -> str | None:
    if desk.calendar.is_open(now):
        return None
    opening = desk.calendar.next_opening(now)
    at = spoken_moment(_, opening, time_zone) + _your_time(_, desk.calendar, time_zone, opening)
    closed = _("We are closed at the moment, and reopen on {at}.", at=at)
    if desk.out_of_hours:
        return f"{closed} {desk.out_of_hours.in_(_.locale)}"
    send = _("Please send your ticket now: the team will see it when it opens.")
    call = (
        _("If others are stuck too, please also call {phone} then.", phone=_unbroken(desk.phone))
        if desk.phone
        else ""
    )
    return " ".join(filter(None, [closed, send, call]))


def spoken_moment(_: Translator, at: datetime, time_zone: str) -> str:
    """A moment in the reader's time zone: "Tuesday 1 December at 10 am"."""
    local = at.astimezone(ZoneInfo(time_zone))
    minutes = local.hour * 60 + local.minute
    return _("{day} at {time}", day=_weekday_and_date(_, local), time=spoken_time(_, minutes))


def spoken_time(_: Translator, minutes: int) -> str:
    """A time of the day, in minutes since midnight: "8 am", "8:30 am", "midnight"; "8 h", "8 h 30"."""
    hour, minute = divmod(minutes % DAY, 60)
    if _.locale == "fr":
        return (
            "minuit"
            if minutes == DAY
            else f"{hour}\N{NO-BREAK SPACE}h" + (f"\N{NO-BREAK SPACE}{minute:02}" if minute else "")
        )
    if minute == 0 and hour in {0, 12}:
        return "noon" if hour else "midnight"
    half = "am" if hour < 12 else "pm"
    return f"{hour % 12 or 12}" + (f":{minute:02}" if minute else "") + f"\N{NO-BREAK SPACE}{half}"


def _hours(_: Translator, desk: DeskHours, time_zone: str, now: datetime) -> str:
    calendar = desk.calendar
    if desk.is_of_service:
        return _("This service is covered day and night, every day.")
    if calendar.is_always_open:
        if desk.team:
            return _("The {team} team is available day and night, every day.", team=desk.team.in_(_.locale))
        return _("The IT department is open day and night, every day.")
    week = _week(_, calendar.week) + _zone(_, calendar, time_zone, now)
    if desk.team:
        return _("The {team} team is available {week}.", team=desk.team.in_(_.locale), week=week)
    return _("The IT department is open {week}.", week=week)


def _unbroken(phone: str) -> str:
    """A number that stays on one line."""
    return phone.replace(" ", "\N{NO-BREAK SPACE}")


def _week(_: Translator, week: Sequence[Frames]) -> str:
    """The days with their hours; of a week whose days differ too much, the earliest and the latest."""
    sorts = dict[Frames, list[int]]()
    for day, frames in enumerate(week):
        if frames:
            sorts.setdefault(frames, []).append(day)
    if len(sorts) > SORTS_MAX or any(len(frames) > FRAMES_MAX for frames in sorts):
        days = _days(_, [day for day, frames in enumerate(week) if frames])
        first = min(frames[0].start for frames in sorts)
        last = max(frames[-1].end for frames in sorts)
        between = {"start": spoken_time(_, first), "end": spoken_time(_, last)}
        return _("{days}, at times between {start} and {end}", days=days, **between)
    return _("; ").join(
        _("{days}, {hours}", days=_days(_, days), hours=_frames(_, frames)) for frames, days in sorts.items()
    )


def _frames(_: Translator, frames: Frames) -> str:
    if frames == (WHOLE_DAY,):
        return _("all day")
    return _and(
        _,
        [
            _("{start} to {end}", start=spoken_time(_, each.start), end=spoken_time(_, each.end))
            for each in frames
        ],
    )


def _days(_: Translator, days: Sequence[int]) -> str:
    """Weekdays, 0 is Monday: "Monday to Friday", "Mondays, Wednesdays and Fridays", "every day"."""
    if len(days) == len(range(7)):
        return _("every day")
    parts = list[str]()
    for run in _runs(days):
        if len(run) >= RUN_MIN:
            parts.append(_("{first} to {last}", first=_weekday(_, run[0]), last=_weekday(_, run[-1])))
        else:
            parts += [_("{weekday}s", weekday=_weekday(_, day)) for day in run]
    return _and(_, parts)


def _runs(days: Sequence[int]) -> Iterator[list[int]]:
    """The days that follow each other."""
    run = list[int]()
    for day in days:
        if run and day != run[-1] + 1:
            yield run
            run = []
        run.append(day)
    yield run


def _and(_: Translator, parts: Sequence[str]) -> str:
    *first, last = parts
    return _("{first} and {last}", first=", ".join(first), last=last) if first else last


def _weekday(_: Translator, day: int) -> str:
    return format_date(MONDAY + timedelta(day), "EEEE", locale=_.locale)


def _weekday_and_date(_: Translator, at: datetime) -> str:
    if _.locale == "fr" and at.day == 1:
        return format_date(at, "EEEE '1er' MMMM", locale="fr")
    return format_date(at, "EEEE d MMMM", locale=_.locale)


def _zone(_: Translator, calendar: Calendar, time_zone: str, now: datetime) -> str:
    """The city whose time is meant, when the reader's clock shows another."""
    if _has_same_time(calendar, time_zone, now):
        return ""
    city = get_timezone_location(calendar.zone, locale=_.locale, return_city=True)
    return " " + _("({city} time)", city=city)


def _your_time(_: Translator, calendar: Calendar, time_zone: str, at: datetime) -> str:
    """That a moment is in the reader's time, beside hours that are in the calendar's."""
    return "" if _has_same_time(calendar, time_zone, at) else " " + _("(your time)")


def _has_same_time(calendar: Calendar, time_zone: str, at: datetime) -> bool:
    return calendar.local(at).utcoffset() == at.astimezone(ZoneInfo(time_zone)).utcoffset()
