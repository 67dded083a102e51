"""The outbox: every lasting message and e-mail, written with the change it tells of."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, enum_column, partial_index
from models.outbox.kinds import DeliveryKind, DeliveryState


class Delivery(Base):
    """One message to send, once."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("key"),
        partial_index("ix_delivery_due", "due_at", "id", where="state = 'pending'"),
        partial_index(
            "ix_delivery_order", "recipient", "ticket_id", "event_number", where="state = 'pending'"
        ),
        Index("ix_delivery_ticket_id", "ticket_id"),
        # Few among what is kept for months, and asked for by whoever watches.
        partial_index("ix_delivery_dead", "kind", "ticket_id", where="state = 'dead'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DeliveryKind] = mapped_column(enum_column(DeliveryKind))
    recipient: Mapped[str] = mapped_column(String(80))
    """`dm:<person id>`, `team:<team id>`, `home:<person id>`, `mail:<person id>` or `outage:<id>`: a queue of
    its own. `followers`: nobody is written to, an outage's followers are resolved."""
    method: Mapped[str] = mapped_column(String(64))
    """The Web API method it will most likely call, `smtp`, or `outage.resolve`: what a pause names."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    team_id: Mapped[str | None] = mapped_column(ForeignKey("team.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    outage_id: Mapped[int | None] = mapped_column(ForeignKey("outage.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    event_number: Mapped[int] = mapped_column(default=0)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What the kind needs: the mail's template and the token of its Message-ID, the attachment's id."""
    key: Mapped[str] = mapped_column(String(120))
    """What makes it one: carried by the message, so that a lost answer is found again."""
    state: Mapped[DeliveryState] = mapped_column(enum_column(DeliveryState), default=DeliveryState.PENDING)
    attempt: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Set while an attempt may have reached the far side."""
    uncertain: Mapped[bool] = mapped_column(default=False)
    """An earlier attempt may have reached the far side: look before sending again."""
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    defects: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many attempts an unexpected error ended."""
    defect_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the first of them was."""
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remote_id: Mapped[str | None] = mapped_column(String(255))
    """Slack's `ts`, or the mail's `Message-ID`."""
    reason: Mapped[str | None] = mapped_column(Text)
    """The last error, or why it was skipped."""
