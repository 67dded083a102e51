"""The outbox: what was given up, what waits for too long, and whether a worker is at work."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.delivery.periodic import JOBS
from bot.observability.health import confidential_waiting, dead_by_kind, in_no_channel, stopped
from bot.observability.last_heard import WORKER, last_heard
from bot.observability.outbox_metrics import pending_deliveries
from bot.ops.doctor.context import CheckContext
from bot.ops.doctor.events import duration
from bot.ops.finding import Finding, warning, well, wrong
from bot.ops.removals.findings import removal_findings
from models.outbox.schedule import Periodic

OLD = timedelta(minutes=15)
"""Longer than the longest backoff."""
IDLE = timedelta(minutes=5)
"""A worker says every second that it is at work, which is saved every 10 s."""
LATE = timedelta(minutes=15)
"""A job that runs is done within minutes of its time."""
LIST = "see `guichet deliveries list`"


def check_deliveries(context: CheckContext) -> Iterator[Finding]:
    """Everything that keeps messages from arriving."""
    session = context.read()
    if session is None:
        return
    with session:
        yield from map(wrong, stopped(session, now=context.now))
        yield from map(wrong, in_no_channel(session))
        if count := session.scalar(confidential_waiting()):
            yield wrong(
                f"confidential tickets: {count} wait for their team's own channel, and go to no other; see "
                "channels above"
            )
        if dead := dead_by_kind(session):
            kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(dead.items()))
            yield wrong(f"deliveries given up: {sum(dead.values())} ({kinds}); {LIST}")
        yield from _waiting(session, context.now)
        yield from removal_findings(session, context.now)
        yield from _worker(session, context.now)


def _waiting(session: Session, now: datetime) -> Iterator[Finding]:
    count, oldest = session.execute(pending_deliveries(now)).one()
    if not count or now - oldest < OLD:
        yield well(f"deliveries: {count} waiting")
    else:
        yield wrong(f"deliveries: {count} wait, the oldest for {duration(now - oldest)}; {LIST}")


def _worker(session: Session, now: datetime) -> Iterator[Finding]:
    at = last_heard(session).get(WORKER)
    if at is None:
        yield warning("worker: none has run on this database so far: start `guichet run` or `guichet worker`")
        return
    if now - at > IDLE:
        yield wrong(
            f"worker: none has been at work for {duration(now - at)}: nothing is sent; start `guichet run` "
            "or `guichet worker`"
        )
        return
    yield well("worker: at work")
    late = session.scalars(select(Periodic.name).where(Periodic.due_at < now - LATE).order_by(Periodic.name))
    if jobs := [name for name in late if name in JOBS]:
        yield wrong(f"worker: periodic jobs fail: {', '.join(jobs)}: see the log")
