"""The channel and `ts` of a Slack message of ours."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, enum_column
from models.outbox.kinds import DeliveryKind


class MessageReference(Base):
    """A Slack message of ours that may be edited later."""

    __tablename__ = "message_reference"
    __table_args__ = (
        UniqueConstraint("ticket_id", "recipient", "kind", "event_number", "part"),
        Index("ix_message_reference_channel_ts", "channel", "ts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    recipient: Mapped[str] = mapped_column(String(80))
    kind: Mapped[DeliveryKind] = mapped_column(enum_column(DeliveryKind))
    event_number: Mapped[int] = mapped_column(default=0)
    """0 for a living card; a `RESOLUTION` has the number of the resolution that it asks about, a
    `DECISION` that of its event, an `AGREEMENT` and an `AGREEMENT_WAIT` the id of their step."""
    part: Mapped[int] = mapped_column(default=0)
    """A long comment takes several messages, a step asks several times: 0, 1, 2…"""
    channel: Mapped[str] = mapped_column(String(32))
    ts: Mapped[str] = mapped_column(String(32))

    def gone(self) -> "FormerMessageReference":
        """The row to keep once the message is gone."""
        return FormerMessageReference(
            channel=self.channel, ts=self.ts, ticket_id=self.ticket_id, kind=self.kind
        )


class FormerMessageReference(Base):
    """A message of ours that is gone from Slack, or out of reach. Its thread may still be there, and what
    people write in it belongs to the same ticket."""

    __tablename__ = "former_message_reference"
    __table_args__ = (Index("ix_former_message_reference_ticket_id", "ticket_id"),)

    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    ts: Mapped[str] = mapped_column(String(32), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    kind: Mapped[DeliveryKind] = mapped_column(enum_column(DeliveryKind))
