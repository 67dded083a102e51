"""Due moments, elapsed time and openings of a calendar: the cases that people ask about."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.base import LocalizedText
from models.calendar.calendar import LAST_YEAR, BeyondCalendar, Calendar
from models.calendar.days_off import Closure, Holiday
from models.calendar.frames import Frame, FrameError, read_frame
from models.calendar.working_days import add_working_days, is_working_day, working_days_between
from models.calendar.working_time import WorkingTime, WorkingTimeError, read_working_time

PARIS = ZoneInfo("Europe/Paris")
NAME = LocalizedText("Noël", "Christmas")
OFFICE = ((Frame(8 * 60, 18 * 60),),) * 5 + ((), ())
CHRISTMAS = Holiday(NAME, tuple(date(year, 12, 25) for year in range(2000, 2100)))
CALENDAR = Calendar("Europe/Paris", OFFICE, 600, (CHRISTMAS,))
OUTSIDE = [
    datetime(1, 1, 1, tzinfo=PARIS),
    datetime(1999, 12, 31, tzinfo=UTC),
    datetime(2100, 1, 2, tzinfo=UTC),
    datetime(9999, 12, 31, 23, tzinfo=ZoneInfo("America/New_York")),
]


def at(text: str, fold: int = 0) -> datetime:
    """A local time of Paris, as `2026-12-18 17:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS, fold=fold).astimezone(UTC)


def due(start: str, length: str, calendar: Calendar = CALENDAR) -> str:
    return str(calendar.local(calendar.due(at(start), read_working_time(length))))[:16]


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [
        ("2026-12-18 17:00", "4h", "2026-12-21 11:00"),  # over a week-end
        ("2026-12-18 14:00", "4h", "2026-12-18 18:00"),  # the end of the day, not the next opening
        ("2026-12-18 14:00", "1d", "2026-12-21 14:00"),  # the same hour of the next open day
        ("2026-12-24 14:00", "1d", "2026-12-28 14:00"),  # Christmas is a Friday
        ("2026-12-18 18:00", "1m", "2026-12-21 08:01"),
        ("2026-12-19 11:00", "1h", "2026-12-21 09:00"),  # a Saturday
        ("2026-12-18 03:00", "1h", "2026-12-18 09:00"),
        ("2026-12-18 08:00", "1d", "2026-12-18 18:00"),
        ("2026-12-31 17:30", "1h", "2027-01-01 08:30"),
        ("2026-03-27 17:00", "2h", "2026-03-30 09:00"),  # over the change of hour
        ("2026-10-23 17:00", "1d 1h", "2026-10-26 18:00"),
    ],
)
def test_time_is_due_after_working_time(start: str, length: str, expected: str) -> None:
    assert due(start, length) == expected


def test_moments_are_in_utc_and_keep_their_seconds() -> None:
    start = at("2026-12-18 17:59:30.000007")
    found = CALENDAR.due(start, timedelta(seconds=60))
    assert found == at("2026-12-21 08:00:30.000007")
    assert found.tzinfo is UTC
    assert CALENDAR.next_opening(start).tzinfo is UTC
    assert CALENDAR.elapsed(start, found) == timedelta(seconds=60)


def test_no_time_is_due_at_once() -> None:
    assert CALENDAR.due(at("2026-12-19 11:00"), timedelta()) == at("2026-12-19 11:00")
    with pytest.raises(ValueError, match="forwards"):
        CALENDAR.due(at("2026-12-19 11:00"), timedelta(minutes=-1))


NIGHT = Calendar("Europe/Paris", ((Frame(0, 6 * 60), Frame(22 * 60, 24 * 60)),) * 7, 480)


def test_a_frame_across_a_change_of_hour_lasts_as_long_as_it_really_does() -> None:
    assert NIGHT.elapsed(at("2026-03-28 22:00"), at("2026-03-29 12:00")) == timedelta(hours=7)
    assert NIGHT.elapsed(at("2026-10-24 22:00"), at("2026-10-25 12:00")) == timedelta(hours=9)
    assert NIGHT.elapsed(at("2026-10-23 22:00"), at("2026-10-24 12:00")) == timedelta(hours=8)


def test_a_frame_that_begins_in_the_missing_or_repeated_hour_follows_the_clocks() -> None:
    half_past_two = Calendar("Europe/Paris", ((Frame(150, 360),),) * 7, 60)
    assert half_past_two.next_opening(at("2026-03-29 00:00")) == at("2026-03-29 03:00")
    assert half_past_two.next_opening(at("2026-10-25 00:00")) == at("2026-10-25 02:30")
    assert half_past_two.closes_at(at("2026-10-25 02:30")) == at("2026-10-25 02:00", fold=1)
    assert half_past_two.next_opening(at("2026-10-25 02:10", fold=1)) == at("2026-10-25 02:30", fold=1)


def test_local_times_of_the_repeated_hour_are_two_moments() -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=PARIS)
    second = datetime(2026, 10, 25, 2, 10, tzinfo=PARIS, fold=1)
    assert NIGHT.is_open(first)
    assert NIGHT.is_open(second)
    assert NIGHT.elapsed(first, second) == timedelta(minutes=40) == -NIGHT.elapsed(second, first)


def test_frames_that_touch_at_midnight_are_one_opening() -> None:
    assert NIGHT.closes_at(at("2026-12-31 23:00")) == at("2027-01-01 06:00")


def test_an_opening_is_the_present_one_or_the_next() -> None:
    assert CALENDAR.next_opening(at("2026-12-18 10:30")) == at("2026-12-18 10:30")
    assert CALENDAR.next_opening(at("2026-12-18 18:00")) == at("2026-12-21 08:00")
    assert CALENDAR.next_opening(at("2026-12-24 18:00")) == at("2026-12-28 08:00")
    assert CALENDAR.closes_at(at("2026-12-18 08:00")) == at("2026-12-18 18:00")
    assert CALENDAR.closes_at(at("2026-12-18 18:00")) is None
    assert CALENDAR.is_open(at("2026-12-18 17:59"))
    assert not CALENDAR.is_open(at("2026-12-25 10:00"))


def test_a_calendar_that_never_closes_counts_real_time() -> None:
    always = Calendar.always("Europe/Paris")
    for start in (at("2026-03-28 12:00"), at("2026-12-25 00:00")):
        assert always.due(start, WorkingTime(minutes=72 * 60)) - start == timedelta(hours=72)
        assert always.due(start, WorkingTime(days=3)) - start == timedelta(hours=72)
        assert always.closes_at(start) is None
        assert always.is_open(start)


def test_a_holiday_inside_a_closure_has_its_own_name() -> None:
    closed = Closure(date(2026, 12, 24), date(2026, 12, 26), LocalizedText("Fermeture", "Closure"))
    calendar = Calendar("Europe/Paris", OFFICE, 600, (CHRISTMAS,), (closed,))
    names = [calendar.days_off[date(2026, 12, day)].en for day in (24, 25, 26)]
    assert names == ["Closure", "Christmas", "Closure"]
    assert due("2026-12-23 17:00", "2h", calendar) == "2026-12-28 09:00"


def test_a_calendar_without_open_time_to_come_ends() -> None:
    days = tuple(date(2026, 1, 1) + timedelta(number) for number in range(366 * 74))
    closed = Calendar("Europe/Paris", OFFICE, 600, (Holiday(NAME, days),))
    for ask in (closed.next_opening, closed.is_open, lambda start: closed.due(start, timedelta(hours=1))):
        with pytest.raises(BeyondCalendar):
            ask(at("2026-12-18 17:00"))
    with pytest.raises(BeyondCalendar):
        add_working_days(closed, at("2026-12-18 17:00"), 1)


@pytest.mark.parametrize("moment", OUTSIDE)
def test_moments_outside_of_the_known_years_are_refused(moment: datetime) -> None:
    with pytest.raises(BeyondCalendar, match=str(LAST_YEAR)):
        CALENDAR.due(moment, timedelta(hours=1))
    with pytest.raises(BeyondCalendar):
        CALENDAR.elapsed(moment, moment)
    with pytest.raises(BeyondCalendar):
        CALENDAR.next_opening(moment)


@pytest.mark.parametrize(
    ("week", "day"), [(((),) * 7, 600), (OFFICE[:6], 600), (OFFICE, 0), (OFFICE, 24 * 60 + 1)]
)
def test_a_calendar_has_opening_hours_and_a_day(week: tuple[tuple[Frame, ...], ...], day: int) -> None:
    with pytest.raises(ValueError, match="opening hours"):
        Calendar("Europe/Paris", week, day)


def test_ten_years_take_far_less_than_a_millisecond() -> None:
    start = at("2026-12-18 17:00")
    end = CALENDAR.due(start, WorkingTime(days=2530))
    assert end.year == 2036
    begun = time.process_time()
    for _ in range(100):
        CALENDAR.due(start, WorkingTime(days=2530))
        CALENDAR.elapsed(start, end)
    assert time.process_time() - begun < 0.1  # 200 answers: half a millisecond each


# -- whole working days


def test_working_days_are_counted_over_days_off() -> None:
    assert add_working_days(CALENDAR, at("2026-12-18 10:00"), 10) == at("2027-01-04 10:00")
    assert add_working_days(CALENDAR, at("2026-12-24 10:00"), 1) == at("2026-12-28 10:00")
    assert add_working_days(CALENDAR, at("2026-12-18 20:00"), 1) == at("2026-12-22 08:00")
    assert add_working_days(CALENDAR, at("2026-12-19 20:00"), 0) == at("2026-12-21 08:00")
    assert add_working_days(CALENDAR, at("2026-03-27 17:00"), 1) == at("2026-03-30 17:00")


def test_a_time_that_the_clocks_skip_is_taken_an_hour_later() -> None:
    assert add_working_days(NIGHT, at("2026-03-28 02:30"), 1) == at("2026-03-29 03:30")


def test_working_days_between_leave_out_the_first_day() -> None:
    assert working_days_between(CALENDAR, at("2026-12-18 17:00"), at("2026-12-18 23:00")) == 0
    assert working_days_between(CALENDAR, at("2026-12-18 17:00"), at("2026-12-21 08:00")) == 1
    assert working_days_between(CALENDAR, at("2026-12-18 10:00"), at("2027-01-04 10:00")) == 10
    assert working_days_between(CALENDAR, at("2026-12-21 10:00"), at("2026-12-18 10:00")) == 0
    assert not is_working_day(CALENDAR, date(2026, 12, 25))


# -- what people write


@pytest.mark.parametrize(
    ("text", "time", "shown"),
    [
        ("4h", WorkingTime(minutes=240), "4h"),
        ("90m", WorkingTime(minutes=90), "1h 30m"),
        ("90 min", WorkingTime(minutes=90), "1h 30m"),
        ("1d", WorkingTime(1), "1d"),
        (" 1D 4H ", WorkingTime(1, 240), "1d 4h"),
        ("1d4h30m", WorkingTime(1, 270), "1d 4h 30m"),
    ],
)
def test_working_time_is_read(text: str, time: WorkingTime, shown: str) -> None:
    assert read_working_time(text) == time
    assert str(time) == shown


@pytest.mark.parametrize("text", ["", "4", "-4h", "4h 1d", "1.5h", "4x", "h", "9999999h", "0h", "0d 0m"])
def test_other_texts_are_no_working_time(text: str) -> None:
    with pytest.raises(WorkingTimeError, match=r"expected .* such as 4h, 90m, 1d or 1d 4h"):
        read_working_time(text)


def test_frames_are_read() -> None:
    assert read_frame("08:00-12:00") == Frame(480, 720)
    assert read_frame(" 8:00 – 24:00") == Frame(480, 1440)
    assert str(Frame(480, 1440)) == "08:00-24:00"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("8-12", "expected two times, such as 08:00-12:00"),
        ("08:00-25:00", "has a time that does not exist — expected 00:00 to 24:00"),
        ("08:60-12:00", "has a time that does not exist"),
        ("12:00-12:00", "is empty"),
        ("22:00-06:00", "for a night write 22:00-24:00 and 00:00-06:00 for the day after, otherwise"),
        ("22:00-00:00", "for a night write 22:00-24:00, otherwise"),
    ],
)
def test_other_texts_are_no_frames(text: str, reason: str) -> None:
    with pytest.raises(FrameError, match=reason):
        read_frame(text)
    with pytest.raises(FrameError):
        Frame(600, 600)
