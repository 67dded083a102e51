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
from bot.db.backup import remove_old_backups
from bot.db.erasure import clean_index, truncate_log
from bot.db.session import Sessions
from bot.delivery.clock_steps import bring_near
from bot.notifications.maintenance.readings import read_channels
from bot.services.catalogue_search import forget_gaps
from bot.services.clocks import refresh, reminders
from bot.services.clocks.late import show_late
from bot.services.message_drafts.drafts import delete_message_drafts
from bot.services.search_refresh import go_on, refresh_some
from bot.services.tickets.attachments import delete_form_drafts, remove_leftovers
from bot.services.tickets.comments.early_changes import delete_heard_messages
from bot.services.tickets.triage import resume_on_date
from bot.services.tickets.waits.recompute import begin_recomputing, recompute
from bot.services.tickets.waits.reminders import remind
from bot.services.tickets.waits.silence import close_portion, close_silent
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryState
from models.outbox.schedule import Pause, Periodic
from models.outbox.slack_event import HandledEvent

logger = logging.getLogger(__name__)
KEPT_FOR = timedelta(days=90)  # deliveries that are over
AT_ONCE = 30.0  # seconds of portions; other periodic jobs wait meanwhile
EVENTS_KEPT_FOR = timedelta(days=2)  # Slack retries an event within a day


@dataclass(frozen=True)
class Job:
    """What runs `every` so often, in one transaction with the row that says when it is due next."""

    every: timedelta
    work: Callable[[UnitOfWork], None]
    afterwards: Callable[[Engine], object] | None = None
    """What is done once the transaction is over."""
    goes_on: Callable[[Engine, datetime], object] | None = None
    """The same, given the time."""
    portion: Callable[[UnitOfWork], bool] | None = None
    """Done next, in transactions of their own, as long as it returns that others may be left."""


def delete_completed(uow: UnitOfWork) -> None:
    """Delete old deliveries, events that Slack no longer retries, pauses that have ended, old searches."""
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
    uow.session.execute(
        delete(Pause).where(Pause.until < uow.now), execution_options={"synchronize_session": False}
    )


def delete_old_backups(uow: UnitOfWork) -> None:
    """Remove the copies of an SQLite database that were taken before old migrations."""
    remove_old_backups(uow.session.get_bind().engine, uow.now)


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
    "read_channels": Job(timedelta(hours=1), read_channels),
    "refresh_clocks": Job(timedelta(minutes=1), refresh.refresh_some, goes_on=refresh.go_on),
    "remind_technicians": Job(timedelta(minutes=1), reminders.remind_some, goes_on=reminders.go_on),
    "refresh_search": Job(timedelta(minutes=1), refresh_some, go_on),
    "show_late": Job(timedelta(minutes=1), show_late),
    "resume_on_date": Job(timedelta(minutes=5), resume_on_date),
    "recompute_waits": Job(timedelta(minutes=1), begin_recomputing, portion=recompute),
    "remind": Job(timedelta(minutes=1), remind),
    "close_silent": Job(timedelta(minutes=5), close_silent, portion=close_portion),
}


def run_due(sessions: Sessions, *, now: datetime, settings: UseCaseSettings | None = None) -> list[str]:
    """Run the jobs that are due and that no other worker has taken. Returns their names. One that fails stays
    due, and delays no other."""
    done = []
    for name in JOBS:
        try:
            if _run(sessions, name, now, settings):
                done.append(name)
        except Exception:
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
    with sessions.begin() as session:
        taken = session.execute(
            update(Periodic)
            .where(Periodic.name == name, Periodic.due_at == row.due_at)  # compare and set
            .values(due_at=now + job.every)
            .returning(Periodic.name)
        ).scalar_one_or_none()
        if taken:
            job.work(UnitOfWork(session, now, settings=settings))
    if taken and job.afterwards:
        job.afterwards(sessions.kw["bind"])
    if taken and job.goes_on:
        job.goes_on(sessions.kw["bind"], now)
    if taken and job.portion:
        _go_on(sessions, job.portion, now, settings)
    return taken is not None


def _go_on(
    sessions: Sessions, portion: Callable[[UnitOfWork], bool], now: datetime, settings: UseCaseSettings
) -> None:
    """Do one portion after the other, until none is left or `AT_ONCE` has passed."""
    until, is_left = time.monotonic() + AT_ONCE, True
    while is_left and time.monotonic() < until:
        with sessions.begin() as session:
            is_left = portion(UnitOfWork(session, now, settings=settings))


def _add(sessions: Sessions, name: str, now: datetime) -> None:
    """Add the row of a job that has never run; it is due at the next check."""
    try:
        with sessions.begin() as session:
            session.add(Periodic(name=name, due_at=now))
    except IntegrityError:
        logger.debug("another worker added %s first", name)
