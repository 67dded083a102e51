"""E-mails: what is known of each, and how many one person gets about a ticket."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.outbox.delivery import Delivery
from models.outbox.details import MailDetails
from models.outbox.kinds import DeliveryKind
from models.outbox.mail_count import MailCount

MAILS_MAX = 6
"""About one ticket, to one person. The rest is said in Slack only."""
REMINDER_EVERY = timedelta(days=1)
"""At most one reminder about a ticket in this time."""


@dataclass(frozen=True)
class MailDescription:
    """What is known of an e-mail, by the name of its template."""

    message: DeliveryKind
    """The message in Slack that has its buttons: its link opens it."""
    is_reminder: bool = False
    """Of what Slack said before; any other tells of a step, and is sent at once."""
    is_counted: bool = True
    """Whether it is one of the e-mails about a ticket that its requester gets."""


MAILS: Mapping[str, MailDescription] = {
    "received": MailDescription(DeliveryKind.CARD),
    "question": MailDescription(DeliveryKind.COMMENT, is_reminder=True),
    "resolved": MailDescription(DeliveryKind.RESOLUTION),
    "closing": MailDescription(DeliveryKind.RESOLUTION, is_reminder=True),
    "closed": MailDescription(DeliveryKind.DECISION),
    "agreement": MailDescription(DeliveryKind.AGREEMENT, is_counted=False),
}


def is_exhausted(session: Session, delivery: Delivery) -> bool:
    """Whether the person has had all e-mails about the ticket that they are to get."""
    count = _count(session, delivery) if _description(delivery).is_counted else None
    return count is not None and count.sent >= MAILS_MAX


def held_until(session: Session, delivery: Delivery, *, now: datetime) -> datetime | None:
    """When a reminder may be sent, while the last one about the ticket is too recent."""
    if not _description(delivery).is_reminder:
        return None
    count = _count(session, delivery)
    if count is None or count.reminded_at is None or now >= count.reminded_at + REMINDER_EVERY:
        return None
    return min(count.reminded_at, now) + REMINDER_EVERY  # a clock that was ahead may have written a later one


def count_mail(session: Session, delivery: Delivery, *, now: datetime) -> None:
    """Count an e-mail, in the transaction that completes its delivery as sent; one for an approver, who
    gets one for each step, is not counted."""
    if not _description(delivery).is_counted:
        return
    reminded = {"reminded_at": now} if _description(delivery).is_reminder else {}
    counted = session.execute(
        update(MailCount)
        .where(MailCount.ticket_id == delivery.ticket_id, MailCount.person_id == delivery.person_id)
        .values(sent=MailCount.sent + 1, **reminded)
        .returning(MailCount.sent)
        .execution_options(synchronize_session=False)
    )
    if counted.scalar_one_or_none() is None:
        assert delivery.ticket_id is not None
        assert delivery.person_id is not None
        session.add(MailCount(ticket_id=delivery.ticket_id, person_id=delivery.person_id, sent=1, **reminded))


def _description(delivery: Delivery) -> MailDescription:
    return MAILS[delivery.details_as(MailDetails).template]


def _count(session: Session, delivery: Delivery) -> MailCount | None:
    return session.get(MailCount, (delivery.ticket_id, delivery.person_id))
