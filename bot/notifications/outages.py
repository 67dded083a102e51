"""What follows while the solution of an outage goes out: the next portion of its followers, and its card."""

from dataclasses import asdict
from typing import Any

from bot.context.unit_of_work import UnitOfWork
from models.outbox.delivery import Delivery
from models.outbox.kinds import RESOLVE_METHOD, DeliveryKind
from models.tickets.outage import Outage, Portion

FOLLOWERS = "followers"
"""The recipient of all portions of all outages: each outage has at most one that is pending."""


def queue_portion(uow: UnitOfWork, outage: Outage, portion: Portion) -> None:
    """Queue the resolution of the next portion of an outage's followers. It is due behind the messages that
    wait already: those of one portion at a time stand between other tickets and their turn."""
    _queue(
        uow,
        outage,
        kind=DeliveryKind.OUTAGE_RESOLUTION,
        recipient=FOLLOWERS,
        method=RESOLVE_METHOD,
        details=asdict(portion),
        key=f"outage:{outage.id}:portion:{portion.number}",
    )


def announce_portion(uow: UnitOfWork, outage: Outage, portion: Portion, *, is_last: bool) -> None:
    """Queue the outage's card once a portion was resolved; after the last one the App Home of who resolved
    the outage too."""
    key, resolver = f"outage:{outage.id}:told:{portion.number}", outage.resolved_by
    _queue(
        uow,
        outage,
        kind=DeliveryKind.OUTAGE,
        recipient=f"outage:{outage.id}",
        method="chat.update",
        team_id=outage.team_id,
        key=f"{key}:{DeliveryKind.OUTAGE}",
    )
    if is_last and resolver is not None and resolver.home_opened_at is not None:
        _queue(
            uow,
            outage,
            kind=DeliveryKind.HOME,
            recipient=f"home:{resolver.id}",
            method="views.publish",
            person_id=resolver.id,
            key=f"{key}:{DeliveryKind.HOME}",
        )


def _queue(uow: UnitOfWork, outage: Outage, **values: Any) -> None:
    uow.session.add(Delivery(outage_id=outage.id, created_at=uow.now, due_at=uow.now, **values))
