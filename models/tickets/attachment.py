"""A file that came with a ticket."""

from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, enum_column
from models.tickets.comment import Comment
from models.tickets.ticket import Ticket


class AttachmentState(StrEnum):
    WAITING = "waiting"  # still with Slack only
    KEPT = "kept"  # in our store
    FAILED = "failed"  # cannot be fetched; `reason` says why


class AttachmentReason(StrEnum):
    """Why a file is not stored; `blocks.tickets.card` has the sentences."""

    DELETED = "deleted"  # by its author
    NOT_SHARED = "not_shared"  # deleted, or not shared with the app
    HIDDEN_BY_LIMIT = "hidden_by_limit"  # of the Slack plan
    NOT_OWNED = "not_owned"  # it belongs to another person than the form's sender
    EXTERNAL = "external"  # kept elsewhere than in Slack
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    EMPTY = "empty"


SIZE_MAX = 10 * 1024 * 1024
"""Bytes; a larger file is named, and not stored. What a form accepts (docs.slack.dev, "File input")."""


class Attachment(Base):
    """One file: as Slack named it, where we keep it, and why it could not be fetched."""

    __tablename__ = "attachment"
    __table_args__ = (
        UniqueConstraint("ticket_id", "comment_id", "slack_file_id"),
        Index("ix_attachment_ticket_id", "ticket_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"))
    """What it came with, when that was not the form of the ticket."""
    is_internal: Mapped[bool] = mapped_column(default=False)
    """It came with a note: it never reaches the requester."""
    slack_file_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(255))
    """As its author named it; never used as a path."""
    media_type: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column(BigInteger)
    """Bytes."""
    state: Mapped[AttachmentState] = mapped_column(
        enum_column(AttachmentState), default=AttachmentState.WAITING
    )
    key: Mapped[str | None] = mapped_column(String(255))
    """Its name in the store."""
    digest: Mapped[str | None] = mapped_column(String(64))
    """The SHA-256 of what is stored, in hexadecimal. Nothing reads it: it proves to what an agreement was
    given."""
    reason: Mapped[AttachmentReason | None] = mapped_column(enum_column(AttachmentReason))
    permalink: Mapped[str | None] = mapped_column(Text)
    """Where Slack shows it: the link to a file that could not be fetched."""
    owner_slack_id: Mapped[str | None] = mapped_column(String(32))
    """Whose it must be: who sent the form whose state named it. `None` when a message that Slack sent did."""

    ticket: Mapped[Ticket] = relationship()
    comment: Mapped[Comment | None] = relationship()


def key_of(file: Attachment) -> str:
    """The name in the store that a file gets. It is known before the file is stored, so that a removal always
    finds it."""
    return f"{file.ticket_id}-{file.id}"


class FileCopy(Base):
    """A copy of a file that we uploaded to Slack. The row is written before the copy is visible: a removal
    finds the copy by it."""

    __tablename__ = "file_copy"
    __table_args__ = (Index("ix_file_copy_attachment_id", "attachment_id"),)

    slack_file_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"))
    delivery_key: Mapped[str] = mapped_column(String(120))
    """The delivery that made it: an attempt whose answer was lost finds its copy by it."""
    recipient: Mapped[str | None] = mapped_column(String(80))
    """Whom it was posted for, as `Delivery.recipient`; `None` in what version 0.1 posted, as below."""
    permalink: Mapped[str | None] = mapped_column(Text)
    """Where Slack shows it."""
