"""The outbox: what was given up, what waits for too long, and whether a worker is at work."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.delivery import outbox
from bot.observability.health import in_no_channel, stopped
from bot.observability.metrics import pending_deliveries
from bot.ops.doctor.events import ago
from bot.ops.doctor.patient import Patient
from bot.ops.finding import Finding, warning, well, wrong
from models.outbox.schedule import Periodic

OLD = timedelta(minutes=15)
"""Longer than the longest backoff."""
IDLE = timedelta(minutes=5)
"""A worker runs its jobs within a minute of their time."""
LIST = "see `guichet deliveries list`"


def check_deliveries(patient: Patient) -> Iterator[Finding]:
    """Everything that keeps messages from arriving."""
    session = patient.read()
    if session is None:
        return
    with session:
        yield from map(wrong, stopped(session, now=patient.now))
        yield from map(wrong, in_no_channel(session))
        if dead := outbox.count_dead(session):
            kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(dead.items()))
            yield wrong(f"deliveries given up: {sum(dead.values())} ({kinds}); {LIST}")
        yield from _waiting(session, patient.now)
        yield from _worker(session, patient.now)


def _waiting(session: Session, now: datetime) -> Iterator[Finding]:
    count, oldest = session.execute(pending_deliveries(now)).one()
    if not count or now - oldest < OLD:
        yield well(f"deliveries: {count} wait")
    else:
        yield wrong(f"deliveries: {count} wait, the oldest since {ago(now - oldest)}; {LIST}")


def _worker(session: Session, now: datetime) -> Iterator[Finding]:
    due = session.scalar(select(func.min(Periodic.due_at)))
    if due is None:
        yield warning("worker: none has run on this database so far: start `guichet run` or `guichet worker`")
    elif now - due > IDLE:
        yield wrong(
            f"worker: none is at work since {ago(now - due)}: nothing is sent; start `guichet run` or "
            "`guichet worker`"
        )
    else:
        yield well("worker: at work")
