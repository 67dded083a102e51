"""The settings that apply to use cases."""

from dataclasses import dataclass


@dataclass(frozen=True)
class UseCaseSettings:
    """What of the settings applies to use cases."""

    reopen_days: int = 10
    description_required: bool = False
    desk_phone: str | None = None
    """As people are shown it."""
    tickets_per_day: int = 0
    """Tickets that one person may file within 24 hours; a technician ten times as many. Here as below, 0 is
    no limit."""
    comments_per_day: int = 0
    """Replies, answers and notes, likewise."""
    attachments_mb_per_day: int = 0
    """Megabytes of files, likewise."""
