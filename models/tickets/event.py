"""A ticket's history: append-only, one row a change."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, JsonColumn, UtcDateTime, enum_column
from models.details import EventDetails
from models.lifecycle import Action, Status
from models.person import Person

if TYPE_CHECKING:
    from models.tickets.ticket import Ticket


class Event(Base):
    """Who did what to a ticket, when, and through which surface."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("ticket_id", "number"),
        Index("ix_event_actor_id", "actor_id", "at"),  # what one person did lately
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    number: Mapped[int]
    """1, 2, 3… within the ticket, assigned under the ticket's lock."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    action: Mapped[Action] = mapped_column(enum_column(Action))
    from_status: Mapped[Status | None] = mapped_column(enum_column(Status))
    to_status: Mapped[Status] = mapped_column(enum_column(Status))
    surface: Mapped[str] = mapped_column(String(32))
    text: Mapped[str | None] = mapped_column(Text)
    """The solution or the reason; the text of a comment is in `Comment`."""
    details: Mapped[EventDetails] = mapped_column(JsonColumn(EventDetails), default=EventDetails)

    ticket: Mapped["Ticket"] = relationship(foreign_keys=[ticket_id])
    actor: Mapped[Person] = relationship()


@dataclass(frozen=True)
class Line:
    """An event as somebody may read it: with the text that they may read."""

    event: Event
    text: str | None = None
    is_edited: bool = False
    is_deleted: bool = False


class Change(Protocol):
    """What an action changes, as the form of that action says."""

    def make(self, ticket: "Ticket", now: datetime) -> EventDetails:
        """Change the ticket. Returns the details of the event."""
