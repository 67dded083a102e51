"""A run: time passes from moment to moment at which somebody acts or something is due."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from sqlalchemy import Engine

from bot.context.settings import UseCaseSettings
from bot.db.session import Sessions
from bot.delivery.sending import Senders
from bot.delivery.worker import Worker
from bot.settings import Settings
from models.lifecycle import Action
from tests.support.use_case_desk import SmallDesk
from tests.year.books import Books, Rules
from tests.year.desk import APPROVERS, DIRECTION, Somebody, furnish, load
from tests.year.hours import DAY, DESK, HOUR, MINUTE, Count
from tests.year.people.agenda import Agenda
from tests.year.people.approvers import Approvers
from tests.year.people.crowd import People
from tests.year.senders import Directory, Fate, Mail, Slack
from tests.year.watching import Watch, collect
from tests.year.workers import Workers

GRID = 15 * MINUTE  # workers work at multiples of it, when there is something to do


@dataclass(frozen=True)
class Plan:
    """What to simulate. The hours change in the middle; for a month from `no_closing` on, questions are never
    closed."""

    tickets: int
    seed: int
    people: int = 200
    first: date = date(2026, 9, 1)
    last: date = date(2027, 8, 31)
    opened_until: date = date(2027, 7, 31)
    changed: date = date(2027, 2, 9)
    no_closing: date = date(2027, 4, 1)
    with_threads: bool = True
    agreements: float = 0.2
    """Which part of the requests needs an agreement."""
    deaths: float = 0.004
    """Of attempts, before and after sending."""

    @property
    def start(self) -> datetime:
        return _midnight(self.first)

    @property
    def end(self) -> datetime:
        return _midnight(self.last)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


class Run:
    """One run on one database."""

    def __init__(self, engine: Engine, plan: Plan, say: Callable[[str], None] = lambda _words: None) -> None:
        self.plan, self.say, self.sessions = plan, say, Sessions(engine)
        self.now = self.worked_at = plan.start
        self.changed_at = plan.end
        self.settings, self.rules = UseCaseSettings(), [Rules(plan.start, 10, 15)]
        requesters, technicians, approvers = furnish(engine, plan.people, plan.seed)
        chance = random.Random(f"{plan.seed} workers")
        self.fate = Fate(plan.seed, plan.deaths)
        self.slack, self.mail = Slack(self.clock, self.fate), Mail(self.clock, self.fate)
        self._trouble(requesters)
        self.groups = {DIRECTION: list(APPROVERS[4:7])}
        self.workers = Workers(
            self.sessions, self._worker, self.clock, self.fate, chance, with_threads=plan.with_threads
        )
        self.agenda, hours = Agenda(plan.end), Count(DESK, plan.first, plan.last + 90 * DAY)
        self.people = People(
            self.desk, self.clock, self.agenda, hours, requesters, technicians, random.Random(plan.seed)
        )
        self.people.approvers = Approvers(
            self.people, self.workers.wanted, self.groups, approvers, with_threads=plan.with_threads
        )
        self.watch = Watch(self.sessions)
        self._due: Mapping[str, datetime] = {}
        self.stopped = list(_stops(plan))

    def clock(self) -> datetime:
        return self.now

    def desk(self) -> SmallDesk:
        return SmallDesk(self.sessions, self.settings)

    def _trouble(self, requesters: Sequence[Somebody]) -> None:
        """Of a quarter of the people, Slack or the mail server takes nothing for a while; of some, Slack says
        that their account is closed."""
        chance = random.Random(f"{self.plan.seed} trouble")
        for number, who in enumerate(chance.sample(requesters, len(requesters) // 4)):
            start = self.plan.start + chance.random() * 0.6 * (self.plan.end - self.plan.start)
            end = start + timedelta(days=chance.uniform(20, 80))
            if number % 8 == 1:
                self.slack.closed[who.actor.slack_id] = (start, self.plan.end)
            elif number % 4 == 3:
                self.mail.refused[who.address] = (start, end)
            else:
                self.slack.refused[who.actor.slack_id] = (start, end)

    def _worker(self) -> Worker:
        settings = Settings(
            _env_file=None,
            mail_from="aide@univ.example",
            close_question_after=self.settings.close_question_after,
        )
        senders = Senders(
            slack=cast(Any, self.slack),
            files=cast(Any, None),
            store=cast(Any, None),
            mailer=self.mail,
            settings=settings,
            directory=cast(Any, Directory(self.groups)),
            link=lambda message: f"https://slack.example/{message.ts if message else 'app'}",
        )
        return Worker(self.sessions, senders, self.clock)

    def go(self) -> Books:
        """Let the time pass. Returns the books."""
        plan, month = self.plan, 0
        self.people.share = plan.agreements
        self.people.plan(plan.tickets, plan.start + 8 * HOUR, _midnight(plan.opened_until))
        self.people.approvers.plan(plan.start, plan.end, trouble=self.slack)
        self.agenda.add(_midnight(plan.changed) + 2 * HOUR, self._change_hours)
        self.agenda.add(_midnight(plan.no_closing), lambda: self._set_closing(0))
        self.agenda.add(_midnight(plan.no_closing) + 30 * DAY, lambda: self._set_closing(15))
        self.workers.begin()
        while (at := self._next_at()) and at < plan.end:
            self.now = at
            self._pass()
            if at.month != month:
                month = at.month
                self.say(f"{at:%Y-%m}: {len(self.watch.seen)} steps, {len(self.slack.posts)} messages")
        return collect(self)

    def _next_at(self) -> datetime | None:
        """When somebody acts or workers work next."""
        return min(filter(None, (self.agenda.next_at, self._work_at())), default=None)

    def _work_at(self) -> datetime | None:
        """When workers work next: on the grid, once something is due."""
        first = min(self._due.values(), default=None)
        if first is None:
            return None
        first = max(first, self.worked_at + MINUTE)
        ends = [end for start, end in self.stopped if start <= first < end]
        return _on_grid(max([first, *ends]))

    def _pass(self) -> None:
        """What happens now: people act, then workers work."""
        if self.agenda.do(self.now):
            self._look()
            self._due = {**self._due, "": self.now}
        if self.now == self._work_at():
            self.worked_at = self.now
            self.workers.work()
            self._look()
            self._due = self.workers.due()

    def _look(self) -> None:
        for event in self.watch.look(self.now):
            if event.surface in {"calendar", "outage"} and event.action is not Action.OPEN:
                self.people.has_changed(event.ticket_id, event.action)
        for asked in self.watch.look_at_steps(self.now):
            self.people.approvers.follow(asked)

    def _change_hours(self) -> None:
        with self.sessions.begin() as session:
            load(session, is_later=True)
        self.changed_at = self.now
        self.workers.make_dates_anew()
        self.watch.look_at_all(self.now)

    def _set_closing(self, after: int) -> None:
        self.settings = replace(self.settings, close_question_after=after)
        self.rules.append(Rules(self.now, 10, after))
        self.workers.make_dates_anew()


def _stops(plan: Plan) -> Iterator[tuple[datetime, datetime]]:
    """When no worker runs: for a day or two, in each month."""
    chance, start = random.Random(f"{plan.seed} stops"), plan.start
    while (start := start + timedelta(days=chance.uniform(10, 50))) < plan.end:
        yield start, start + timedelta(hours=chance.uniform(1, 50))


def _on_grid(at: datetime) -> datetime:
    """The next moment of the grid, `at` itself when it is one."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + -((midnight - at) // GRID) * GRID
