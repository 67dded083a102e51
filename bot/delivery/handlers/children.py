"""A delivery that sends nothing: the next portion of a ticket's children is resolved, or freed."""

from datetime import datetime

from bot.context.settings import UseCaseSettings
from bot.context.unit_of_work import UnitOfWork
from bot.db.session import Sessions
from bot.delivery import outbox
from bot.services.tickets.children import portions
from models.outbox.children import ChildrenDetails
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryState


def follow_children(
    sessions: Sessions, delivery: Delivery, *, now: datetime, settings: UseCaseSettings | None = None
) -> DeliveryState:
    """Do a portion in the transaction that completes its delivery: both happen, or neither. Completed first,
    so that a late attempt does nothing, and SQLite has no other writer from there on."""
    assert delivery.event_id is not None
    with sessions.begin() as session:
        if outbox.complete(session, delivery, DeliveryState.SENT, now=now):
            uow = UnitOfWork(session, now, settings=settings or UseCaseSettings())
            portions.go_on(uow, delivery.event_id, delivery.details_as(ChildrenDetails), key=str(delivery.id))
    return DeliveryState.SENT
