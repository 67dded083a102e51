"""How late a message was handed over, for the service level (docs/service-level.md)."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.outbox.delivery import Delivery
from models.outbox.reasons import Reason
from models.outbox.schedule import Pause

# Seconds. Slack's shortest rate limit: what was sent sooner was not held by one.
_SHORTEST_LIMIT = 1.0


def lateness(session: Session, delivery: Delivery, *, now: datetime) -> float:
    """Seconds since it was due first, or since the end of the last rate limit that held it.

    The limits of other deliveries hold it too: those of its method and of its recipient. They are looked up
    only for one that is late at all.
    """
    since = delivery.awaited_since or delivery.due_at
    if (now - since).total_seconds() < _SHORTEST_LIMIT:
        return (now - since).total_seconds()
    limits = select(func.max(Pause.until)).where(
        Pause.scope.in_([delivery.method, delivery.recipient]),
        Pause.reason == Reason.RATE_LIMITED,
        Pause.until <= now,
    )
    return (now - max(since, session.scalar(limits) or since)).total_seconds()
