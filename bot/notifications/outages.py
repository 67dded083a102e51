"""Deliveries of an outage: its card, and the portions of its followers that are resolved."""

from datetime import datetime

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.announcements.announcing import refresh_announcements
from bot.notifications.rows import outage_delivery
from models.outbox.delivery import Delivery
from models.outbox.details import OutageUpdateDetails
from models.outbox.kinds import DeliveryKind, Queue
from models.outbox.recipient import Recipient
from models.person import Person
from models.tickets.outage import Outage, OutageEvent, Portion

FOLLOWERS = str(Recipient(Queue.FOLLOWERS))
"""The recipient of all portions of all outages: each outage has at most one that is pending."""


def announce_outage(uow: UnitOfWork, outage: Outage, event: OutageEvent) -> None:
    """Queue the outage's card, its announcements, and the App Home of who acted. Other people's show the
    outage when they are opened."""
    actor = uow.session.get_one(Person, event.actor_id)
    refresh_announcements(uow, outage, why=str(event.id))
    _queue_card_and_home(uow, outage, str(event.id), actor)


def refresh_outage(uow: UnitOfWork, outage: Outage, *, why: str) -> None:
    """Queue the outage's card. `why` is part of the delivery's key."""
    _queue_card_and_home(uow, outage, why, None)


def tell_follower(uow: UnitOfWork, outage: Outage, event: OutageEvent, person_id: int) -> Delivery:
    """The message about an update for one of its followers; not yet in the session."""
    dm, kind = Recipient(Queue.DIRECT_MESSAGE, person_id), DeliveryKind.OUTAGE_UPDATE
    delivery = outage_delivery(uow, outage, kind, dm, key=f"update:{event.id}:{person_id}")
    delivery.details = OutageUpdateDetails(event.id)
    return delivery


def remind_of_update(uow: UnitOfWork, outage: Outage, at: datetime) -> None:
    """Queue the reminder that an update was promised for `at`."""
    assert outage.updated_by_id is not None
    dm, kind = Recipient(Queue.DIRECT_MESSAGE, outage.updated_by_id), DeliveryKind.UPDATE_DUE
    uow.session.add(outage_delivery(uow, outage, kind, dm, key=f"update_due:{at.timestamp()}"))


def queue_portion(uow: UnitOfWork, outage: Outage, portion: Portion) -> None:
    """Queue the resolution of the next portion of an outage's followers. It is due behind the messages that
    wait already: other tickets wait for the messages of one portion at most."""
    delivery = outage_delivery(
        uow,
        outage,
        DeliveryKind.OUTAGE_RESOLUTION,
        Recipient(Queue.FOLLOWERS),
        key=f"portion:{portion.number}",
    )
    delivery.details = portion
    uow.session.add(delivery)


def announce_portion(uow: UnitOfWork, outage: Outage, portion: Portion, *, is_last: bool) -> None:
    """Queue the outage's card once a portion was resolved; after the last one the App Home of who resolved
    the outage too."""
    _queue_card_and_home(uow, outage, f"told:{portion.number}", outage.resolved_by if is_last else None)


def _queue_card_and_home(uow: UnitOfWork, outage: Outage, key: str, actor: Person | None) -> None:
    recipients = {DeliveryKind.OUTAGE: Recipient(Queue.OUTAGE, outage.id)}
    if actor is not None and actor.home_opened_at is not None:
        recipients[DeliveryKind.HOME] = Recipient(Queue.HOME, actor.id)
    for kind, recipient in recipients.items():
        uow.session.add(outage_delivery(uow, outage, kind, recipient, key=f"{key}:{kind}"))
