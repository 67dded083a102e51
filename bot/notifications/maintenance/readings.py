"""Readings of channels from Slack, queued for the worker: no request waits for them."""

from uuid import uuid4

from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from models.outbox.delivery import Delivery
from models.outbox.details import ChannelDetails, NoDetails
from models.outbox.kinds import DeliveryKind, DeliveryState, Queue
from models.outbox.recipient import Recipient

READ_ONE = "conversations.info"
READ_ALL = DeliveryKind.CHANNEL.description.method


def read_channel(uow: UnitOfWork, channel: str) -> None:
    """Queue the reading of a channel."""
    _queue_reading(uow, channel)


def read_channels(uow: UnitOfWork) -> None:
    """Queue the reading of all channels that the bot is in."""
    _queue_reading(uow, None)


def _queue_reading(uow: UnitOfWork, channel: str | None) -> None:
    recipient = Recipient(Queue.CHANNEL, channel or "*")
    waiting = select(Delivery.id).where(
        Delivery.state == DeliveryState.PENDING,
        Delivery.recipient == str(recipient),
        Delivery.started_at.is_(None),
    )
    if uow.session.scalar(waiting.limit(1)) is not None:
        return
    uow.session.add(
        Delivery(
            kind=DeliveryKind.CHANNEL,
            recipient=str(recipient),
            method=READ_ONE if channel else READ_ALL,
            details=ChannelDetails(channel) if channel else NoDetails(),
            key=f"{recipient}:{uuid4()}",
            created_at=uow.now,
            due_at=uow.now,
        )
    )
