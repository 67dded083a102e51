"""Metrics of the deletion in Slack, and of what could not be erased."""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from sqlalchemy.orm import Session

from bot.observability.removals.progress import progress
from bot.observability.removals.put_off import count_put_off
from models.removals.removal import RemovalKind


def removals(session: Session, *, now: datetime) -> Iterator[Metric]:
    """What was deleted, what waits, what Slack refuses, what people have to delete, what was not erased."""
    far = progress(session, now)
    yield CounterMetricFamily("guichet_removals_done", "Messages and files deleted in Slack.", value=far.done)
    waiting = GaugeMetricFamily(
        "guichet_removals_waiting", "Messages and files that are due to be deleted in Slack.", labels=["kind"]
    )
    for kind in RemovalKind:
        waiting.add_metric([kind], far.waiting.get(kind, 0))
    yield waiting
    yield GaugeMetricFamily(
        "guichet_removals_refused", "Those that Slack refuses to delete.", value=sum(far.refused.values())
    )
    yield GaugeMetricFamily(
        "guichet_removals_others", "Messages and files that people have to delete.", value=far.others
    )
    yield GaugeMetricFamily(
        "guichet_removals_stuck", "Whether nothing was deleted for 6 h, though it is due.", value=far.is_stuck
    )
    yield GaugeMetricFamily(
        "guichet_tickets_not_erased",
        "Tickets that were due to be erased and could not be; each is tried again every 6 h.",
        value=count_put_off(session, now),
    )
