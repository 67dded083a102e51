"""Calendars made of what the file says."""

from datetime import date, timedelta
from functools import lru_cache

from bot.catalogue.calendar.parts import Closure, HasCalendar, Holidays, Hours
from bot.catalogue.calendar.public_holidays import public_holidays
from models.base import LocalizedText
from models.calendar import days_off
from models.calendar.calendar import FIRST_YEAR, LAST_YEAR, Calendar

# What counts where the file says nothing, as in the one that is shipped.
HOURS = Hours(time_zone="Europe/Paris", week=("08:00-18:00",), day="10h")
HOLIDAYS = Holidays(country="FR")


@lru_cache(1)
def shipped_calendar() -> Calendar:
    """The calendar of a file that says nothing of hours."""
    return calendar_of_desk(HasCalendar())


def calendar_of_desk(desk: HasCalendar) -> Calendar:
    return _calendar(desk.hours or HOURS, desk.holidays or HOLIDAYS, desk.closures, None)


def calendar_of_team(desk: HasCalendar, team: HasCalendar) -> Calendar | None:
    """The team's own calendar: what it gives counts instead of the desk's, and closures are added to the
    desk's. `None` for a team that gives nothing."""
    if not (team.hours or team.holidays or team.closures):
        return None
    hours, holidays = team.hours or desk.hours or HOURS, team.holidays or desk.holidays or HOLIDAYS
    zone = (desk.hours or HOURS).time_zone
    return _calendar(hours, holidays, (*desk.closures, *team.closures), zone)


def closed_years(calendar: Calendar) -> int | None:
    """The first of two years in a row without an open day: nothing could be due any more."""
    closed = [year for year in range(FIRST_YEAR, LAST_YEAR + 1) if not _is_open_in(calendar, year)]
    return next((year for year in closed if year + 1 in closed), None)


def _is_open_in(calendar: Calendar, year: int) -> bool:
    return any(calendar.frames_on(date(year, 1, 1) + timedelta(number)) for number in range(365))


def _calendar(hours: Hours, holidays: Holidays, closures: tuple[Closure, ...], zone: str | None) -> Calendar:
    """`zone`: for hours that name none."""
    time_zone = str(hours.time_zone or zone)
    if hours.always:
        return Calendar.always(time_zone)
    public = public_holidays(holidays.country, holidays.subdivision) if holidays.country else ()
    return Calendar(
        time_zone,
        hours.frames,
        hours.minutes_of_day,
        (*public, *holidays.ics),
        tuple(
            days_off.Closure(each.first, each.last, LocalizedText(each.name.fr, each.name.en))
            for each in closures
        ),
    )
