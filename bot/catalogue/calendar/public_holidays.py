"""The public holidays of countries, from the library `holidays`."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import holidays
from holidays.registry import COUNTRIES

from models.base import LocalizedText
from models.calendar.calendar import FIRST_YEAR, LAST_YEAR
from models.calendar.days_off import Holiday

YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
FRENCH, ENGLISH = "fr", "en_US"
# A name that people use and the library does not have: both its parts have the same holidays.
_MORE_NAMES = {"FR": {"Alsace-Moselle": "57"}}


@lru_cache(1)
def countries() -> Mapping[str, str]:
    """The codes of two letters (ISO 3166) of the countries that the library knows, each by itself, by its
    code of three letters and by its name."""
    return {name: names[1] for names in COUNTRIES.values() for name in names}


@lru_cache(50)
def subdivisions(country: str) -> Mapping[str, str]:
    """The codes of a known country's parts, each by itself and by its names."""
    known = holidays.country_holidays(country)
    # France's zones differ in school holidays only.
    codes = {code: code for code in known.subdivisions if not code.startswith("Zone ")}
    return {**codes, **known.subdivisions_aliases, **_MORE_NAMES.get(country, {})}


@lru_cache(50)
def public_holidays(country: str, subdivision: str | None = None) -> tuple[Holiday, ...]:
    """Those of a known country, or of a part of it by its code, in all the years that a calendar has."""
    french, english = (_named(country, subdivision, language) for language in (FRENCH, ENGLISH))
    days = defaultdict[LocalizedText, list[date]](list)
    for day in sorted(french):
        days[LocalizedText(french[day], english[day])].append(day)
    return tuple(Holiday(name, tuple(of)) for name, of in days.items())


def _named(country: str, subdivision: str | None, language: str) -> Mapping[date, str]:
    known = holidays.country_holidays(country).supported_languages
    chosen = language if language in known else None
    return holidays.country_holidays(country, subdivision, years=YEARS, expand=False, language=chosen)
