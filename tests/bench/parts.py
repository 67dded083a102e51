"""The parts of the benchmarks, in the order of the document; each can be measured on its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.bench import catalogue_search, deliveries, growth, start
from tests.bench.acknowledgement import measure as acknowledgement
from tests.bench.environment import Databases
from tests.bench.footprint import measure as footprint
from tests.bench.peers import measure as peers
from tests.bench.report.goals import Goal
from tests.bench.report.table import Section


@dataclass(frozen=True)
class Part:
    """What measures it, and the goals of each of its tables by title."""

    run: Callable[[Databases], Sequence[Section]]
    goals: Mapping[str, Sequence[Goal]]
    only_if: str = ""
    """The variable of the environment without which it is measured only when it is named."""


PARTS: Mapping[str, Part] = {
    "acknowledgement": Part(acknowledgement.run, acknowledgement.GOALS),
    "growth": Part(growth.run, growth.GOALS),
    "deliveries": Part(deliveries.run, deliveries.GOALS),
    "footprint": Part(footprint.run, footprint.GOALS),
    "start": Part(start.run, start.GOALS),
    "catalogue_search": Part(catalogue_search.run, catalogue_search.GOALS),
    "peers": Part(peers.run, peers.GOALS, only_if="BENCH_PEERS"),
}
GOALS: Mapping[str, Sequence[Goal]] = {
    title: goals for part in PARTS.values() for title, goals in part.goals.items()
}
