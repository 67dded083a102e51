"""Deliveries of the announcements of an outage: one message for each channel, edited to the end."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.maintenance.requeue import requeue_dead
from bot.notifications.rows import outage_delivery
from models.announcements.announcement import Announcement, AnnouncementChannel
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState, Queue
from models.outbox.reasons import NO_CHANNEL
from models.outbox.recipient import Recipient
from models.tickets.outage import Outage


def refresh_announcements(uow: UnitOfWork, outage: Outage, *, why: str) -> None:
    """Queue the outage's announcements. `why` is part of the deliveries' keys."""
    kind = DeliveryKind.ANNOUNCEMENT
    of_outage = select(Announcement.id).where(Announcement.outage_id == outage.id).order_by(Announcement.id)
    for number in uow.session.scalars(of_outage).all():
        recipient = Recipient(Queue.ANNOUNCEMENT, number)
        key = f"{why}:{kind}:{number}"
        uow.session.add(outage_delivery(uow, outage, kind, recipient, key=key))


def requeue(session: Session, place: AnnouncementChannel, *, now: datetime) -> None:
    """Queue again what was given up because the channel was out of reach."""
    of_place = select(Announcement.id).where(Announcement.channel_name == place.name)
    recipients = [str(Recipient(Queue.ANNOUNCEMENT, number)) for number in session.scalars(of_place)]
    dead = select(Delivery.id).where(
        Delivery.state == DeliveryState.DEAD,
        Delivery.kind == DeliveryKind.ANNOUNCEMENT,
        Delivery.recipient.in_(recipients),
        Delivery.reason.in_(NO_CHANNEL),
    )
    if recipients and (ids := session.scalars(dead).all()):
        requeue_dead(session, now=now, ids=ids)
