"""The parts of `catalogue.yaml` that say when the help desk is open."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from bot.catalogue.calendar.ics import IcsError, read_ics
from bot.catalogue.calendar.public_holidays import countries, subdivisions
from bot.catalogue.parts import Part, Text, at_most, refused
from bot.catalogue.words import did_you_mean
from models.calendar.calendar import FIRST_YEAR, LAST_YEAR
from models.calendar.days_off import Holiday
from models.calendar.frames import DAY, Frame, FrameError, Week, read_frame
from models.calendar.working_time import WorkingTime, WorkingTimeError, read_working_time

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DIRECTORY = "directory"  # of the file, in pydantic's context: paths in it are relative to it
SHORTEST_DAY = 60  # minutes
LONGEST_CLOSURE = timedelta(days=366)
NAME = 75

_FRAMES = 'frames between quotes, such as ["08:00-12:00", "13:00-18:00"]; [] on a closed day'
EXPECTED: Mapping[str, str] = {
    **dict.fromkeys((*WEEKDAYS, "week"), _FRAMES),
    "hours": "the keys time_zone, day, week and the weekdays, or always",
    "time_zone": "a time zone such as Europe/Paris",
    "day": "the hours of “1d”, such as 10h",
    "holidays": "the keys country and subdivision, or ics, or none",
    "country": "a country’s code of two letters between quotes, such as “FR”",
    "subdivision": "the code of a part of the country between quotes, such as “57”",
    "ics": "the path of an .ics file, from the folder of this one",
    "closures": "a list of closures (from, to, name)",
    **dict.fromkeys(("from", "to"), "a day without quotes, such as 2026-12-24"),
}


def _zone(name: str) -> str:
    if name not in available_timezones():
        zones = sorted(available_timezones())
        known = {each.rpartition("/")[2].casefold(): each for each in zones}  # Paris, for Europe/Paris
        known |= {each.casefold(): each for each in zones}
        near = get_close_matches(name.casefold(), known, n=1)
        more = f"did you mean “{known[near[0]]}”?" if near else "expected one such as Europe/Paris"
        raise refused(f"there is no time zone “{name}” — {more}")
    return name


def _text_of_time(value: object) -> object:
    """Refuse what YAML makes of a time without quotes: 18:00 is the number 1080."""
    if isinstance(value, int) and not isinstance(value, bool) and 60 <= value <= DAY:
        text = f"found the number {value}, as YAML reads {value // 60}:{value % 60:02} without quotes"
        raise refused(f'{text} — write frames as "08:00-12:00" and lengths as 10h')
    return value


def _listed(value: object) -> object:
    if isinstance(value, bool) or value is None:
        raise refused(f"found no hours — expected {_FRAMES}")
    return (value,) if isinstance(value, str | int) else value


def _is_frame(text: str) -> str:
    try:
        return str(read_frame(text))
    except FrameError as error:
        raise refused(str(error)) from error


def _apart(texts: tuple[str, ...]) -> tuple[str, ...]:
    frames = sorted(map(read_frame, texts))
    for one, other in pairwise(frames):
        if other.start < one.end:
            raise refused(f"{one} and {other} overlap — write one frame, or move one of the two")
    return tuple(map(str, frames))


def _length(text: str) -> str:
    try:
        time = read_working_time(text)
    except WorkingTimeError as error:
        raise refused(str(error)) from error
    if time.days or not SHORTEST_DAY <= time.minutes <= DAY:
        raise refused(f"“{text}” is no length for a working day — expected hours between 1h and 24h")
    return text


def _days_of_file(value: object, info: ValidationInfo) -> object:
    if not isinstance(value, str):
        return value
    directory = (info.context or {}).get(DIRECTORY, Path())
    try:
        return read_ics(directory / value)
    except IcsError as error:
        raise refused(str(error)) from error


FrameText = Annotated[str, BeforeValidator(_text_of_time), AfterValidator(_is_frame)]
Frames = Annotated[tuple[FrameText, ...], BeforeValidator(_listed), AfterValidator(_apart)]
Zone = Annotated[str, AfterValidator(_zone)]
Length = Annotated[str, BeforeValidator(_text_of_time), AfterValidator(_length)]


class Hours(Part):
    """The frames of each weekday: those of `week` from Monday to Friday, unless the day has its own."""

    always: bool = False
    time_zone: Zone | None = None
    week: Frames = ()
    monday: Frames | None = None
    tuesday: Frames | None = None
    wednesday: Frames | None = None
    thursday: Frames | None = None
    friday: Frames | None = None
    saturday: Frames | None = None
    sunday: Frames | None = None
    day: Length | None = None

    @model_validator(mode="before")
    @classmethod
    def _always(cls, value: object) -> object:
        if isinstance(value, dict) and "always" in value:
            raise refused("always is no key — write hours: always, or frames for the weekdays")
        return {"always": True} if value == "always" else value

    @field_validator("day")
    @classmethod
    def _in_a_day(cls, day: str | None, info: ValidationInfo) -> str | None:
        week = _week(info.data) if info.data.keys() >= {"week", *WEEKDAYS} else ()
        longest = max(map(_minutes, week), default=0)
        if day and longest and read_working_time(day).minutes > longest:
            text = f"“1d” of {day} is longer than any day of the week is open"
            raise refused(f"{text} — expected at most {WorkingTime(minutes=longest)}")
        return day

    @model_validator(mode="after")
    def _not_empty(self) -> "Hours":
        if not self.always and not any(self.frames):
            raise refused("there are no opening hours in the week — add frames to week, or to a weekday")
        return self

    @property
    def frames(self) -> Week:
        return _week(dict(self))

    @property
    def minutes_of_day(self) -> int:
        """The working minutes of `1d`: by default those of the weekday that is open longest."""
        return read_working_time(self.day).minutes if self.day else max(map(_minutes, self.frames))


def _week(days: Mapping[str, tuple[str, ...] | None]) -> Week:
    own = [days[day] for day in WEEKDAYS]
    usual = [days["week"] or ()] * 5 + [(), ()]
    chosen = [usual[index] if day is None else day for index, day in enumerate(own)]
    return tuple(tuple(map(read_frame, day)) for day in chosen)


def _minutes(frames: Sequence[Frame]) -> int:
    return sum(frame.end - frame.start for frame in frames)


class HoursOfDesk(Hours):
    time_zone: Zone

    @model_validator(mode="before")
    @classmethod
    def _not_always(cls, value: object) -> object:
        if value == "always" or (isinstance(value, dict) and "always" in value):
            raise refused(
                "only a team or a service is always open"
                " — write the time_zone, and 00:00-24:00 for week, saturday and sunday"
            )
        return value


class Holidays(Part):
    """The public holidays of a country or a part of it, and the days of a file. All of them count."""

    country: str | None = None
    subdivision: str | None = None
    ics: Annotated[tuple[Holiday, ...], BeforeValidator(_days_of_file)] = ()

    @model_validator(mode="before")
    @classmethod
    def _none(cls, value: object) -> object:
        if isinstance(value, dict) and not {"country", "ics"} & value.keys():
            raise refused("there is neither a country nor an ics — add one of them, or write holidays: none")
        return {} if value == "none" else value

    @field_validator("country", mode="before")
    @classmethod
    def _known(cls, code: object) -> object:
        known = countries()
        if not isinstance(code, str) or code in known.values():
            return code
        folded = {name.casefold(): of for name, of in known.items()}
        near = get_close_matches(code.casefold(), folded, n=1)
        more = (
            f"did you mean “{folded[near[0]]}”?" if near else "expected its code of two letters, such as FR"
        )
        raise refused(f"there is no country “{code}” — {more}")

    @field_validator("subdivision", mode="before")
    @classmethod
    def _part_of_country(cls, name: object, info: ValidationInfo) -> object:
        code = str(name) if isinstance(name, int) and not isinstance(name, bool) else name
        country = info.data.get("country")
        if not isinstance(code, str) or "country" not in info.data:
            return code
        if country is None:
            raise refused("a subdivision needs its country — add the country, such as FR")
        known = subdivisions(country)
        if code not in known:
            none = f" — {country} has none: remove it"
            raise refused(f"{country} has no part “{code}”{did_you_mean(code, known) if known else none}")
        return known[code]


class Closure(Part):
    """A range of days, both ends closed."""

    first: date = Field(alias="from")
    last: date = Field(alias="to")
    name: Annotated[Text, at_most(NAME)]

    @field_validator("last")
    @classmethod
    def _in_order(cls, last: date, info: ValidationInfo) -> date:
        first = info.data.get("first")
        for day in filter(None, (first, last)):
            if not FIRST_YEAR <= day.year <= LAST_YEAR:
                raise refused(f"{day} is not in the years {FIRST_YEAR} to {LAST_YEAR} — check the year")
        if first and last < first:
            raise refused(f"the closure ends on {last}, before it begins on {first} — exchange the two days")
        if first and last - first > LONGEST_CLOSURE:
            days = (last - first).days + 1
            raise refused(f"the closure lasts {days} days — check the years; expected at most a year")
        return last


class HasCalendar(Part):
    """What the desk and a team may say of when they are open."""

    hours: Hours | None = None
    holidays: Holidays | None = None
    closures: tuple[Closure, ...] = ()
