"""What a transfer of a file's bytes is about. Apart from `bot.delivery.senders.transfer`, whose HTTP client
takes long to import: a process that transfers nothing does without it."""

from dataclasses import dataclass

from models.tickets.attachment import AttachmentReason


@dataclass(frozen=True)
class About:
    """What Slack says of a file; `None` where it is silent."""

    name: str | None = None
    media_type: str | None = None
    permalink: str | None = None


class FileUnavailable(Exception):
    """The file can never be fetched."""

    def __init__(self, reason: AttachmentReason) -> None:
        super().__init__(reason)
        self.reason = reason
        self.about = About()


def nothing() -> None:
    """What is done for each piece when nobody asks for more."""
