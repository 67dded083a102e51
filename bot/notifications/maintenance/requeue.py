"""Deliveries that were given up, or that wait for a channel, are queued again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.outbox.delivery import Delivery
from models.outbox.details import FallbackDetails, NoDetails
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
    """Queue dead deliveries again: all, those with these ids, or those of these teams that had no channel; of
    one ticket when it is named. Returns how many."""
    query = select(Delivery).where(Delivery.state == DeliveryState.DEAD)
    if ids:
        query = query.where(Delivery.id.in_(ids))
    if ticket_id is not None:
        query = query.where(Delivery.ticket_id == ticket_id)
    if teams is not None:
        query = query.where(Delivery.team_id.in_(teams), Delivery.reason.in_(NO_CHANNEL))
    rows = session.scalars(query).all()
    for row in rows:
        # `attempt` goes on counting: an attempt from before stays late.
        row.state, row.due_at, row.completed_at = DeliveryState.PENDING, now, None
        row.defects, row.defect_at, row.awaited_since = 0, None, None
    return len(rows)


def hasten_waiting(session: Session, *, now: datetime, reached: Sequence[str], teams: Sequence[str]) -> None:
    """Make the cards of `teams` that wait for a channel due now. Those of the teams whose own channel is
    `reached` go there, even if they were to go to the default team's."""
    waiting = select(Delivery).where(
        Delivery.state == DeliveryState.PENDING,
        Delivery.reason.in_(NO_CHANNEL),
        Delivery.team_id.in_(teams),
    )
    for row in session.scalars(waiting):
        row.due_at = now
        if row.team_id in reached and isinstance(row.details, FallbackDetails):
            row.details = NoDetails()
