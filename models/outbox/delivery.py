"""The outbox: every lasting message and e-mail, written in the transaction of its change."""

from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, and_, or_
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, OpenEnum, UtcDateTime, enum_column, partial_index
from models.outbox.details import Details, DetailsType, NoDetails
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.reasons import REMOTE_CODE_MAX, Cause, Reason

D = TypeVar("D", bound=Details)


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
        # Few among what is kept for months; health checks ask for them.
        partial_index("ix_delivery_dead", "kind", "ticket_id", where="state = 'dead'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DeliveryKind] = mapped_column(enum_column(DeliveryKind))
    recipient: Mapped[str] = mapped_column(String(80))
    """A `Recipient` as text. The deliveries of a ticket to one recipient are sent in order."""
    method: Mapped[str] = mapped_column(String(64))
    """The Web API method it will most likely call, `smtp`, or `outage.resolve`: the scope of a pause."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    team_id: Mapped[str | None] = mapped_column(ForeignKey("team.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    outage_id: Mapped[int | None] = mapped_column(ForeignKey("outage.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    event_number: Mapped[int] = mapped_column(default=0)
    details: Mapped[Details] = mapped_column(DetailsType, default=NoDetails())
    """What its kind needs beside these columns."""
    key: Mapped[str] = mapped_column(String(120))
    """Unique. Slack's messages carry it as metadata, so that one whose answer was lost is found again."""
    state: Mapped[DeliveryState] = mapped_column(enum_column(DeliveryState), default=DeliveryState.PENDING)
    attempt: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    awaited_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when it is late, where that is not `due_at`: a retry has moved that, or a rate limit held it."""
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Set while an attempt may have sent it."""
    uncertain: Mapped[bool] = mapped_column(default=False)
    """An earlier attempt may have sent it: it is looked for before it is sent again."""
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    defects: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many attempts ended with an unexpected error."""
    defect_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the first of them was."""
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remote_id: Mapped[str | None] = mapped_column(String(255))
    """Slack's `ts`, or the mail's `Message-ID`."""
    reason: Mapped[Reason | None] = mapped_column(OpenEnum(Reason, Reason.OTHER))
    """The last error, or why it was skipped."""
    remote_call: Mapped[str | None] = mapped_column(String(64))
    """The Web API method or SMTP command that was refused or not answered."""
    remote_code: Mapped[str | None] = mapped_column(String(REMOTE_CODE_MAX))
    """Slack's or SMTP's code, or the type of an exception."""

    @property
    def cause(self) -> Cause | None:
        """`reason` and what it was about."""
        return Cause(self.reason, self.remote_call, self.remote_code) if self.reason else None

    def details_as(self, expected: type[D]) -> D:
        """The details of a kind that has them always. Raises `TypeError`."""
        if not isinstance(self.details, expected):
            raise TypeError(f"delivery {self.id} has {type(self.details).__name__}")
        return self.details


def is_scheduled(row: type[Delivery]) -> ColumnElement[bool]:
    """Whether it is an e-mail for later that nobody misses yet: it was never tried, or was held back for the
    day."""
    is_held = and_(row.reason.is_not(None), row.reason == Reason.REMINDED_TODAY)
    return and_(row.kind == DeliveryKind.MAIL, row.due_at > row.created_at, or_(row.attempt == 0, is_held))
