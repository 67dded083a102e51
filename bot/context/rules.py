"""The settings that use cases obey."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rules:
    """The settings that the use cases obey."""

    reopen_days: int = 10
    description_required: bool = False
    tickets_per_day: int = 0
    """How many tickets one person may file within 24 hours; a technician ten times as many. Here as below,
    0 is no limit."""
    comments_per_day: int = 0
    """Replies, answers and notes."""
    attachments_mb_per_day: int = 0
    """Megabytes of files."""
