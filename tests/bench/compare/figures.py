"""What is measured of a revision: a few figures, each in some seconds and as often as asked.

Runs in a process of that revision's product. What a figure needs is imported and set up when it is first
measured, so that a revision that lacks it can still be asked for the others.
"""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from itertools import cycle
from typing import Any

from tests.bench.acknowledgement.load import at_once, steadily
from tests.bench.acknowledgement.requests import commands, submissions, takes
from tests.bench.acknowledgement.starts import first_acknowledgement, run_python
from tests.bench.environment import Databases, environment, free_port, process, quick_slack, wait_for

REQUESTS, WARM_UP, TICKETS, GROWN = 200, 100, 12_000, 1000
ACTS, DRAINED, STARTS = 15, 150, 3
Figures = Mapping[str, float]
"""Seconds, by the figure's name."""
Measure = Callable[[], Figures]
MADE: Sequence[str] = (
    "App Home, requester",
    "a ticket’s detail",
    "a technician’s queue, unassigned",
    "the ticket search, common words",
    "a submission",
    "an approval",
)
"""The acts of `growth.ACTS` that are measured."""


class Revision:
    """This process's product, on PostgreSQL."""

    def __init__(self, databases: Databases, name: str, stack: ExitStack) -> None:
        self._databases, self._name, self._stack = databases, name, stack
        self._measures: dict[str, Measure] = {}

    def measure(self, kind: str) -> Figures:
        """Measure one of `KINDS` once; the first time, set it up and warm it up."""
        if kind not in self._measures:
            self._measures[kind] = KINDS[kind](self)
            self._measures[kind]()
        return self._measures[kind]()

    def settings(self, name: str) -> Any:
        """Of a new database, and a Slack that answers at once."""
        slack = self._stack.enter_context(quick_slack())
        made = self._databases.create("postgresql", f"{self._name}_{name}")
        return made.model_copy(update={"slack_api_url": slack})

    def acknowledgements(self) -> Measure:
        """Acknowledgements at 50 a second."""
        from tests.bench.acknowledgement.measure import untaken

        settings, port = self.settings("acknowledgement"), free_port()
        numbers = cycle(untaken(settings, TICKETS))
        self._stack.enter_context(process("bot", "web", environment=environment(settings, PORT=str(port))))
        wait_for(port)
        kinds: Mapping[str, Callable[[int], Any]] = {
            "Je prends": lambda number: takes([next(numbers) for _ in range(number)]),
            "a submission": submissions,
            "/mes-tickets": commands,
        }
        for make in kinds.values():
            at_once(port, make(WARM_UP))

        def measure() -> Figures:
            figures: dict[str, float] = {}
            for name, make in kinds.items():
                load = steadily(port, make(REQUESTS))
                figures |= {f"{name} at 50/s, p50": load.p50, f"{name} at 50/s, p99": load.p99}
            return figures

        return measure

    def acts(self) -> Measure:
        """Builders and use cases with 1,000 tickets."""
        from tests.bench import growth

        desk = growth.opened(self._databases, self._stack, "postgresql", GROWN, f"{self._name}_growth")
        return lambda: {f"{name}, 1,000 tickets": _median(growth.ACTS[name], desk) for name in MADE}

    def start(self) -> Measure:
        """Cold starts."""
        settings = self.settings("start")

        def measure() -> Figures:
            return {
                "guichet --help": _of_starts(lambda: run_python("-m", "bot", "--help")),
                "guichet web, until the first acknowledgement": _of_starts(
                    lambda: first_acknowledgement(settings)
                ),
            }

        return measure

    def drain(self) -> Measure:
        """What a worker needs for a message."""
        from bot.db.engine import create_db
        from tests.bench.deliveries import drained
        from tests.bench.history import fill

        settings = self.settings("deliveries")
        engine = create_db(settings.database_url.get_secret_value(), timeout=60)
        self._stack.callback(engine.dispose)
        fill(engine, GROWN)
        return lambda: {"a worker, one delivery": 1 / drained(engine, settings, 1, most=DRAINED)}


KINDS: Mapping[str, Callable[[Revision], Measure]] = {
    "acknowledgements": Revision.acknowledgements,
    "acts": Revision.acts,
    "start": Revision.start,
    "drain": Revision.drain,
}


def _median(act: Any, desk: Any) -> float:
    return statistics.median(_timed(act(desk)) for _ in range(ACTS))


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _of_starts(start: Callable[[], float]) -> float:
    return statistics.median(start() for _ in range(STARTS))
