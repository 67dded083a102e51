"""What two revisions took in turns: the ratio of each round, their median, and how far chance moves it."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

SURE, LEAST = 0.95, 0.9


@dataclass(frozen=True)
class Comparison:
    """The seconds of both in each round; the rounds are those of both."""

    base: Sequence[float]
    new: Sequence[float]

    @property
    def ratios(self) -> Sequence[float]:
        """New beside base, one a round, the lowest first: what slows a round down slows both."""
        return sorted(new / base for base, new in zip(self.base, self.new, strict=True))

    @property
    def ratio(self) -> float:
        """The median."""
        return statistics.median(self.ratios)

    @property
    def interval(self) -> tuple[float, float]:
        """Where the median ratio is (`interval`)."""
        return interval(self.ratios)

    @property
    def says(self) -> str:
        """What follows."""
        low, high = self.interval
        if coverage(len(self.base), 0) < LEAST:
            return "too few rounds to tell"
        if low <= 1 <= high:
            return "no difference beyond noise"
        return "faster" if self.ratio < 1 else "slower"


def interval(ordered: Sequence[float], sure: float = SURE) -> tuple[float, float]:
    """The narrowest two of these values, as far from both ends, between which the median of what they are
    drawn from lies with this probability, whatever its distribution; of few values the lowest and highest."""
    inner = 0
    while coverage(len(ordered), inner + 1) >= sure:
        inner += 1
    return ordered[inner], ordered[-1 - inner]


def coverage(number: int, inner: int) -> float:
    """The probability that the median is between two of `number` values, when `inner` are left out at each
    end: that neither side has at most `inner` of them (the sign test)."""
    if 2 * inner + 1 >= number:
        return 0.0
    return 1 - 2 * sum(comb(number, each) for each in range(inner + 1)) / 2.0**number
