"""What every interaction has, whoever acts."""

from dataclasses import dataclass
from datetime import datetime

from bot.context.rules import Rules
from bot.db.session import Sessions
from bot.slack.directory import Directory


@dataclass(frozen=True)
class Resources:
    """The database, the directory of people, the settings' rules, and the time."""

    sessions: Sessions
    directory: Directory
    rules: Rules
    now: datetime
