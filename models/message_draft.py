"""What somebody wrote to Guichet outside of any thread, until it is filed or added to a ticket."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, JsonColumn, UtcDateTime
from models.person import Person
from models.tickets.draft import NewFile


@dataclass(frozen=True)
class DraftMessage:
    """A Slack message of a draft, as it reads now."""

    ts: str
    text: str
    files: Sequence[NewFile] = ()
    edited_ts: str | None = None
    """Slack's number of the edit that made this text."""


class MessageDraft(Base):
    """The messages that one person wrote in a row, and where they were answered."""

    __tablename__ = "message_draft"
    __table_args__ = (
        Index("ix_message_draft_person_id", "person_id", "written_at"),
        Index("ix_message_draft_expires_at", "expires_at"),
        {"sqlite_autoincrement": True},  # an id is never reused: buttons and keys of deliveries hold it
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    channel: Mapped[str] = mapped_column(String(32))
    """Where they were written: the direct message with Guichet, or the channel in which it was mentioned."""
    source: Mapped[str | None] = mapped_column(String(3000))
    """The address of a message in a channel; `None` for what was written to Guichet itself."""
    messages: Mapped[Sequence[DraftMessage]] = mapped_column(JsonColumn(list[DraftMessage]), default=list)
    """In the order in which they were written."""
    revision: Mapped[int] = mapped_column(default=0)
    """How often they changed."""
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the last of them was written."""
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the row is deleted."""
    answer_channel: Mapped[str | None] = mapped_column(String(32))
    """Where the answer below them is, with `answer_ts`."""
    answer_ts: Mapped[str | None] = mapped_column(String(32))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    """The ticket that they were filed as, or added to."""
    is_new_ticket: Mapped[bool] = mapped_column(default=False)
    """They were filed as `ticket_id`, not added to it."""

    person: Mapped[Person] = relationship()

    @property
    def is_mention(self) -> bool:
        """Whether it was written in a channel."""
        return not self.channel.startswith("D")

    @property
    def text(self) -> str:
        """All their texts, one below the other."""
        return "\n".join(message.text for message in self.messages if message.text.strip())

    @property
    def files(self) -> list[NewFile]:
        """All their files."""
        return [file for message in self.messages for file in message.files]
