"""Deliveries that send nothing: each changes a portion of many tickets, and queues the next one."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.context.settings import UseCaseSettings
from bot.context.unit_of_work import UnitOfWork
from bot.db.session import Sessions
from bot.delivery import outbox
from bot.services.departures import release
from bot.services.outages import resolution
from bot.services.tickets.children import portions as children
from models.outbox.children import ChildrenDetails
from models.outbox.delivery import Delivery
from models.outbox.details import DepartureDetails
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.tickets.outage import Portion


def do_portion(
    sessions: Sessions, delivery: Delivery, *, now: datetime, settings: UseCaseSettings | None = None
) -> DeliveryState:
    """Do a portion in the transaction that completes its delivery: both happen, or neither. Completed
    first, so that a late attempt does nothing, and SQLite has no other writer from there on."""
    with sessions.begin() as session:
        if outbox.complete(session, delivery, DeliveryState.SENT, now=now):
            uow = UnitOfWork(session, now, settings=settings or UseCaseSettings())
            PORTIONS[delivery.kind](uow, delivery)
    return DeliveryState.SENT


def _followers(uow: UnitOfWork, delivery: Delivery) -> None:
    assert delivery.outage_id is not None
    resolution.go_on(uow, delivery.outage_id, delivery.details_as(Portion))


def _children(uow: UnitOfWork, delivery: Delivery) -> None:
    assert delivery.event_id is not None
    children.go_on(uow, delivery.event_id, delivery.details_as(ChildrenDetails), key=str(delivery.id))


def _of_departure(uow: UnitOfWork, delivery: Delivery) -> None:
    release.go_on(uow, delivery.details_as(DepartureDetails).departure_id)


PORTIONS: Mapping[DeliveryKind, Callable[[UnitOfWork, Delivery], None]] = {
    DeliveryKind.OUTAGE_RESOLUTION: _followers,
    DeliveryKind.CHILDREN: _children,
    DeliveryKind.DEPARTURE_TICKETS: _of_departure,
}
"""One for each kind that has no lane."""
