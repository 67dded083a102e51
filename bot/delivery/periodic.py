"""Periodic jobs, each run by one worker at a time."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, update
from sqlalchemy.exc import IntegrityError

from bot.context.settings import UseCaseSettings
from bot.context.unit_of_work import UnitOfWork
from bot.db.erasure import clean_index, truncate_log
from bot.db.session import Sessions, begin_writing
from bot.db.sqlite_copy import remove_old_copies
from bot.delivery.clock_steps import bring_near
from bot.notifications.maintenance.readings import read_channels
from bot.observability.last_heard import WORKER
from bot.observability.liveness.heartbeat import HEARTBEAT
from bot.observability.metrics import JOB_FAILURES
from bot.services.approvers.absence import forget_absences
from bot.services.approvers.reminders import remind_approvers
from bot.services.approvers.substitutes import ask_substitutes
from bot.services.approvers.unfit import drop_unfit
from bot.services.audit.keeping import delete_old_lines
from bot.services.catalogue_search import forget_gaps
from bot.services.clocks.late import show_late
from bot.services.clocks.refresh import refresh_clocks
from bot.services.clocks.reminders import remind_technicians
from bot.services.clocks.short_cards import shorten_cards
from bot.services.departures.leaving import note_deactivated
from bot.services.message_drafts.drafts import delete_message_drafts
from bot.services.outages.updates import remind_updates
from bot.services.retention.work import forget_due, list_due
from bot.services.search_refresh import refresh_search
from bot.services.tickets.attachments import delete_form_drafts, remove_leftovers
from bot.services.tickets.comments.early_changes import delete_heard_messages
from bot.services.tickets.triage import resume_on_date
from bot.services.tickets.waits.recompute import recompute_waits
from bot.services.tickets.waits.reminders import remind
from bot.services.tickets.waits.silence import close_silent
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryState
from models.outbox.schedule import Pause, Periodic
from models.outbox.slack_event import HandledEvent

logger = logging.getLogger(__name__)
KEPT_FOR = timedelta(days=90)  # deliveries that are over
AT_ONCE = 20.0  # seconds of portions; other periodic jobs wait, and so does a process that is to end
EVENTS_KEPT_FOR = timedelta(days=2)  # Slack retries an event within a day


@dataclass(frozen=True)
class Job:
    """What runs `every` so often, in one transaction with the row that says when it is due next."""

    every: timedelta
    work: Callable[[UnitOfWork], bool | None]
    """True: it was a portion, and others may be left. They are done next, each in its own transaction."""
    afterwards: Callable[[Engine], object] | None = None
    """What is done once the transaction is over."""


def delete_completed(uow: UnitOfWork) -> None:
    """Delete old deliveries, events that Slack no longer retries, pauses and absences that have ended, old
    searches."""
    over = [DeliveryState.SENT, DeliveryState.SKIPPED]
    uow.session.execute(
        delete(Delivery).where(Delivery.state.in_(over), Delivery.completed_at < uow.now - KEPT_FOR),
        execution_options={"synchronize_session": False},
    )
    uow.session.execute(
        delete(HandledEvent).where(HandledEvent.at < uow.now - EVENTS_KEPT_FOR),
        execution_options={"synchronize_session": False},
    )
    forget_gaps(uow.session, uow.now)
    forget_absences(uow)
    uow.session.execute(
        delete(Pause).where(Pause.until < uow.now), execution_options={"synchronize_session": False}
    )


def delete_old_backups(uow: UnitOfWork) -> None:
    """Remove the copies of an SQLite database that were taken before old migrations."""
    remove_old_copies(uow.session.get_bind().engine, uow.now)


def erase(uow: UnitOfWork) -> None:
    """Queue the removal of what is left of deleted files, and clean the search's index."""
    remove_leftovers(uow)
    clean_index(uow.session.connection())


JOBS: Mapping[str, Job] = {
    "bring_near": Job(timedelta(minutes=1), bring_near),
    "erase": Job(timedelta(minutes=5), erase, truncate_log),
    "delete_old_backups": Job(timedelta(hours=24), delete_old_backups),
    "delete_form_drafts": Job(timedelta(hours=1), delete_form_drafts),
    "delete_message_drafts": Job(timedelta(hours=1), delete_message_drafts),
    "delete_heard_messages": Job(timedelta(hours=1), delete_heard_messages),
    "delete_completed": Job(timedelta(hours=24), delete_completed),
    "delete_old_lines": Job(timedelta(hours=24), delete_old_lines),
    "read_channels": Job(timedelta(hours=1), read_channels),
    "refresh_clocks": Job(timedelta(minutes=1), refresh_clocks),
    "remind_technicians": Job(timedelta(minutes=1), remind_technicians),
    "refresh_search": Job(timedelta(minutes=1), refresh_search),
    "show_late": Job(timedelta(minutes=1), show_late),
    "shorten_cards": Job(timedelta(minutes=10), shorten_cards),
    "resume_on_date": Job(timedelta(minutes=5), resume_on_date),
    "recompute_waits": Job(timedelta(minutes=1), recompute_waits),
    "remind": Job(timedelta(minutes=1), remind),
    "remind_updates": Job(timedelta(minutes=1), remind_updates),
    "remind_approvers": Job(timedelta(minutes=1), remind_approvers),
    "drop_unfit": Job(timedelta(minutes=15), drop_unfit),
    "ask_substitutes": Job(timedelta(minutes=15), ask_substitutes),
    "note_deactivated": Job(timedelta(minutes=15), note_deactivated),
    "close_silent": Job(timedelta(minutes=5), close_silent),
    "list_due": Job(timedelta(hours=24), list_due),
    "forget_due": Job(timedelta(minutes=1), forget_due),
}
for _name in JOBS:  # at 0 from the start: `increase()` needs a sample before the first failure
    JOB_FAILURES.labels(_name)


def run_due(sessions: Sessions, *, now: datetime, settings: UseCaseSettings | None = None) -> list[str]:
    """Run the jobs that are due and that no other worker has taken. Returns their names. One that fails stays
    due, and delays no other."""
    done = []
    for name in JOBS:
        HEARTBEAT.beat(WORKER)  # all of them together may take minutes
        try:
            if _run(sessions, name, now, settings):
                done.append(name)
        except Exception:
            JOB_FAILURES.labels(name).inc()
            logger.exception("the periodic job %s failed", name)
    return done


def _run(sessions: Sessions, name: str, now: datetime, settings: UseCaseSettings | None) -> bool:
    job, settings = JOBS[name], settings or UseCaseSettings()
    with sessions() as session:
        row = session.get(Periodic, name)
    if row is None:
        _add(sessions, name, now)
        return False
    if now < row.due_at <= now + job.every:  # a later one was written by a clock that was ahead
        return False
    is_left: bool | None = False
    with sessions.begin() as session:
        taken = session.execute(
            update(Periodic)
            .where(Periodic.name == name, Periodic.due_at == row.due_at)  # compare and set
            .values(due_at=now + job.every)
            .returning(Periodic.name)
        ).scalar_one_or_none()
        if taken:
            is_left = job.work(UnitOfWork(session, now, settings=settings))
    if taken and job.afterwards:
        job.afterwards(sessions.kw["bind"])
    until = time.monotonic() + AT_ONCE
    while is_left and time.monotonic() < until:
        with sessions.begin() as session:
            begin_writing(session)
            is_left = job.work(UnitOfWork(session, now, settings=settings))
    return taken is not None


def _add(sessions: Sessions, name: str, now: datetime) -> None:
    """Add the row of a job that has never run; it is due at the next check."""
    try:
        with sessions.begin() as session:
            session.add(Periodic(name=name, due_at=now))
    except IntegrityError:
        logger.debug("another worker added %s first", name)
