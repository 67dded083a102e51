"""A week: when time stands, what people do then, and how it moves on.

Working time is moved on half an hour at a time. Each half hour's traffic comes in some seconds, in which the
clock runs as it always does; then everything that is due is sent, and the clock jumps to the next half hour.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, text

from blocks import ids
from tests.bench.footprint.acts import file_ticket, fill_in, look, look_at_home, press
from tests.bench.footprint.clock import MovedClock
from tests.bench.footprint.people import PEOPLE, TECHNICIANS
from tests.bench.footprint.traffic import Act, Traffic

HALF_HOUR, DAY = timedelta(minutes=30), timedelta(days=1)
OPENS = timedelta(hours=8)
SHAPE = (10, 30, 36, 34, 32, 30, 26, 18, 8, 8, 12, 28, 36, 34, 32, 30, 28, 26, 24, 18)
"""Tickets in each half hour from 8 to 18: 500 a working day."""
WEEKEND = (4, 4, 4, 4, 4)
NIGHT = (timedelta(hours=20), timedelta(hours=24), timedelta(hours=28), timedelta(hours=31))
PARIS = ZoneInfo("Europe/Paris")
SETTLING = 2.5  # seconds: the worker looks once a second for what is due
WORDS = ("imprimante salle", "wifi", "muette", "projecteur", "mot de passe", "n° {}", "messagerie")

Planned = tuple[float, Callable[[], Act]]
_OPEN = """
SELECT ticket.id, ticket.status, requester.slack_id, assignee.slack_id
FROM ticket JOIN person requester ON requester.id = ticket.requester_id
LEFT JOIN person assignee ON assignee.id = ticket.assignee_id
WHERE ticket.id > :base AND ticket.status <> 'closed' ORDER BY ticket.id
"""
_DUE = "SELECT count(*) FROM delivery WHERE state = 'pending' AND (due_at <= :now OR lease_until IS NOT NULL)"


@dataclass
class Week:
    """The people, the clock, and the database that tells them which tickets are open."""

    engine: Engine
    clock: MovedClock
    traffic: Traffic
    base: int
    """The newest ticket before the week."""
    seconds: float
    """In which half an hour's traffic comes."""
    watch: Callable[[], None]
    """Called while time stands."""
    chance: random.Random = field(default_factory=lambda: random.Random(20))
    slowest: float = 0.0
    """The seconds that it took at most to send what was left after a half hour."""

    def pass_days(self, days: int) -> None:
        """Let so many days pass, from a Monday on."""
        first = next_monday(self.clock.now())
        for number in range(days):
            midnight = first + number * DAY
            self._day(midnight, SHAPE if number % 7 < 5 else WEEKEND)

    def _day(self, midnight: datetime, shape: Sequence[int]) -> None:
        for number, tickets in enumerate(shape):
            self._move_to(midnight + OPENS + number * HALF_HOUR)
            self.traffic.during(self.seconds, self._plan(tickets))
            self._settle(0)
        for hours in NIGHT:
            self._move_to(midnight + hours)
            self._settle(SETTLING)

    def _move_to(self, local: datetime) -> None:
        moment = local.replace(tzinfo=PARIS).astimezone(UTC)
        self.clock.move_to(max(moment, self.clock.now()))
        self.watch()

    def _settle(self, seconds: float) -> None:
        """Wait until nothing is due, and at least so long."""
        start = time.monotonic()
        while time.monotonic() < start + seconds or (self._due() and time.monotonic() < start + 60):
            time.sleep(0.1)
            self.watch()
        self.slowest = max(self.slowest, time.monotonic() - start)

    def _due(self) -> int:
        with self.engine.connect() as connection:
            return int(connection.execute(text(_DUE), {"now": self.clock.now()}).scalar_one())

    def _plan(self, tickets: int) -> Iterator[Planned]:
        """What begins in a half hour, at random."""
        with self.engine.connect() as connection:
            known = connection.execute(text(_OPEN), {"base": self.base}).all()
        for number, status, requester, technician in known:
            if act := self._next(number, str(status), requester, technician):
                yield self.chance.random(), act
        traffic = self.traffic
        for _ in range(tickets):
            title = f"Imprimante en panne, salle {self.chance.randrange(300)}"
            yield self.chance.random(), _later(file_ticket, traffic, self._anybody(), title)
            yield self.chance.random(), _later(look_at_home, traffic, self._anybody())
        for _ in range(tickets // 2):
            yield self.chance.random(), _later(look, traffic, self._technician(), ids.COMMAND_QUEUE)
            yield self.chance.random(), _later(look, traffic, self._anybody(), ids.COMMAND_MY_TICKETS)
            words = self.chance.choice(WORDS).format(self.chance.randrange(1, self.base))
            yield self.chance.random(), _later(look, traffic, self._technician(), ids.COMMAND_SEARCH, words)

    def _next(
        self, number: int, status: str, requester: str, technician: str | None
    ) -> Callable[[], Act] | None:
        """What happens to an open ticket in this half hour, if anything does."""
        drawn, traffic, who = self.chance.random(), self.traffic, technician or self._technician()
        if status == "new" and drawn < 0.8:
            return _later(press, traffic, who, ids.TAKE, number, "take")
        if status == "in_progress" and drawn < 0.4:
            if drawn < 0.25:
                return _later(fill_in, traffic, who, ids.RESOLVE, number, "resolve")
            action = "ask" if drawn < 0.33 else "reply"
            return _later(fill_in, traffic, who, ids.ANSWER_REQUESTER, number, action)
        if status == "pending" and drawn < 0.2:
            return _later(fill_in, traffic, requester, ids.ANSWER, number, "answer")
        if status == "resolved" and drawn < 0.3 and number % 5:  # every fifth requester stays silent
            return _later(press, traffic, requester, ids.APPROVE, number, "approve")
        return None

    def _anybody(self) -> str:
        return f"U0P{self.chance.randrange(len(TECHNICIANS) + 2, PEOPLE + 1)}"

    def _technician(self) -> str:
        return self.chance.choice(TECHNICIANS)


def next_monday(now: datetime) -> datetime:
    """Midnight of the next Monday, local time, without its zone."""
    local = now.astimezone(PARIS)
    return (local + timedelta(days=7 - local.weekday())).replace(
        hour=0, minute=0, second=0, microsecond=0, tzinfo=None
    )


def _later(make: Callable[..., Act], *arguments: object) -> Callable[[], Act]:
    return lambda: make(*arguments)
