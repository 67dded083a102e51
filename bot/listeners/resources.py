"""What every interaction has, whoever acts."""

from dataclasses import dataclass
from datetime import datetime

from bot.context.settings import UseCaseSettings
from bot.db.session import Sessions
from bot.services.audit.readings import Readings
from bot.slack.directory import Directory


@dataclass(frozen=True)
class Resources:
    """The database, the directory of people, the settings of use cases, the time, and the readings."""

    sessions: Sessions
    directory: Directory
    settings: UseCaseSettings
    now: datetime
    readings: Readings
