"""What is known of somebody's request for their own data."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Asked:
    """The last time, within a day, that somebody asked for their data."""

    at: datetime
    is_sent: bool = False
    link: str | None = None
    """Where Slack shows the message with it."""
    is_new: bool = False
    """They asked just now."""
