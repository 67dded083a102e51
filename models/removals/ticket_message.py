"""Messages in Slack about a ticket that no other table has."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class TicketMessage(Base):
    """A message of Guichet's that is never edited, such as a line for the team; or one from which somebody
    filed a ticket. It is to be found when the ticket is forgotten. One message may be about many tickets."""

    __tablename__ = "ticket_message"
    __table_args__ = (Index("ix_ticket_message_ticket_id", "ticket_id"),)

    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    ts: Mapped[str] = mapped_column(String(32), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    thread_ts: Mapped[str | None] = mapped_column(String(32))
    owner: Mapped[str | None] = mapped_column(String(32))
    """The Slack id of who wrote it; `None`: Guichet."""
