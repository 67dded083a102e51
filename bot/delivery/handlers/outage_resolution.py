"""A delivery that sends nothing: the next portion of an outage's followers is resolved, or of the tickets of
who has left a team released."""

from datetime import datetime

from bot.context.settings import UseCaseSettings
from bot.context.unit_of_work import UnitOfWork
from bot.db.session import Sessions
from bot.delivery import outbox
from bot.services.departures import release
from bot.services.outages import resolution
from models.outbox.delivery import Delivery
from models.outbox.details import DepartureDetails
from models.outbox.kinds import DeliveryState
from models.tickets.outage import Portion


def resolve_portion(
    sessions: Sessions, delivery: Delivery, *, now: datetime, settings: UseCaseSettings | None = None
) -> DeliveryState:
    """Do a portion in the transaction that completes its delivery: both happen, or neither. Completed
    first, so that a late attempt does nothing, and SQLite has no other writer from there on."""
    with sessions.begin() as session:
        if outbox.complete(session, delivery, DeliveryState.SENT, now=now):
            uow = UnitOfWork(session, now, settings=settings or UseCaseSettings())
            if isinstance(delivery.details, DepartureDetails):
                release.go_on(uow, delivery.details.departure_id)
            elif delivery.outage_id is not None:
                resolution.go_on(uow, delivery.outage_id, delivery.details_as(Portion))
    return DeliveryState.SENT
