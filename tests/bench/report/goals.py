"""Goals: which figure of which table has to be how large; met, missed or not measured."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from operator import ge, le, lt


class Direction(StrEnum):
    """How a figure has to be to its limit."""

    UNDER = "<"
    AT_MOST = "≤"
    AT_LEAST = "≥"


class Verdict(StrEnum):
    """What became of a goal."""

    MET = "met"
    MISSED = "**missed**"
    NOT_MEASURED = "not measured"


COMPARED = {Direction.UNDER: lt, Direction.AT_MOST: le, Direction.AT_LEAST: ge}


@dataclass(frozen=True)
class Goal:
    """A limit for one column of a table, in the rows whose names match `rows` and not `but` (fnmatch)."""

    says: str
    column: str
    direction: Direction
    limit: float
    rows: str = "*"
    but: str = ""

    @property
    def bound(self) -> str:
        """The limit as it is written: `< 6`."""
        return f"{self.direction} {self.limit:g}"

    def applies(self, row: str) -> bool:
        """Whether a row of this name has to meet it."""
        return fnmatchcase(row, self.rows) and not fnmatchcase(row, self.but)

    def verdict(self, cell: str) -> Verdict:
        """Judges a figure as it is printed, rounded."""
        found = figure(cell)
        if found is None:
            return Verdict.NOT_MEASURED
        return Verdict.MET if COMPARED[self.direction](found, self.limit) else Verdict.MISSED


@dataclass(frozen=True)
class Judged:
    """A goal with the figure that is farthest from it, and that figure's row."""

    goal: Goal
    verdict: Verdict
    cell: str = ""
    row: str = ""


def figure(cell: str) -> float | None:
    """The number at the beginning of a cell, without its unit; `None`: there is none."""
    number = re.match(r"-?\d[\d,]*(\.\d+)?", cell)
    return float(number[0].replace(",", "")) if number else None


def marks(goals: Sequence[Goal], columns: Sequence[str], row: Sequence[str]) -> str:
    """What a row says of its goals: `< 6: met`; each with its column when there are several."""
    own = [goal for goal in goals if goal.applies(row[0])]
    said = [f"{goal.bound}: {goal.verdict(_cell(goal, columns, row))}" for goal in own]
    if len(own) > 1:
        said = [f"{goal.column} {mark}" for goal, mark in zip(own, said, strict=True)]
    return "; ".join(said)


def judge(goal: Goal, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Judged:
    """A goal over all its rows: the worst figure decides; a row without a figure leaves it open."""
    cells = [(_cell(goal, columns, row), row[0]) for row in rows if goal.applies(row[0])]
    verdicts = {goal.verdict(cell) for cell, _ in cells}
    measured = [(number, cell, row) for cell, row in cells if (number := figure(cell)) is not None]
    if not measured:
        return Judged(goal, Verdict.NOT_MEASURED)
    worst = min if goal.direction is Direction.AT_LEAST else max
    _, cell, row = worst(measured)
    for verdict in (Verdict.MISSED, Verdict.NOT_MEASURED):
        if verdict in verdicts:
            return Judged(goal, verdict, cell, row)
    return Judged(goal, Verdict.MET, cell, row)


def _cell(goal: Goal, columns: Sequence[str], row: Sequence[str]) -> str:
    place = list(columns).index(goal.column) if goal.column in columns else len(row)
    return row[place] if place < len(row) else ""
