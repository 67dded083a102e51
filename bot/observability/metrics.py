"""Metrics for Prometheus: what this process counted, and what the database holds.

Metric names and units follow prometheus.io, "Metric and label naming". No label holds an id or a name.
"""

import os
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from bot.db.refusals import Refusal, RefusalReason
from bot.db.session import Sessions, observers
from bot.observability.database_metrics import DatabaseMetrics
from bot.observability.service_level import HANDOVER_SECONDS, OWN_SECONDS
from models.outbox.kinds import DeliveryKind, DeliveryState

# prometheus_client's own variable: the folder in which the processes of one server share their counts.
SHARED = "PROMETHEUS_MULTIPROC_DIR"

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
    "Slack's payloads by outcome: ok, refused (with an explanation), failed, unhandled, and rejected ones: "
    "unsigned, malformed, not_ready.",
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

CLOCK = Gauge(
    "guichet_clock_behind_slack_seconds",
    "Seconds that this machine's clock is behind Slack's; negative when it is ahead.",
    registry=_process,
    multiprocess_mode="mostrecent",
)
STARTED = Gauge(
    "guichet_started_timestamp_seconds",
    "Unix time at which this process, or the last child of `guichet web`, was started.",
    registry=_process,
    multiprocess_mode="mostrecent",
)
JOB_FAILURES = Counter(
    "guichet_job_failures",
    "Periodic jobs of this worker that failed, by the job's name.",
    ["name"],
    registry=_process,
)
FAILED_WRITES = Counter(
    "guichet_failed_writes",
    "Transactions of this process that the database refused, by reason; those repeated with success not.",
    ["reason"],
    registry=_process,
)
AUDIT_LINES = Counter(
    "guichet_audit_lines",
    "Readings for the audit trail by outcome: written; delayed, when the database took none and they are to "
    "be tried again; lost, when too many waited.",
    ["outcome"],
    registry=_process,
)
for _outcome in ("written", "delayed", "lost"):
    AUDIT_LINES.labels(_outcome)
for _outcome in ("ok", "refused", "unsigned", "not_ready"):
    REQUESTS.labels("other", _outcome)
for _reason in RefusalReason:  # at 0 from the start: `increase()` needs a sample before the first one
    FAILED_WRITES.labels(_reason)
for _kind in (DeliveryKind.FILE, DeliveryKind.MAIL):
    for _state in (DeliveryState.SENT, DeliveryState.PENDING):
        DELIVERIES.labels(_kind, _state)
for _histogram in (OWN_SECONDS, HANDOVER_SECONDS):
    _process.register(_histogram)


@observers.append
def _count_failed_write(refused: Refusal) -> None:
    FAILED_WRITES.labels(refused.reason).inc()


def exposition(sessions: Sessions, *, now: datetime, is_connected: bool | None = None) -> bytes:
    """All metrics in Prometheus' text format. `is_connected`: Socket Mode's, in a process with it."""
    registry = CollectorRegistry()
    if SHARED in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_process)
    registry.register(DatabaseMetrics(sessions, now))
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
