"""A difference between two revisions is one only when it is larger than the noise."""

import pytest

from tests.bench.compare.noise import Comparison, coverage, interval


def test_the_ratio_is_the_median_of_the_rounds() -> None:
    both = Comparison(base=[1.0, 2.0, 4.0], new=[1.5, 2.0, 2.0])
    assert (list(both.ratios), both.ratio) == ([0.5, 1.0, 1.5], 1.0)


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ([1.1, 0.9, 1.2, 1.3, 1.4], "no difference beyond noise"),
        ([1.1, 1.01, 1.2, 1.3, 1.4], "slower"),
        ([0.9, 0.99, 0.8, 0.7, 0.95], "faster"),
        ([0.9, 1.01, 0.8, 0.7, 0.95], "no difference beyond noise"),
    ],
)
def test_a_difference_counts_when_every_one_of_few_rounds_has_it(new: list[float], says: str) -> None:
    assert Comparison([1.0] * 5, new).says == says


def test_fewer_than_five_rounds_tell_nothing() -> None:
    assert Comparison([1.0] * 4, [2.0] * 4).says == "too few rounds to tell"


def test_a_slow_round_that_slows_both_is_no_difference() -> None:
    assert Comparison([1.0, 9.0, 1.0, 8.0, 1.0], [1.0, 9.0, 1.0, 8.0, 1.0]).interval == (1.0, 1.0)


@pytest.mark.parametrize(("rounds", "left_out"), [(5, 0), (8, 0), (9, 1), (11, 1), (12, 2), (20, 5)])
def test_of_many_rounds_the_outermost_are_left_out(rounds: int, left_out: int) -> None:
    ordered = [float(number) for number in range(rounds)]
    assert interval(ordered) == (left_out, rounds - 1 - left_out)


def test_the_range_of_five_rounds_holds_the_median_fifteen_times_in_sixteen() -> None:
    assert coverage(5, 0) == 15 / 16
    assert coverage(3, 1) == 0.0
