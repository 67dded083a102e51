"""Somebody has left a team's channel, or the organisation: what becomes of their open tickets."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, UtcDateTime, enum_column
from models.catalogue import Team
from models.person import Person

WAIT = timedelta(hours=1)
"""How long after somebody has left the members are read. Who is back by then keeps their tickets."""
RETURNABLE_FOR = timedelta(days=1)
"""How long what was released can be given back."""


class DepartureState(StrEnum):
    WAITING = "waiting"  # for the reading of the members
    VOID = "void"  # they are back, or the channel was archived, converted or replaced
    RELEASING = "releasing"  # their absence is confirmed
    RELEASED = "released"  # their tickets are in the queue of the team
    RETURNING = "returning"  # somebody of the team gives them back
    RETURNED = "returned"


class Departure(Base):
    """One person who has left one team."""

    __tablename__ = "departure"
    __table_args__ = (Index("ix_departure_channel", "channel", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id"))
    channel: Mapped[str] = mapped_column(String(32))
    """The channel of the team when they left."""
    left_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_deactivated: Mapped[bool] = mapped_column(default=False)
    """They have left the organisation: their account is deactivated."""
    state: Mapped[DepartureState] = mapped_column(enum_column(DepartureState), default=DepartureState.WAITING)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the last of their tickets was released."""
    returned_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who gives the tickets back."""
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    message_channel: Mapped[str | None] = mapped_column(String(32))
    """The channel of the summary, with its `ts`, once it has been posted."""
    message_ts: Mapped[str | None] = mapped_column(String(32))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    returned_by: Mapped[Person | None] = relationship(foreign_keys=[returned_by_id])
    team: Mapped[Team] = relationship()

    def is_returnable(self, now: datetime) -> bool:
        """Whether the tickets may still be given back."""
        if self.state is not DepartureState.RELEASED or self.released_at is None:
            return False
        return now < self.released_at + RETURNABLE_FOR


class ReleasedTicket(Base):
    """A ticket that a departure has released."""

    __tablename__ = "released_ticket"
    __table_args__ = (Index("ix_released_ticket_ticket_id", "ticket_id"),)

    departure_id: Mapped[int] = mapped_column(ForeignKey("departure.id"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    is_returned: Mapped[bool] = mapped_column(default=False)
    """It was given back."""
