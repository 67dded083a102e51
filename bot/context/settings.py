"""The settings that apply to use cases."""

from dataclasses import dataclass, fields

from bot.settings import Settings
from models.lifecycle import Ending


@dataclass(frozen=True)
class UseCaseSettings:
    """What of the settings applies to use cases."""

    reopen_days: int = 10
    reopen_silent_days: int = 60
    """The same of a ticket that was closed because its requester did not answer."""
    retention_files_months: int | None = None
    """Months after the closing of a ticket; here as in the next, `None`: not chosen, nothing is erased."""
    retention_tickets_months: int | None = None
    retention_visa_required: bool = True
    """Whether only what the archivist has signed is erased."""
    default_time_zone: str = "Europe/Paris"
    close_solution_after: int = 10
    """Working days without an answer to a solution; here as in the next, 0 is never."""
    close_question_after: int = 15
    review_hold_after: int = 10
    """Working days after which a hold for a supplier or a part, without a date, ends; 0: it does not."""
    description_required: bool = False
    desk_phone: str | None = None
    """As people are shown it."""
    privacy_controller: str | None = None
    """The name and address of the organisation that is responsible for personal data."""
    privacy_contact: str | None = None
    """The address of its data-protection officer."""
    privacy_url: str | None = None
    """Of its notice about personal data."""
    privacy_transfers: tuple[str, ...] = ()
    """On which transfers outside the European Union rest (`blocks.own_data.notice.SAFEGUARDS`)."""
    tickets_per_day: int = 0
    """Tickets that one person may file within 24 hours; a technician ten times as many. Here as below, 0 is
    no limit."""
    comments_per_day: int = 0
    """Replies, answers and notes, likewise."""
    attachments_mb_per_day: int = 0
    """Megabytes of files, likewise."""
    audit_months: int = 12
    """Months after which a line of the audit trail is deleted."""

    def days_to_reopen(self, ending: Ending | None) -> int:
        """How many days a ticket that ended so may be reopened."""
        return self.reopen_silent_days if ending is Ending.SILENCE else self.reopen_days


def use_case_settings(settings: Settings) -> UseCaseSettings:
    """What the use cases need of the settings."""
    return UseCaseSettings(
        **{each.name: getattr(settings, each.name) for each in fields(UseCaseSettings)},
    )
