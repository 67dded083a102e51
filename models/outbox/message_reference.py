"""Where a Slack message of ours stands, or stood."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, word_of
from models.outbox.kinds import DeliveryKind


class Post(Base):
    """A Slack message of ours that is edited later: where it stands."""

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("ticket_id", "recipient", "kind", "event_number", "part"),
        Index("ix_post_channel_ts", "channel", "ts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    recipient: Mapped[str] = mapped_column(String(80))
    kind: Mapped[DeliveryKind] = mapped_column(word_of(DeliveryKind))
    event_number: Mapped[int] = mapped_column(default=0)
    """0 for a living card; an approval request has the number of the resolution it asks about."""
    part: Mapped[int] = mapped_column(default=0)
    """Long words take several messages."""
    channel: Mapped[str] = mapped_column(String(32))
    ts: Mapped[str] = mapped_column(String(32))

    def gone(self) -> "GonePost":
        """What is kept of it once it is gone."""
        return GonePost(channel=self.channel, ts=self.ts, ticket_id=self.ticket_id, kind=self.kind)


class GonePost(Base):
    """Where a message of ours stood that is gone from Slack, or out of reach: its thread may still be there,
    and what people write in it is for the same ticket."""

    __tablename__ = "gone_post"

    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    ts: Mapped[str] = mapped_column(String(32), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    kind: Mapped[DeliveryKind] = mapped_column(word_of(DeliveryKind))
