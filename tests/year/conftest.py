"""The books of some weeks, which the tests of the account change."""

from collections.abc import Iterator
from datetime import date

import pytest

from tests.year.books import Books
from tests.year.databases import empty_database
from tests.year.run import Plan, Run

AUTUMN = Plan(
    tickets=25,
    seed=18,
    people=12,
    deaths=0.02,
    first=date(2026, 10, 5),
    last=date(2026, 12, 12),
    opened_until=date(2026, 10, 30),
    changed=date(2026, 10, 6),
    no_closing=date(2027, 1, 1),
    agreements=0.4,
    with_threads=False,  # the same each time
)


@pytest.fixture(scope="package")
def books() -> Iterator[Books]:
    """The books of some weeks, in which nothing is wrong."""
    with empty_database("sqlite") as engine:
        yield Run(engine, AUTUMN).go()
