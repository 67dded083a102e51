"""How long tickets are kept, as days: what was closed before is due to be forgotten."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.context.settings import UseCaseSettings
from models.calendar.months import months_before


@dataclass(frozen=True)
class CutOffs:
    """Moments at the beginning of a day."""

    tickets: datetime
    """Tickets that were closed before are forgotten."""
    files: datetime
    """The same of files and notes; never before `tickets`, since a forgotten ticket has none."""

    def earlier(self, other: "CutOffs") -> "CutOffs":
        """Those that forget less."""
        return CutOffs(min(self.tickets, other.tickets), min(self.files, other.files))


def cut_offs(settings: UseCaseSettings, now: datetime) -> CutOffs | None:
    """The cut-offs of today, in the desk's time zone; `None` while it is not chosen how long to keep.

    What may still be reopened is kept, whatever the settings say.
    """
    files, tickets = settings.retention_files_months, settings.retention_tickets_months
    if files is None or tickets is None:
        return None
    zone = ZoneInfo(settings.default_time_zone)
    today = now.astimezone(zone).date()
    reopenable = today - timedelta(days=max(settings.reopen_days, settings.reopen_silent_days))
    before = min(months_before(today, tickets), reopenable)
    of_files = max(min(months_before(today, files), reopenable), before)
    return CutOffs(_moment(before, zone), _moment(of_files, zone))


def _moment(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
