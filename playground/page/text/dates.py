"""Dates as Slack writes them, in the reader's language and time zone ("Formatting text for app surfaces")."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from playground.page.text.localized_text import LocalizedText

_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
}
_SHORT_MONTHS = {
    "fr": "janv. févr. mars avr. mai juin juill. août sept. oct. nov. déc.",
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
}
_DAYS = {
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
}


def zone(name: str) -> ZoneInfo:
    """The time zone with this IANA name; UTC when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


class Calendar:
    """Formats timestamps (seconds since 1970) for one reader."""

    def __init__(self, words: LocalizedText, tz: str, now: float) -> None:
        self.words = words
        self.zone = zone(tz)
        self.now = datetime.fromtimestamp(now, self.zone)

    def local(self, seconds: float) -> datetime:
        """The timestamp in the reader's time zone."""
        return datetime.fromtimestamp(seconds, self.zone)

    def time(self, seconds: float, *, with_seconds: bool = False) -> str:
        """14:05, or 2:05 PM for Americans."""
        then, tail = self.local(seconds), ":%S" if with_seconds else ""
        if self.words.locale == "en-US":
            return then.strftime(f"%I:%M{tail} %p").lstrip("0")
        return then.strftime(f"%H:%M{tail}")

    def date(self, seconds: float, style: str = "date") -> str:
        """One of Slack's date tokens without its braces: date, date_num, date_long_pretty…"""
        then = self.local(seconds)
        if style == "date_num":
            return then.strftime("%Y-%m-%d")
        if style == "date_slash":
            return then.strftime("%d/%m/%Y")
        if style.endswith("_pretty"):
            return self._near(then) or self.date(seconds, style.removesuffix("_pretty"))
        months = _SHORT_MONTHS if style == "date_short" else _MONTHS
        month = months[self.words.language].split()[then.month - 1]
        day = "1er" if then.day == 1 and self.words.language == "fr" else str(then.day)
        text = f"{day} {month} {then.year}"
        return f"{self._weekday(then)} {text}" if style == "date_long" else text

    def fill(self, seconds: float, pattern: str) -> str:
        """A `<!date^…>` pattern with its tokens replaced: "{date_short} {time}". Unknown tokens stay."""

        def token(match: re.Match[str]) -> str:
            name = match[1]
            if name in ("time", "time_secs"):
                return self.time(seconds, with_seconds=name == "time_secs")
            if name == "ago":
                return self.ago(seconds)
            return self.date(seconds, name) if name in _DATE_TOKENS else match[0]

        return re.sub(r"\{(\w+)\}", token, pattern)

    def ago(self, seconds: float) -> str:
        """How long ago, in the largest fitting unit: "il y a 3 jours"."""
        elapsed = int(self.now.timestamp() - seconds)
        for key, length in _AGES:
            if elapsed >= length:
                return self.words(key, n=elapsed // length)
        return self.words("just_now")

    def day(self, seconds: float) -> str:
        """A day as a heading: "Aujourd’hui", "Hier", "lundi 3 novembre 2026"."""
        text = self._near(self.local(seconds)) or self.date(seconds, "date_long")
        return text[0].upper() + text[1:]

    def stamp(self, seconds: float) -> str:
        """A day and a time, without the day when it is today: "14:05", "3 nov. 2026, 14:05"."""
        if self.local(seconds).date() == self.now.date():
            return self.time(seconds)
        return f"{self.date(seconds, 'date_short')}, {self.time(seconds)}"

    def clock(self, seconds: float) -> str:
        """A day and a time in little room: "lun. 30 nov., 08:00", "Mon 30 Nov, 08:00"."""
        then, is_french = self.local(seconds), self.words.language == "fr"
        month = _SHORT_MONTHS[self.words.language].split()[then.month - 1]
        return f"{self._weekday(then)[:3]}{'.' * is_french} {then.day} {month}, {self.time(seconds)}"

    def _weekday(self, then: datetime) -> str:
        return _DAYS[self.words.language].split()[then.weekday()]

    def _near(self, then: datetime) -> str | None:
        key = {0: "today", -1: "yesterday", 1: "tomorrow"}.get((then.date() - self.now.date()).days)
        return self.words(key) if key else None


# In seconds.
_AGES = (("years_ago", 31_536_000), ("days_ago", 86_400), ("hours_ago", 3_600), ("minutes_ago", 60))
_DATE_TOKENS = {
    base + suffix for base in ("date", "date_short", "date_long") for suffix in ("", "_pretty")
} | {"date_num", "date_slash"}  # fmt: skip
