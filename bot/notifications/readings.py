"""Looks at Slack that the worker takes: whoever waits for an answer does not wait for them."""

from uuid import uuid4

from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState


def read_channel(uow: UnitOfWork, channel: str) -> None:
    """Queue a look at a channel."""
    _queue_reading(uow, channel)


def read_channels(uow: UnitOfWork) -> None:
    """Queue a look at all channels that the bot is in."""
    _queue_reading(uow, None)


def _queue_reading(uow: UnitOfWork, channel: str | None) -> None:
    recipient = f"channel:{channel or '*'}"
    waiting = select(Delivery.id).where(
        Delivery.state == DeliveryState.PENDING,
        Delivery.recipient == recipient,
        Delivery.started_at.is_(None),
    )
    if uow.session.scalar(waiting.limit(1)) is not None:
        return
    uow.session.add(
        Delivery(
            kind=DeliveryKind.CHANNEL,
            recipient=recipient,
            method="conversations.info" if channel else "users.conversations",
            details={"channel": channel} if channel else {},
            key=f"{recipient}:{uuid4()}",
            created_at=uow.now,
            due_at=uow.now,
        )
    )
