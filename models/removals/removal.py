"""What is still to be deleted in Slack: by Guichet, or by the people who wrote it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, enum_column, partial_index

CODE_MAX = 64


class RemovalKind(StrEnum):
    MESSAGE = "message"
    FILE = "file"
    HOME = "home"  # a person's App Home, which is drawn anew

    @property
    def method(self) -> str:
        """The Web API method that does it."""
        return _METHODS[self]


_METHODS = {
    RemovalKind.MESSAGE: "chat.delete",
    RemovalKind.FILE: "files.delete",
    RemovalKind.HOME: "views.publish",
}


class RemovalState(StrEnum):
    WAITING = "waiting"  # Guichet's own: a worker deletes it
    REFUSED = "refused"  # Guichet's own, which Slack does not delete; `code` says why
    OTHERS = "others"  # of a person: no app may delete it


class Removal(Base):
    """One message or file in Slack. The row is deleted once that is gone: its place is personal data."""

    __tablename__ = "removal"
    __table_args__ = (
        UniqueConstraint("channel", "ts"),
        UniqueConstraint("slack_file_id"),
        partial_index("ix_removal_due", "kind", "due_at", "id", where="state = 'waiting'"),
        partial_index("ix_removal_left", "state", "id", where="state <> 'waiting'"),
        Index("ix_removal_ticket_id", "ticket_id"),
        {"sqlite_autoincrement": True},  # an id is never reused: people tick entries off by it
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[RemovalKind] = mapped_column(enum_column(RemovalKind))
    state: Mapped[RemovalState] = mapped_column(enum_column(RemovalState), default=RemovalState.WAITING)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    channel: Mapped[str | None] = mapped_column(String(32))
    """Of a message, with its `ts`. Of a Home, `home`, with its owner as `ts`: each has one row."""
    ts: Mapped[str | None] = mapped_column(String(32))
    """`None` of a message that may have been posted: it is looked for by its `key`."""
    key: Mapped[str | None] = mapped_column(String(120))
    """Of its delivery."""
    thread_ts: Mapped[str | None] = mapped_column(String(32))
    """The thread that it stands in, where that is known."""
    slack_file_id: Mapped[str | None] = mapped_column(String(32))
    """Of a file."""
    permalink: Mapped[str | None] = mapped_column(Text)
    """Where Slack shows a file; of a message it follows from the other columns."""
    owner: Mapped[str | None] = mapped_column(String(32))
    """The Slack id of who wrote or uploaded it; `None`: Guichet, or unknown."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it was queued; with a `key`, when its delivery was."""
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """It is not deleted before."""
    attempt: Mapped[int] = mapped_column(default=0, server_default="0")
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    code: Mapped[str | None] = mapped_column(String(CODE_MAX))
    """Slack's last error."""


class RemovalCount(Base):
    """How many were deleted in one hour."""

    __tablename__ = "removal_count"

    hour: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the first of them was deleted."""
    done: Mapped[int] = mapped_column(default=0)
