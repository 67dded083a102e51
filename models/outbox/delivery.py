"""The outbox: every lasting message and e-mail, written with the change it tells of."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Moment, word_of


class DeliveryKind(StrEnum):
    """What is to be sent; the surface it goes to follows from it."""

    CARD = "card"  # the requester's living card, in their direct message
    TRIAGE_CARD = "triage_card"  # the team's living card, in its channel
    THREAD = "thread"  # a line in the triage card's thread
    COMMENT = "comment"  # what somebody said, for those on the other side; edited as they edit it
    FILE = "file"  # an attachment: fetched, kept, posted for those on the other side
    MOVED = "moved"  # the card that a team no longer has, in its final state
    OUTAGE = "outage"  # a known outage's living card, in its team's channel
    APPROVAL = "approval"  # a resolution to approve
    SETTLED = "settled"  # an approval request rewritten to its final state
    HOME = "home"  # a person's App Home
    MAIL = "mail"


class DeliveryState(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    SKIPPED = "skipped"  # the ticket had moved past it; `reason` says how
    DEAD = "dead"  # given up; `reason` says why


class Delivery(Base):
    """One message to send, once."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("key"),
        Index(
            "ix_delivery_due",
            "due_at",
            "id",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "ix_delivery_order",
            "recipient",
            "ticket_id",
            "event_number",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index("ix_delivery_ticket_id", "ticket_id"),
        # Few among what is kept for months, and asked for by whoever watches.
        Index(
            "ix_delivery_dead",
            "kind",
            "ticket_id",
            sqlite_where=text("state = 'dead'"),
            postgresql_where=text("state = 'dead'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DeliveryKind] = mapped_column(word_of(DeliveryKind))
    recipient: Mapped[str] = mapped_column(String(80))
    """`dm:<person id>`, `team:<team id>`, `home:<person id>`, `mail:<person id>` or `outage:<id>`: a queue of
    its own."""
    method: Mapped[str] = mapped_column(String(64))
    """The Web API method it will most likely call, or `smtp`: what a pause names."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    team_id: Mapped[str | None] = mapped_column(ForeignKey("team.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    outage_id: Mapped[int | None] = mapped_column(ForeignKey("outage.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    event_number: Mapped[int] = mapped_column(default=0)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What the kind needs: the mail's template, the attachment's id."""
    key: Mapped[str] = mapped_column(String(120))
    """What makes it one: carried by the message, so that a lost answer is found again."""
    state: Mapped[DeliveryState] = mapped_column(word_of(DeliveryState), default=DeliveryState.PENDING)
    attempt: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    """Set while an attempt may have reached the far side."""
    uncertain: Mapped[bool] = mapped_column(default=False)
    """An earlier attempt may have reached the far side: look before sending again."""
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    remote_id: Mapped[str | None] = mapped_column(String(255))
    """Slack's `ts`, or the mail's `Message-ID`."""
    reason: Mapped[str | None] = mapped_column(Text)
    """The last error, or why it was skipped."""


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


class Pause(Base):
    """A method, a channel or a whole sender that must rest: read by every claim."""

    __tablename__ = "pause"

    scope: Mapped[str] = mapped_column(String(120), primary_key=True)
    """A method (`chat.update`, `smtp`), or `slack` for all of them."""
    until: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(Text)


class Periodic(Base):
    """When a periodic job is next due; moved forward by compare-and-set."""

    __tablename__ = "periodic"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(Moment)
