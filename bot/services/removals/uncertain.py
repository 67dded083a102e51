"""Messages that an attempt may have posted, whose place nobody knows: they are looked for by their key."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from bot.services.removals import rows
from bot.services.removals.rows import Values
from models.catalogue import Team
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState, Queue
from models.outbox.message_reference import MessageReference
from models.outbox.recipient import Recipient
from models.person import Person
from models.removals.removal import RemovalKind

AFTER = timedelta(minutes=2)
"""Longer than an attempt that is under way can still post (`bot.delivery.outbox.LEASE`)."""
_ELSEWHERE = (DeliveryKind.HOME, DeliveryKind.FILE, DeliveryKind.MAIL)


def look_for_uncertain(uow: UnitOfWork, ticket_id: int) -> bool:
    """Have the messages looked for that the ticket's unfinished attempts may have posted, and deleted. To be
    called while the deliveries and references are there. Returns whether there are any attempts."""
    started = select(Delivery).where(
        Delivery.ticket_id == ticket_id,
        Delivery.state == DeliveryState.PENDING,
        Delivery.started_at.is_not(None),
    )
    deliveries = uow.session.scalars(started).all()
    for delivery in deliveries:
        if delivery.kind not in _ELSEWHERE:
            rows.add(uow, RemovalKind.MESSAGE, [*_places(uow, delivery)])
    return bool(deliveries)


def _places(uow: UnitOfWork, delivery: Delivery) -> Iterator[Values]:
    """Where it may stand: at the root of its recipient's channel, and in each thread of the ticket there."""
    found = {
        "ticket_id": delivery.ticket_id,
        "key": delivery.key,
        "created_at": delivery.created_at,
        "due_at": uow.now + AFTER,
    }
    of_recipient = select(MessageReference.channel, MessageReference.ts).where(
        MessageReference.ticket_id == delivery.ticket_id, MessageReference.recipient == delivery.recipient
    )
    threads = uow.session.execute(of_recipient).all()
    for channel, thread_ts in threads:
        yield found | {"channel": channel, "thread_ts": thread_ts}
    for channel in {channel for channel, _ts in threads}:
        yield found | {"channel": channel}
    if not threads:
        yield from (found | root for root in _root(uow, delivery))


def _root(uow: UnitOfWork, delivery: Delivery) -> Iterator[Values]:
    """The channel of a recipient; a direct message that may be open, by whose it is."""
    recipient = Recipient.parse(delivery.recipient)
    if recipient.queue is Queue.DIRECT_MESSAGE and recipient.person_id is not None:
        person = uow.session.get_one(Person, recipient.person_id)
        yield {"channel": person.dm_channel, "owner": person.slack_id}
    elif recipient.team_id is not None:
        team = uow.session.get_one(Team, recipient.team_id)
        if team.channel_id:
            yield {"channel": team.channel_id}
