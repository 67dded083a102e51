"""What people write to each other about a ticket; a comment follows the edits of its message."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, UtcDateTime
from models.characters import is_blank
from models.person import Person
from models.tickets.event import Event
from models.tickets.ticket import Ticket

PART_MAX = 9_000  # characters; a Slack message takes about 12,000


class Comment(Base):
    """The text of one event: a reply, an answer, or a note that only the team may read."""

    __tablename__ = "comment"
    __table_args__ = (
        UniqueConstraint("channel", "ts"),
        UniqueConstraint("event_id"),
        Index("ix_comment_ticket_id", "ticket_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    is_internal: Mapped[bool]
    """A note: it never reaches the requester."""
    text: Mapped[str] = mapped_column(Text)
    channel: Mapped[str | None] = mapped_column(String(32))
    """The channel of the Slack message that it was written as, with its `ts`: an edit names them, and the
    same message is one comment. `None` for a form's."""
    ts: Mapped[str | None] = mapped_column(String(32))
    thread_ts: Mapped[str | None] = mapped_column(String(32))
    """The thread of that message; `None` outside of threads, and in what version 0.1 kept."""
    submission: Mapped[str | None] = mapped_column(String(36), unique=True)
    """A uuid made with a form: the same one twice is one comment."""
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    edited_ts: Mapped[str | None] = mapped_column(String(32))
    """Slack's number of the edit that made this text: an older edit that arrives later changes nothing."""
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=0)
    parts: Mapped[int] = mapped_column(default=1)
    """How many messages it takes, at most so far."""

    ticket: Mapped[Ticket] = relationship()
    event: Mapped[Event] = relationship()
    author: Mapped[Person] = relationship()

    @property
    def pieces(self) -> int:
        """How many messages its text takes now."""
        return max(1, -(-len(self.text) // PART_MAX))

    def piece(self, part: int) -> str:
        """The text of one of its messages."""
        return self.text[part * PART_MAX : (part + 1) * PART_MAX]

    def write(self, text: str) -> None:
        """Set the text; the number of its messages never falls."""
        self.text = text
        self.parts = max(self.parts or 1, self.pieces)


def added(before: str, now: str) -> str:
    """What `now` adds to `before`: the lines after it, or all of it; "" when they are the same."""
    before, now = before.strip(), now.strip()
    if now == before or is_blank(now):
        return ""
    return now.removeprefix(before).strip() if before and now.startswith(f"{before}\n") else now
