"""Deliveries of who has left a team: the reading of the members, the portions, the summary."""

from datetime import datetime
from uuid import uuid4

from bot.context.unit_of_work import UnitOfWork
from models.departures.departure import Departure
from models.outbox.delivery import Delivery
from models.outbox.details import DepartureDetails
from models.outbox.kinds import DeliveryKind, Queue
from models.outbox.recipient import Recipient, team_recipient


def queue_reading(uow: UnitOfWork, departure: Departure, *, at: datetime) -> None:
    """Queue the reading that confirms a departure or not."""
    _queue(uow, departure, DeliveryKind.DEPARTURE, at)


def queue_portion(uow: UnitOfWork, departure: Departure) -> None:
    """Queue the next portion of the tickets that are released or given back."""
    _queue(uow, departure, DeliveryKind.DEPARTURE_TICKETS, uow.now)


def queue_summary(uow: UnitOfWork, departure: Departure, *, at: datetime | None = None) -> None:
    """Queue the summary in the team's channel: a new message, or the edit of the one that stands."""
    _queue(uow, departure, DeliveryKind.DEPARTURE_SUMMARY, at or uow.now)


def _queue(uow: UnitOfWork, departure: Departure, kind: DeliveryKind, at: datetime) -> None:
    is_of_team = kind is DeliveryKind.DEPARTURE_SUMMARY
    recipient = team_recipient(departure.team_id) if is_of_team else Recipient(Queue.DEPARTURES, departure.id)
    uow.session.add(
        Delivery(
            kind=kind,
            recipient=str(recipient),
            method=kind.description.method,
            team_id=departure.team_id if is_of_team else None,
            details=DepartureDetails(departure.id),
            key=f"departure:{departure.id}:{kind}:{uuid4()}",
            created_at=uow.now,
            due_at=at,
        )
    )
