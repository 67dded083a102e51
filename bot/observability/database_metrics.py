"""Metrics that the database holds: the same from every process."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import CompoundSelect, Select, func, literal_column, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.db.session import Sessions
from bot.observability import health
from bot.observability.last_heard import BACKUP, INTERACTIONS, NO_REQUESTS, WORKER, last_heard
from bot.observability.outbox_metrics import deliveries
from bot.observability.removals.metrics import removals
from models.catalogue import ChannelProblem, Team
from models.lifecycle import Status
from models.outbox.kinds import Lane
from models.outbox.schedule import Pause
from models.tickets.ticket import Ticket

# A literal: with a bound parameter the databases do not use the partial index.
_CLOSED = literal_column("'closed'", type_=Ticket.status.type)


class DatabaseMetrics(Collector):
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
                    *removals(session, now=now),
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
    yield GaugeMetricFamily(
        "guichet_catalogue_loaded",
        "Whether a catalogue is loaded; without one nobody can raise a ticket.",
        value=bool(session.scalar(select(func.count()).where(~Team.archived))),
    )
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
        "guichet_confidential_waiting",
        "Confidential tickets whose card waits for their team's own channel.",
        value=session.scalar(health.confidential_waiting()) or 0,
    )
    yield GaugeMetricFamily(
        "guichet_outages_without_channel",
        "Known outages that are in no channel.",
        value=session.scalar(how_many(health.outages_without_channel())) or 0,
    )
    stopped = select(func.count()).where(
        Pause.until > now, Pause.scope.not_in(tuple(Lane)), health.needs_administrator()
    )
    yield GaugeMetricFamily(
        "guichet_methods_stopped",
        "Methods of Slack's Web API that are paused: the app lacks a scope.",
        value=session.scalar(stopped.select_from(Pause)) or 0,
    )


def events(session: Session, *, now: datetime) -> Iterator[Metric]:
    """How long ago Slack was last heard, a worker last worked, and a backup was taken; missing when they
    never were."""
    heard = last_heard(session)
    gauge = GaugeMetricFamily(
        "guichet_event_age_seconds",
        "Seconds since any process last heard Slack: an event, or an interaction (command, click, form).",
        labels=["kind"],
    )
    for kind, names in (("event", heard.keys() - INTERACTIONS), ("interaction", heard.keys() & INTERACTIONS)):
        if names := names - NO_REQUESTS:
            newest = max(heard[name] for name in names)
            gauge.add_metric([kind], max(0.0, (now - newest).total_seconds()))
    yield gauge
    if WORKER in heard:
        yield GaugeMetricFamily(
            "guichet_worker_age_seconds",
            "Seconds since any worker was last at work.",
            value=max(0.0, (now - heard[WORKER]).total_seconds()),
        )
    if BACKUP in heard:
        yield GaugeMetricFamily(
            "guichet_last_backup_timestamp_seconds",
            "Unix time at which `guichet backup` took the last complete backup.",
            value=heard[BACKUP].timestamp(),
        )


def open_tickets() -> Select[Status, int]:
    """Open tickets by status."""
    return select(Ticket.status, func.count()).where(Ticket.status != _CLOSED).group_by(Ticket.status)


def how_many(ids: CompoundSelect[Any]) -> Select[int]:
    """The number of ids, `NULL` left out."""
    each = ids.subquery()
    return select(func.count(each.c[0]))
