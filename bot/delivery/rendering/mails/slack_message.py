"""The message in Slack that an e-mail's link opens: the one with the buttons."""

from datetime import timedelta

from sqlalchemy import select

from bot.delivery.errors import NotYet
from bot.delivery.rendering.context import RenderContext
from bot.delivery.rendering.rendered import Sent
from models.outbox.delivery import Delivery
from models.outbox.details import MailDetails
from models.outbox.kinds import DeliveryKind, DeliveryState, Queue
from models.outbox.message_reference import MessageReference
from models.outbox.reasons import Reason
from models.outbox.recipient import Recipient

WAIT_MAX = timedelta(minutes=2)
"""How long an e-mail waits for the message: what Slack does not take delays it only so long."""
_FIRST_WAIT = timedelta(seconds=2)


def slack_message(context: RenderContext, kind: DeliveryKind, *, part: int = 0) -> Sent | None:
    """Where the message of this kind about the e-mail's event, or its step, stands; `None` when there is
    none.

    Raises `NotYet` while it is about to be posted: Slack and the mail server are served side by side."""
    delivery = context.delivery
    assert delivery.started_at is not None
    if found := _found(context, kind, part):
        return found
    now, waited = delivery.started_at, delivery.started_at - delivery.created_at
    if timedelta() <= waited < WAIT_MAX and _is_pending(context, kind):
        next_look = now + max(waited, _FIRST_WAIT)  # twice as long each time: there are seven at most
        raise NotYet(min(next_look, delivery.created_at + WAIT_MAX), Reason.MESSAGE_NOT_POSTED)
    return None


def _found(context: RenderContext, kind: DeliveryKind, part: int) -> Sent | None:
    delivery = context.delivery
    assert delivery.person_id is not None
    reference = context.session.scalars(
        select(MessageReference).where(
            MessageReference.ticket_id == delivery.ticket_id,
            MessageReference.recipient == str(Recipient(Queue.DIRECT_MESSAGE, delivery.person_id)),
            MessageReference.kind == kind,
            MessageReference.event_number == _number(delivery, kind),
            MessageReference.part == part,
        )
    ).one_or_none()
    return Sent(reference.channel, reference.ts) if reference else None


def _number(delivery: Delivery, kind: DeliveryKind) -> int | None:
    """As `MessageReference.event_number` has it."""
    if kind is DeliveryKind.AGREEMENT:
        return delivery.details_as(MailDetails).approval_id
    return 0 if kind.description.is_living else delivery.event_number


def _is_pending(context: RenderContext, kind: DeliveryKind) -> bool:
    pending = select(Delivery.id).where(
        Delivery.ticket_id == context.delivery.ticket_id,
        Delivery.event_id == context.delivery.event_id,
        Delivery.person_id == context.delivery.person_id,
        Delivery.kind == kind,
        Delivery.state == DeliveryState.PENDING,
    )
    return context.session.scalar(pending.limit(1)) is not None
