"""The deliveries that remind a requester: one message with all that waits, and e-mails."""

from collections.abc import Sequence
from secrets import token_hex

from sqlalchemy import literal_column, select
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.rows import event_delivery
from models.outbox.delivery import Delivery
from models.outbox.details import MailDetails, ReminderDetails
from models.outbox.kinds import UPDATE, DeliveryKind, Queue
from models.outbox.recipient import Recipient
from models.outbox.reminder import Reminder
from models.tickets.event import Event
from models.tickets.ticket import Ticket

# As text: with a bound value the databases do not use the partial index on pending deliveries.
_PENDING = literal_column("'pending'", type_=Delivery.state.type)
QUESTION_STEPS, SOLUTION_STEPS = (2, 5, 12), (3, 7)
"""After how many working days a requester is reminded."""


def queue_reminder(uow: UnitOfWork, person_id: int, tickets: Sequence[Ticket]) -> None:
    """Queue a person's reminder, of which these tickets are the cause."""
    waits = tuple((ticket.id, ticket.wait_event) for ticket in tickets if ticket.wait_event is not None)
    uow.session.add(_delivery(uow, person_id, ReminderDetails(waits), why=f"{uow.now.timestamp():.0f}"))


def refresh_reminder(uow: UnitOfWork, person_id: int, *, why: str) -> None:
    """Queue the reminder that stands in a person's direct message, or is being sent, as it is to be now."""
    standing = uow.session.get(Reminder, person_id)
    is_shown = (standing is not None and standing.ts is not None) or is_queued(uow.session, person_id)
    if not is_shown or (DeliveryKind.REMINDER, person_id) in uow.queued:
        return
    uow.queued.add((DeliveryKind.REMINDER, person_id))
    delivery = _delivery(uow, person_id, ReminderDetails(), why=why)
    delivery.method = UPDATE
    uow.session.add(delivery)


def is_queued(session: Session, person_id: int) -> bool:
    """Whether a reminder for this person is still to be sent."""
    rows = session.scalars(
        select(Delivery.details).where(
            Delivery.state == _PENDING,
            Delivery.recipient == str(Recipient(Queue.DIRECT_MESSAGE, person_id)),
            Delivery.kind == DeliveryKind.REMINDER,
        )
    )
    return any(isinstance(each, ReminderDetails) and each.waits for each in rows)


def queue_mail(uow: UnitOfWork, event: Event, template: str, *, key: str = "") -> None:
    """Queue an e-mail about an event that goes with a reminder, unless it was queued before."""
    ticket = event.ticket
    delivery = event_delivery(uow, event, DeliveryKind.MAIL, Recipient(Queue.MAIL, ticket.requester_id))
    delivery.key += key
    delivery.details = MailDetails(template, token_hex(8))
    if uow.session.scalar(select(Delivery.id).where(Delivery.key == delivery.key)) is None:
        uow.session.add(delivery)


def _delivery(uow: UnitOfWork, person_id: int, details: ReminderDetails, *, why: str) -> Delivery:
    recipient, kind = Recipient(Queue.DIRECT_MESSAGE, person_id), DeliveryKind.REMINDER
    return Delivery(
        kind=kind,
        recipient=str(recipient),
        method=kind.description.method,
        person_id=person_id,
        details=details,
        key=f"reminder:{person_id}:{why}",
        created_at=uow.now,
        due_at=uow.now,
    )
