"""Metrics for Prometheus: what this process counted, and what the database holds.

Metric names and units follow prometheus.io, "Metric and label naming". No label holds an id or a name.
"""

import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector
from sqlalchemy import CompoundSelect, Select, and_, func, literal_column, not_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.db.refusals import Refusal, RefusalReason
from bot.db.session import Sessions, observers
from bot.observability import health
from bot.observability.last_heard import last_of_all
from bot.observability.service_level import HANDOVER_SECONDS, OWN_SECONDS
from models.catalogue import ChannelProblem, Team
from models.lifecycle import Status
from models.outbox.delivery import Delivery, is_scheduled
from models.outbox.kinds import DeliveryKind
from models.outbox.schedule import Pause
from models.tickets.ticket import Ticket

# prometheus_client's own variable: the folder in which the processes of one server share their counts.
SHARED = "PROMETHEUS_MULTIPROC_DIR"
SENDERS = ("slack", "smtp")

_process = CollectorRegistry()
ACKNOWLEDGED = Histogram(
    "guichet_acknowledgement_seconds",
    "Seconds from Slack's payload to its acknowledgement; Slack waits 3 s.",
    ["kind"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0),
    registry=_process,
)
REQUESTS = Counter(
    "guichet_requests",
    "Slack's payloads by outcome: ok, refused (with an explanation), failed, unhandled, unsigned, malformed.",
    ["kind", "outcome"],
    registry=_process,
)
DELIVERIES = Counter(
    "guichet_deliveries",
    "Delivery attempts of this worker by outcome: sent, skipped, dead, or pending again.",
    ["kind", "outcome"],
    registry=_process,
)
NOT_READY = Gauge(
    "guichet_not_ready",
    "Whether this process cannot keep what people send, by reason: database, token, socket.",
    ["reason"],
    registry=_process,
    multiprocess_mode="livemax",
)

FAILED_WRITES = Counter(
    "guichet_failed_writes",
    "Transactions of this process that the database refused, by reason; those repeated with success not.",
    ["reason"],
    registry=_process,
)
for _reason in RefusalReason:  # at 0 from the start: `increase()` needs a sample before the first one
    FAILED_WRITES.labels(_reason)
for _histogram in (OWN_SECONDS, HANDOVER_SECONDS):
    _process.register(_histogram)


@observers.append
def _count_failed_write(refused: Refusal) -> None:
    FAILED_WRITES.labels(refused.reason).inc()


# Literals: with bound parameters the databases do not use the partial indexes.
_CLOSED, _PENDING, _DEAD = (
    literal_column(f"'{value}'", type_=column.type)
    for value, column in (("closed", Ticket.status), ("pending", Delivery.state), ("dead", Delivery.state))
)


def exposition(sessions: Sessions, *, now: datetime, is_connected: bool | None = None) -> bytes:
    """All metrics in Prometheus' text format. `is_connected`: Socket Mode's, in a process with it."""
    registry = CollectorRegistry()
    if SHARED in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_process)
    registry.register(_Database(sessions, now))
    if is_connected is not None:
        connected = Gauge("guichet_socket_connected", "Whether Socket Mode is connected.", registry=registry)
        connected.set(is_connected)
    return generate_latest(registry)


def forget_ended_processes() -> None:
    """Drop the gauges of processes of this server that have ended."""
    if SHARED not in os.environ:
        return
    for path in Path(os.environ[SHARED]).glob("gauge_live*_*.db"):
        pid = int(path.stem.rpartition("_")[2])
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            mark_process_dead(pid)  # type: ignore[no-untyped-call]
        except PermissionError:
            pass  # another user's process has the number


class _Database(Collector):
    """Metrics read from the database at each scrape; only `guichet_database_up` 0 when it does not answer."""

    def __init__(self, sessions: Sessions, now: datetime) -> None:
        self._sessions = sessions
        self._now = now

    def describe(self) -> Iterable[Metric]:
        return ()  # else registering would collect

    def collect(self) -> Iterator[Metric]:
        try:
            with self._sessions() as session:
                now = self._now
                metrics = [
                    *tickets(session),
                    *deliveries(session, now=now),
                    *channels(session, now=now),
                    *events(session, now=now),
                ]
        except SQLAlchemyError:
            metrics = None
        yield GaugeMetricFamily(
            "guichet_database_up", "Whether the database answered.", value=metrics is not None
        )
        yield from metrics or ()


def tickets(session: Session) -> Iterator[Metric]:
    """Tickets by status. Only open ones are counted, by their partial index; closed ones are computed."""
    counts = dict.fromkeys(Status, 0)
    for status, count in session.execute(open_tickets()):
        counts[status] = count
    highest = session.scalar(select(func.max(Ticket.id))) or 0
    counts[Status.CLOSED] = max(0, highest - sum(counts.values()))
    gauge = GaugeMetricFamily(
        "guichet_tickets",
        "Tickets by status. Closed: the highest number less the open ones.",
        labels=["status"],
    )
    for status, count in counts.items():
        gauge.add_metric([status], count)
    yield gauge
    yield CounterMetricFamily(
        "guichet_tickets_opened",
        "The highest ticket number: how many tickets were ever filed.",
        value=highest,
    )


def deliveries(session: Session, *, now: datetime) -> Iterator[Metric]:
    """The outbox: pending and dead deliveries, the oldest one's age, stopped senders."""
    pending, oldest = session.execute(pending_deliveries(now)).one()
    yield GaugeMetricFamily("guichet_deliveries_pending", "Deliveries that are pending.", value=pending)
    yield GaugeMetricFamily(
        "guichet_deliveries_oldest_pending_seconds",
        "Age of the oldest pending delivery; 0 when there is none.",
        value=max(0.0, (now - oldest).total_seconds()) if oldest else 0,
    )
    yield _dead(session)
    stopped = session.scalars(select(Pause.scope).where(Pause.until > now, Pause.scope.in_(SENDERS))).all()
    gauge = GaugeMetricFamily(
        "guichet_sender_stopped",
        "Whether a sender is stopped: its credentials are refused, or the server does not answer.",
        labels=["sender"],
    )
    for sender in SENDERS:
        gauge.add_metric([sender], sender in stopped)
    yield gauge


def _dead(session: Session) -> Metric:
    dead = {str(kind): count for kind, count in session.execute(dead_deliveries())}
    gauge = GaugeMetricFamily(
        "guichet_deliveries_dead", "Deliveries that were given up (dead), by kind.", labels=["kind"]
    )
    for kind in DeliveryKind:  # those at 0 too: an alert compares with an hour ago
        gauge.add_metric([kind], dead.get(kind, 0))
    return gauge


def channels(session: Session, *, now: datetime) -> Iterator[Metric]:
    """Problems of the teams' channels and of the app's scopes."""
    query = select(Team.channel_problem, func.count()).where(
        ~Team.archived, Team.channel_problem.is_not(None)
    )
    counts = {str(problem): count for problem, count in session.execute(query.group_by(Team.channel_problem))}
    gauge = GaugeMetricFamily(
        "guichet_teams_channel_unfit", "Teams whose channel gets no cards, by reason.", labels=["reason"]
    )
    for problem in ChannelProblem:
        gauge.add_metric([problem], counts.get(problem, 0))
    yield gauge
    default = select(func.count()).where(Team.is_default, ~Team.archived, Team.channel_problem.is_not(None))
    yield GaugeMetricFamily(
        "guichet_default_channel_unfit",
        "Whether the default team's channel gets no cards; no other channel takes them then.",
        value=session.scalar(default) or 0,
    )
    yield GaugeMetricFamily(
        "guichet_tickets_without_channel",
        "Tickets that are in no channel: their team has no card of them.",
        value=session.scalar(how_many(health.tickets_without_channel())) or 0,
    )
    yield GaugeMetricFamily(
        "guichet_outages_without_channel",
        "Known outages that are in no channel.",
        value=session.scalar(how_many(health.outages_without_channel())) or 0,
    )
    stopped = select(func.count()).where(
        Pause.until > now, Pause.scope.not_in(SENDERS), health.needs_administrator()
    )
    yield GaugeMetricFamily(
        "guichet_methods_stopped",
        "Methods of Slack's Web API that are paused: the app lacks a scope.",
        value=session.scalar(stopped.select_from(Pause)) or 0,
    )


def events(session: Session, *, now: datetime) -> Iterator[Metric]:
    """How long ago Slack was last heard; missing when it never was."""
    at = last_of_all(session)
    if at is not None:
        yield GaugeMetricFamily(
            "guichet_event_age_seconds",
            "Seconds since any process last heard a request of Slack's: an event, a command, a form.",
            value=max(0.0, (now - at).total_seconds()),
        )


def open_tickets() -> Select[Status, int]:
    """Open tickets by status."""
    return select(Ticket.status, func.count()).where(Ticket.status != _CLOSED).group_by(Ticket.status)


def pending_deliveries(now: datetime) -> Select[int, datetime]:
    """The number of pending deliveries, and when the oldest was created; without e-mails for later."""
    return select(func.count(), func.min(Delivery.created_at)).where(
        Delivery.state == _PENDING, not_(and_(is_scheduled(Delivery), Delivery.due_at > now))
    )


def dead_deliveries() -> Select[DeliveryKind, int]:
    """The number of dead deliveries by kind."""
    return select(Delivery.kind, func.count()).where(Delivery.state == _DEAD).group_by(Delivery.kind)


def how_many(ids: CompoundSelect[Any]) -> Select[int]:
    """The number of ids, `NULL` left out."""
    each = ids.subquery()
    return select(func.count(each.c[0]))
