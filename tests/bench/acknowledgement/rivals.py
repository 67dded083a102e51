"""The bare app as a yardstick: 16 at once, and a steady rate in runs that alternate with it."""

import os
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from tests.bench.acknowledgement.load import Load, Request, at_once, steadily
from tests.bench.acknowledgement.requests import submissions
from tests.bench.environment import free_port, process, quick_slack, wait_for

AT_ONCE, WARM_UP = 1500, 200
RUNS, OF_A_RUN = 5, 300  # at a steady rate, each beside one of the bare app

Make = Callable[[int], Sequence[Request]]


@dataclass(frozen=True)
class Turn:
    """A run at a steady rate, and the bare app's beside it."""

    load: Load
    bare: Load

    @property
    def ratio(self) -> float:
        """Of the p99."""
        return self.load.p99 / self.bare.p99


@dataclass(frozen=True)
class Rival:
    """What the same requests took at the bot: 16 at once, and in turns with the bare app."""

    most: Load
    turns: Sequence[Turn]

    def median(self, figure: Callable[[Turn], float]) -> float:
        """Of the runs."""
        return statistics.median(figure(turn) for turn in self.turns)

    @property
    def ratios(self) -> Sequence[float]:
        """p99 / bare of each run, the lowest first."""
        return sorted(turn.ratio for turn in self.turns)


@dataclass(frozen=True)
class Bare:
    """Where it listens, and what it does with 16 at once."""

    port: int
    most: Load

    def rival(self, port: int, make: Make) -> Rival:
        """Measure what listens on `port`, and this one in turns with it."""
        at_once(port, make(WARM_UP))
        most = at_once(port, make(AT_ONCE))
        turns = []
        for number in range(RUNS):
            loads = {}
            for one, requests in self._order(number, port, make):
                loads[one] = steadily(one, requests)
            turns.append(Turn(loads[port], loads[self.port]))
        return Rival(most, turns)

    def _order(self, number: int, port: int, make: Make) -> Sequence[tuple[int, Sequence[Request]]]:
        both: list[tuple[int, Sequence[Request]]] = [(self.port, submissions(OF_A_RUN))]
        if port != self.port:
            both.insert(number % 2, (port, make(OF_A_RUN)))
        return both


@contextmanager
def bare_app(*arguments: str, within: Callable[[], None] | None = None) -> Iterator[int]:
    """The port of a bare app; `default`: one that hands its listener over to a thread."""
    port = free_port()
    with (
        quick_slack() as slack,
        process(
            "tests.bench.acknowledgement.bare",
            str(port),
            *arguments,
            environment={**os.environ, "SLACK_API_URL": slack},
            within=within,
        ),
    ):
        wait_for(port)
        yield port
