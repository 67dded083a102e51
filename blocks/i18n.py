"""The reader's language: gettext, dates and numbers."""

import gettext
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal

from models.base import N_
from models.personal_data.shell import is_neutral, shown_name

__all__ = ["N_", "Translator", "translator"]

_DE = re.compile(r"\bde \{(\w+)\}")
_FIRST = re.compile(r"\{(\w+)\}")
_VOWELS = frozenset("aàâäeéèêëiîïoôöuùûüœæ")  # an h or a y may be either


class Translator:
    """Translates to one language: `_("Site")`, `_("Taken by {name}", name=name)`."""

    def __init__(self, locale: str, catalogue: gettext.NullTranslations) -> None:
        self.locale = locale
        self._catalogue = catalogue

    def __call__(self, message: str, **values: object) -> str:
        """`message` in the reader's language, its `{fields}` filled."""
        text = self._catalogue.gettext(message)
        return self._filled(text, values) if values else text

    def _filled(self, text: str, values: Mapping[str, object]) -> str:
        shown = {field: self.name(each) if isinstance(each, str) else each for field, each in values.items()}
        if self.locale == "fr":
            text = _elided(text, shown)
        filled = text.format(**shown)
        first = _FIRST.match(text)
        begins_a_sentence = first is not None and is_neutral(str(shown[first[1]]))
        return filled[:1].upper() + filled[1:] if begins_a_sentence else filled

    def name(self, name: str) -> str:
        """A person's name; "a technician" and the like, of somebody who was erased."""
        return shown_name(name, self.locale)

    def plural(self, one: str, many: str, count: int, **values: object) -> str:
        """The form of the message that suits `count`, which fills `{count}`."""
        return self._filled(self._catalogue.ngettext(one, many, count), {"count": count, **values})

    def number(self, count: int) -> str:
        """A count as the reader writes it: "2,431"."""
        return format_decimal(count, locale=self.locale)

    def date_time(self, at: datetime, time_zone: str) -> str:
        """A date and time in the reader's language and time zone."""
        return format_datetime(at, "d MMMM y, HH:mm", tzinfo=ZoneInfo(time_zone), locale=self.locale)

    def day(self, at: date) -> str:
        """A date in the reader's language; of a datetime, in its own time zone."""
        return format_date(at, "d MMMM y", locale=self.locale)

    def clock(self, at: datetime, time_zone: str) -> str:
        """The time of the day, "10:42"."""
        return format_time(at, "HH:mm", tzinfo=ZoneInfo(time_zone), locale=self.locale)


def _elided(text: str, values: Mapping[str, object]) -> str:
    """French "de" before what will fill a field: "Réponse d’Oliver"."""

    def article(field: re.Match[str]) -> str:
        is_vowel = str(values.get(field[1], ""))[:1].lower() in _VOWELS
        return f"d’{{{field[1]}}}" if is_vowel else field[0]

    return _DE.sub(article, text)


@cache
def translator(locale: str) -> Translator:
    """The translator for a Slack locale such as `fr-FR`. French is the fallback; English is the source."""
    if locale.startswith("en"):
        return Translator("en", gettext.NullTranslations())
    folder = Path(__file__).parent / "locale"
    return Translator("fr", gettext.translation("guichet", folder, languages=["fr"]))
