"""Goals are met, missed or not measured, and the document says which."""

import pytest

from tests.bench.report.document import merged, missed, read, render
from tests.bench.report.goals import Direction, Goal, Verdict, figure, judge, marks
from tests.bench.report.table import Section

COLUMNS = ("", "p50", "p99 / bare")
UNDER_SIX = Goal("taking a ticket", "p99 / bare", Direction.UNDER, 6, rows="take*", but="taken*")
GOALS = {"Speed": (UNDER_SIX,), "Size": (Goal("memory", "peak", Direction.AT_MOST, 512),)}


def speed(*ratios: str) -> Section:
    rows = [(f"take {number}", "1.0 ms", ratio) for number, ratio in enumerate(ratios)]
    return Section("Speed", "Words.", COLUMNS, GOALS["Speed"], [*rows, ("taken", "2.0 ms", "99.00")])


@pytest.mark.parametrize(
    ("direction", "cell", "verdict"),
    [
        (Direction.UNDER, "5.99", Verdict.MET),
        (Direction.UNDER, "6.00", Verdict.MISSED),
        (Direction.AT_MOST, "6.00", Verdict.MET),
        (Direction.AT_MOST, "6.01 ms", Verdict.MISSED),
        (Direction.AT_LEAST, "6.00", Verdict.MET),
        (Direction.AT_LEAST, "5.99", Verdict.MISSED),
        (Direction.UNDER, "", Verdict.NOT_MEASURED),
        (Direction.UNDER, "no cgroups here", Verdict.NOT_MEASURED),
    ],
)
def test_a_figure_is_held_against_its_limit(direction: Direction, cell: str, verdict: Verdict) -> None:
    assert Goal("", "p50", direction, 6).verdict(cell) is verdict


@pytest.mark.parametrize(
    ("cell", "number"), [("8.19", 8.19), ("1,024 MB", 1024), ("0", 0), ("-3.5 %", -3.5), ("about 3", None)]
)
def test_a_figure_is_the_number_before_its_unit(cell: str, number: float | None) -> None:
    assert figure(cell) == number


def test_the_row_farthest_from_the_limit_decides() -> None:
    judged = judge(UNDER_SIX, COLUMNS, speed("2.00", "8.19", "3.00").rows)
    assert (judged.verdict, judged.cell, judged.row) == (Verdict.MISSED, "8.19", "take 1")


def test_the_lowest_row_decides_where_more_is_better() -> None:
    goal = Goal("", "p99 / bare", Direction.AT_LEAST, 2, rows="take*", but="taken*")
    assert judge(goal, COLUMNS, speed("2.00", "1.99").rows).cell == "1.99"


def test_a_row_without_a_figure_leaves_a_goal_open_unless_another_misses_it() -> None:
    assert judge(UNDER_SIX, COLUMNS, speed("2.00", "").rows).verdict is Verdict.NOT_MEASURED
    assert judge(UNDER_SIX, COLUMNS, speed("7.00", "").rows).verdict is Verdict.MISSED


def test_a_goal_without_its_column_is_not_measured() -> None:
    assert judge(UNDER_SIX, COLUMNS[:2], speed("7.00").rows).verdict is Verdict.NOT_MEASURED


def test_a_row_names_the_column_of_each_goal_when_it_has_several() -> None:
    both = (UNDER_SIX, Goal("", "p50", Direction.AT_MOST, 1))
    assert marks(both, COLUMNS, ("take", "2.0 ms", "1.00")) == "p99 / bare < 6: met; p50 ≤ 1: **missed**"
    assert marks(both, COLUMNS, ("other", "0.5 ms", "9.00")) == "≤ 1: met"


def test_the_document_shows_each_goal_with_its_figure_before_the_tables() -> None:
    summary, table = render([speed("8.19", "3.00")], GOALS).split("## Speed")
    assert "| Speed: taking a ticket | < 6 | 8.19 (take 0) | **missed** |" in summary
    assert "| Size: memory | ≤ 512 |  | not measured |" in summary
    assert "| take 0 | 1.0 ms | 8.19 | < 6: **missed** |" in table
    assert "| taken | 2.0 ms | 99.00 |  |" in table


def test_a_document_that_is_read_and_written_again_stays_as_it_is() -> None:
    section = speed("8.19", "3.00")
    section.measured = "Measured today."
    text = render([section], GOALS)
    assert render(read(text, GOALS), GOALS) == text


def test_a_part_measured_anew_replaces_its_own_table_only() -> None:
    size = Section("Size", "Words.", ("", "peak"), GOALS["Size"], [("web", "300 MB")])
    old, new = [size, speed("8.19")], [speed("2.00")]
    assert merged(old, [*new, Section("Gone", "", ())], list(GOALS)) == [*new, size]


def test_what_is_missed_is_listed_with_its_goal() -> None:
    assert missed([speed("2.00")]) == []
    assert missed([speed("8.19")]) == ["Speed: taking a ticket: 8.19 (take 0), goal < 6"]
