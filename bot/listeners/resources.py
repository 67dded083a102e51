"""What answering needs, whoever acts."""

from dataclasses import dataclass
from datetime import datetime

from bot.context.rules import Rules
from bot.db.session import Sessions
from bot.slack.directory import Directory


@dataclass(frozen=True)
class Resources:
    """The database, what Slack says of people, the settings' rules, and the present."""

    sessions: Sessions
    directory: Directory
    rules: Rules
    now: datetime
