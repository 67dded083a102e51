"""Another life for deliveries that were given up, or that wait for a channel."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    or_,
    select,
)
from sqlalchemy.orm import Session

from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryState
from models.outbox.reasons import NO_CHANNEL, UNKNOWN_CHANNEL


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
        row.state, row.due_at, row.completed_at = DeliveryState.PENDING, now, None
        row.defects, row.defect_at = 0, None
    return len(rows)


def hasten_waiting(session: Session, *, now: datetime, reached: Sequence[str], teams: Sequence[str]) -> None:
    """Let the cards of `teams` that wait for a channel leave at once. Those of teams whose own is `reached`
    go there, even if they were to go to the default team's."""
    waiting = select(Delivery).where(
        Delivery.state == DeliveryState.PENDING,
        Delivery.reason == UNKNOWN_CHANNEL,
        Delivery.team_id.in_(teams),
    )
    for row in session.scalars(waiting):
        row.due_at = now
        if row.team_id in reached:
            row.details = {name: value for name, value in row.details.items() if name != "fallback"}
