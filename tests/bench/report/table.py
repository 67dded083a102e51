"""A table of figures: on the terminal as its rows come in, and in Markdown."""

import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.bench.report.goals import Goal, Judged, judge, marks

GOAL = "goal"
"""The name of the column that says what became of a row's goals."""


@dataclass
class Section:
    """A table: its title, what the figures are, the columns, the goals, and the rows that came in."""

    title: str
    words: str
    columns: Sequence[str]
    goals: Sequence[Goal] = ()
    rows: list[Sequence[str]] = field(default_factory=list)
    measured: str = ""
    """When, and on what."""

    def add(self, *cells: str) -> None:
        """One more row, printed at once."""
        self.rows.append(cells)
        _print([*cells, *[""] * (len(self.columns) - len(cells)), marks(self.goals, self.columns, cells)])

    def announce(self) -> None:
        """Print what follows."""
        sys.stdout.write(f"\n== {self.title}\n")
        _print(self.columns)

    def judged(self) -> Sequence[Judged]:
        """What became of each goal."""
        return [judge(goal, self.columns, self.rows) for goal in self.goals]

    def markdown(self) -> str:
        """The section as the document has it."""
        width = len(self.columns)
        lines = [self.columns, *([*row, *[""] * (width - len(row))] for row in self.rows)]
        if self.goals:
            added = [GOAL, *(marks(self.goals, self.columns, row) for row in self.rows)]
            lines = [[*line, mark] for line, mark in zip(lines, added, strict=True)]
        note = f"\n{self.measured}\n" if self.measured else ""
        return f"## {self.title}\n\n{self.words}\n\n{markdown_table(lines)}{note}"


def markdown_table(lines: Sequence[Sequence[str]]) -> str:
    """A table whose first line is its head, figures on the right."""
    head, *rows = lines
    rule = ["---", *("---" if name == GOAL else "---:" for name in head[1:])]
    return "".join(f"| {' | '.join(line)} |\n" for line in [head, rule, *rows])


def _print(cells: Sequence[str]) -> None:
    line = "".join(f"{cell:<{58 if not number else 14}}" for number, cell in enumerate(cells))
    sys.stdout.write(line.rstrip() + "\n")
    sys.stdout.flush()


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def times(ratio: float) -> str:
    return f"{ratio:.2f}"


def p50(taken: Sequence[float]) -> float:
    return statistics.median(taken)


def p99(taken: Sequence[float]) -> float:
    return statistics.quantiles(taken, n=100)[-1]
