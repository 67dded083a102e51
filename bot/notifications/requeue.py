"""Another life for deliveries that were given up."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    or_,
    select,
)
from sqlalchemy.orm import Session

from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryState
from models.outbox.reasons import NO_CHANNEL


def requeue_dead(
    session: Session,
    *,
    now: datetime,
    ids: Sequence[int] = (),
    teams: Sequence[str] | None = None,
    ticket_id: int | None = None,
) -> int:
    """Give dead deliveries another life: all, those named, or what the channels of these teams could not get;
    of one ticket when it is named.

    Returns how many."""
    query = select(Delivery).where(Delivery.state == DeliveryState.DEAD)
    if ids:
        query = query.where(Delivery.id.in_(ids))
    if ticket_id is not None:
        query = query.where(Delivery.ticket_id == ticket_id)
    if teams is not None:
        for_want_of_a_channel = or_(*(Delivery.reason.endswith(reason) for reason in NO_CHANNEL))
        query = query.where(Delivery.team_id.in_(teams), for_want_of_a_channel)
    rows = session.scalars(query).all()
    for row in rows:
        # Its attempts go on counting: one from before it died stays late.
        row.state, row.due_at, row.settled_at = DeliveryState.PENDING, now, None
        row.defects, row.defect_at = 0, None
    return len(rows)
