"""Calendars count as a count minute by minute does, whatever the hours, the days off and the changes of hour.

CALENDAR_CASES=10000, or `make calendar-cases`, tries more.
"""

import os
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from models.calendar.working_time import WorkingTime
from tests.support.minute_count import MINUTES, Case, Count, cases

CASES = int(os.environ.get("CALENDAR_CASES", "240"))
many = settings(max_examples=CASES, deadline=None, database=None)
some = settings(max_examples=CASES // 4, deadline=None, database=None)

indexes = st.integers(0, MINUTES)
lengths = st.integers(1, 5000)
spans = st.timedeltas(timedelta(), timedelta(days=60))
# Of working time: twice as much is worked before 2099, with a minute a week too.
times = st.timedeltas(timedelta(), timedelta(days=1))


@many
@given(cases(), indexes, indexes, lengths)
def test_time_is_counted_as_minute_by_minute(case: Case, one: int, other: int, minutes: int) -> None:
    calendar, count = case.calendar, Count(case.calendar, case.window)
    first, last = sorted((one, other))
    assert calendar.elapsed(count.at(first), count.at(last)) == timedelta(minutes=count.elapsed(first, last))
    for time in (WorkingTime(minutes=minutes), WorkingTime(1, minutes), WorkingTime(1)):
        due = count.due(first, time.days * calendar.day + time.minutes)
        if due is not None:
            assert calendar.due(count.at(first), time) == count.at(due)


@some
@given(cases(), st.integers(0, MINUTES - 1))
def test_openings_are_those_of_a_count(case: Case, index: int) -> None:
    calendar, count = case.calendar, Count(case.calendar, case.window)
    at = count.at(index)
    assert calendar.is_open(at) == count.open[index]
    if (opening := count.opening(index)) is not None:
        assert calendar.next_opening(at) == count.at(opening)
    if not count.open[index]:
        assert calendar.closes_at(at) is None
    elif (closing := count.closing(index)) is not None:
        assert calendar.closes_at(at) == count.at(closing)


@some
@given(cases(), indexes, times, times)
def test_what_is_due_has_elapsed_no_sooner(case: Case, index: int, time: timedelta, less: timedelta) -> None:
    calendar, start = case.calendar, Count(case.calendar, case.window).at(index)
    due = calendar.due(start, time)
    assert calendar.elapsed(start, due) == time
    if time:
        assert calendar.elapsed(start, due - timedelta(microseconds=1)) == time - timedelta(microseconds=1)
    assert calendar.due(start, min(time, less)) <= due


@some
@given(cases(), indexes, spans, spans)
def test_elapsed_time_adds_up(case: Case, index: int, one: timedelta, other: timedelta) -> None:
    calendar, start = case.calendar, Count(case.calendar, case.window).at(index)
    middle, end = start + one, start + one + other
    together = calendar.elapsed(start, middle) + calendar.elapsed(middle, end)
    assert together == calendar.elapsed(start, end) == -calendar.elapsed(end, start)
    assert timedelta() <= calendar.elapsed(start, middle) <= min(one, calendar.elapsed(start, end))


@some
@given(cases(), indexes, times, times)
def test_due_times_add_up(case: Case, index: int, one: timedelta, other: timedelta) -> None:
    calendar, start = case.calendar, Count(case.calendar, case.window).at(index)
    if one and other:
        assert calendar.due(calendar.due(start, one), other) == calendar.due(start, one + other)
