"""Metrics of the outbox: what waits, what was given up, which sender is stopped."""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily, Metric
from sqlalchemy import ColumnElement, Select, and_, case, func, literal_column, not_, or_, select
from sqlalchemy.orm import Session

from bot.observability import health
from models.outbox.delivery import Delivery, is_scheduled
from models.outbox.kinds import KINDS, DeliveryKind, Lane
from models.outbox.reasons import NO_CHANNEL
from models.outbox.schedule import Pause

# A literal: with a bound parameter the databases do not use the partial indexes.
_PENDING = literal_column("'pending'", type_=Delivery.state.type)


def deliveries(session: Session, *, now: datetime) -> Iterator[Metric]:
    """Pending and dead deliveries, the oldest one's age, stopped senders."""
    yield from _waiting(session, now)
    yield _dead(session)
    stopped = session.scalars(
        select(Pause.scope).where(Pause.until > now, Pause.scope.in_(tuple(Lane)))
    ).all()
    gauge = GaugeMetricFamily(
        "guichet_sender_stopped",
        "Whether a sender is stopped: its credentials are refused, or the server does not answer.",
        labels=["sender"],
    )
    for lane in Lane:
        gauge.add_metric([lane], lane in stopped)
    yield gauge


def _waiting(session: Session, now: datetime) -> Iterator[Metric]:
    counts, ages = dict.fromkeys(Lane, 0), dict.fromkeys(Lane, 0.0)
    for kind, count, oldest in session.execute(pending_by_kind(now)):
        lane = KINDS[kind].lane or Lane.SLACK
        counts[lane] += count
        if oldest:
            ages[lane] = max(ages[lane], (now - oldest).total_seconds())
    pending = GaugeMetricFamily(
        "guichet_deliveries_pending", "Deliveries that are pending.", labels=["sender"]
    )
    age = GaugeMetricFamily(
        "guichet_deliveries_oldest_pending_seconds",
        "Age of the oldest pending delivery; 0 when there is none. Those of tickets in no channel apart.",
        labels=["sender"],
    )
    for lane in Lane:
        pending.add_metric([lane], counts[lane])
        age.add_metric([lane], ages[lane])
    yield pending
    yield age


def _dead(session: Session) -> Metric:
    dead = health.dead_by_kind(session)
    gauge = GaugeMetricFamily(
        "guichet_deliveries_dead", "Deliveries that were given up (dead), by kind.", labels=["kind"]
    )
    for kind in DeliveryKind:  # those at 0 too: an alert compares with the hour before
        gauge.add_metric([kind], dead.get(kind, 0))
    return gauge


def pending_deliveries(now: datetime) -> Select[int, datetime]:
    """The number of pending deliveries, and when the oldest was created; without e-mails for later."""
    return select(func.count(), func.min(Delivery.created_at)).where(*_is_due(now))


def pending_by_kind(now: datetime) -> Select[DeliveryKind, int, datetime | None]:
    """The same for each kind. The oldest is none of a ticket that is in no channel, which has a metric of its
    own and may wait for days."""
    without = health.tickets_without_channel().subquery()
    waits = or_(Delivery.reason.in_(NO_CHANNEL), Delivery.ticket_id.in_(select(without.c[0])))
    oldest = func.min(case((waits, None), else_=Delivery.created_at))
    return select(Delivery.kind, func.count(), oldest).where(*_is_due(now)).group_by(Delivery.kind)


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Delivery.state == _PENDING, not_(and_(is_scheduled(Delivery), Delivery.due_at > now))
