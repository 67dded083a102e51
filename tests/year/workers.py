"""Three workers, one after the other or at once: stopped and started, and dead now and then."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Thread
from typing import Any

from sqlalchemy import exists, func, literal_column, select, update
from sqlalchemy.orm import aliased

from bot.db.session import Sessions
from bot.delivery import periodic
from bot.delivery.periodic import Job
from bot.delivery.worker import Worker
from models.approvals.approval import Approval
from models.lifecycle import Action
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.message_reference import MessageReference
from models.outbox.schedule import Periodic
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from tests.year.senders import JOB, Fate, Killed

WORKERS = 3
# The jobs that run when a date of a ticket's has come. Of the others, two run after a change of the hours;
# the rest neither reminds nor closes, and one deletes old deliveries, which the account reads.
JOBS = {
    "remind_technicians": Ticket.remind_at,
    "resume_on_date": Ticket.wakes_at,
    "remind": Ticket.remind_requester_at,
    "close_silent": Ticket.close_at,
    "remind_approvers": Approval.remind_at,
}
WANTED = ("drop_unfit", "ask_substitutes")
"""The jobs that run when somebody's account is deactivated, or somebody's absence begins."""
AFTER_A_CHANGE = ("refresh_clocks", "recompute_waits")
AT_ONCE, STOPPED = 0.05, 0.02  # how often all work at once, and how often one is stopped and started
# What tells nobody anything that the account asks for; sending it would take most of the time.
_SKIPPED = (
    *(DeliveryKind.HOME, DeliveryKind.MOVED, DeliveryKind.PROMPT, DeliveryKind.OUTAGE),
    *(DeliveryKind.RESOLUTION_RESULT, DeliveryKind.DECISION_RESULT),
)
_PENDING: Any = literal_column("'pending'")


def _skip() -> Any:
    """The statement that leaves out what the account does not ask for: edits of cards, lines and copies for
    the team."""
    posted = aliased(MessageReference)
    is_edit = (
        exists()
        .where(
            Delivery.kind.in_([DeliveryKind.CARD, DeliveryKind.TRIAGE_CARD]),
            posted.ticket_id == Delivery.ticket_id,
            posted.recipient == Delivery.recipient,
            posted.kind == Delivery.kind,
        )
        .correlate(Delivery)
    )
    is_question = exists().where(Event.id == Delivery.event_id, Event.action == Action.ASK)
    is_copy = (Delivery.kind == DeliveryKind.COMMENT) & (Delivery.team_id.is_not(None) | ~is_question)
    is_line = (Delivery.kind == DeliveryKind.THREAD) & Delivery.key.not_like("%un%")
    unasked = Delivery.kind.in_(_SKIPPED) | is_copy | is_edit | is_line
    statement = update(Delivery).where(Delivery.state == _PENDING, unasked)
    return statement.values(state=DeliveryState.SKIPPED).execution_options(synchronize_session=False)


_SKIP = _skip()


ALL_JOBS = periodic.JOBS


@contextmanager
def jobs(some: Mapping[str, Job]) -> Iterator[None]:
    """Have the workers run these jobs only."""
    periodic.JOBS = some
    try:
        yield
    finally:
        periodic.JOBS = ALL_JOBS


@dataclass
class Workers:
    """`make`: a new worker. `with_threads`: now and then three work at once."""

    sessions: Sessions
    make: Callable[[], Worker]
    clock: Callable[[], datetime]
    fate: Fate
    chance: random.Random
    with_threads: bool = True
    wanted: set[str] = field(default_factory=set)
    """Those of `WANTED` that are to run."""
    _all: list[Worker] = field(default_factory=list)

    def begin(self) -> None:
        """Start them. Each job is due at once: it has a row, as after its first check. Those that follow a
        load of the catalogue run."""
        with self.sessions.begin() as session:
            names = (*JOBS, *WANTED, *AFTER_A_CHANGE)
            session.add_all(Periodic(name=name, due_at=self.clock()) for name in names)
        self.make_dates_anew()

    def start_anew(self) -> None:
        self._all = [self.make() for _number in range(WORKERS)]

    def due(self) -> Mapping[str, datetime]:
        """When each job has something to do next, and when a delivery is due (without a name)."""
        parts: dict[str, Any] = {
            name: select(func.min(column)).scalar_subquery() for name, column in JOBS.items()
        }
        at = func.min(func.coalesce(Delivery.lease_until, Delivery.due_at))
        parts[""] = select(at).where(Delivery.state == _PENDING).scalar_subquery()
        with self.sessions() as session:
            found = session.execute(select(*parts.values())).one()
        moments = {name: moment for name, moment in zip(parts, found, strict=True) if moment is not None}
        return moments | dict.fromkeys(self.wanted, self.clock())

    def work(self) -> None:
        """Run the jobs that have something to do, and send what is due."""
        now = self.clock()
        due = [name for name, at in self.due().items() if name and at <= now]
        with jobs({name: self._fated(name) for name in due}):
            order = self.chance.sample(range(WORKERS), WORKERS)
            if self.with_threads and self.chance.random() < AT_ONCE:
                self._work_at_once(order)
            else:
                for number in order[: self.chance.choices([1, 2, 3], [8, 1, 1])[0]]:
                    self._work_as(number, is_first=number == order[0])
        if self.chance.random() < STOPPED:
            self._all[order[0]] = self.make()

    def _work_at_once(self, order: Sequence[int]) -> None:
        threads = [Thread(target=self._work_as, args=(number,)) for number in order]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _work_as(self, number: int, *, is_first: bool = True) -> None:
        """One worker works; after its death another one is started in its place."""
        try:
            self._all[number].look_after()
            if periodic.JOBS or is_first:
                self._skip()
            self._all[number].drain()
        except Killed:
            self._all[number] = self.make()

    def _fated(self, name: str) -> Job:
        """The job, in which the worker may die before its transaction is over."""
        job = ALL_JOBS[name]

        def work(uow: Any) -> bool | None:
            is_left = job.work(uow)
            uow.session.flush()
            self.fate.strike(JOB, f"{name} {uow.now}")
            self.wanted.discard(name)
            return is_left

        return replace(job, work=work)

    def _skip(self) -> None:
        with self.sessions.begin() as session:
            session.execute(_SKIP)

    def make_dates_anew(self) -> None:
        """After a change of hours or settings: all three are started anew and look, before anybody acts."""
        self.start_anew()
        with jobs({name: ALL_JOBS[name] for name in AFTER_A_CHANGE}):
            for worker in self._all:
                worker.look_after()
