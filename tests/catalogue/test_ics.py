"""The days off of an .ics file."""

import os
from datetime import date
from pathlib import Path

import pytest

from bot.catalogue.calendar.build import calendar_of_desk
from bot.catalogue.calendar.ics import IcsError, read_ics
from bot.catalogue.file import read_catalogue

EASTER = "DTSTART;VALUE=DATE:20270329\nSUMMARY:Lundi de Pâques"


def written(directory: Path, *events: str) -> Path:
    lines = "".join(
        f"BEGIN:VEVENT\nUID:{number}@univ.example\n{event}\nEND:VEVENT\n"
        for number, event in enumerate(events)
    )
    path = directory / "jours.ics"
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//univ//FR\n{lines}END:VCALENDAR\n"
    path.write_bytes(text.replace("\n", "\r\n").encode())
    return path


def days(directory: Path, *events: str) -> list[date]:
    return sorted(day for holiday in read_ics(written(directory, *events)) for day in holiday.days)


def test_an_event_of_a_day_is_a_day_off_with_its_name(tmp_path: Path) -> None:
    (holiday,) = read_ics(written(tmp_path, EASTER))
    assert holiday.days == (date(2027, 3, 29),)
    assert holiday.name.fr == holiday.name.en == "Lundi de Pâques"


@pytest.mark.parametrize(
    "event",
    [
        "DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227",  # the end is not in it
        "DTSTART;VALUE=DATE:20261224\nDURATION:P3D",
        "DTSTART;TZID=Europe/Paris:20261224T000000\nDTEND;TZID=Europe/Paris:20261227T000000",
        "DTSTART:20261224T000000\nDTEND:20261227T000000",
        "DTSTART;VALUE=DATE:20261224\nRRULE:FREQ=DAILY;COUNT=3",
        "DTSTART;VALUE=DATE:20261224\nRRULE:FREQ=DAILY;UNTIL=20261226",
        "DTSTART;VALUE=DATE:20261224\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE;VALUE=DATE:20261227",
        "DTSTART;VALUE=DATE:20261224\nRDATE;VALUE=DATE:20261225,20261226",
    ],
)
def test_an_event_of_three_days_is_three_days_off(tmp_path: Path, event: str) -> None:
    assert days(tmp_path, event) == [date(2026, 12, day) for day in (24, 25, 26)]


def test_an_event_of_each_year_is_off_in_every_year(tmp_path: Path) -> None:
    found = days(tmp_path, "DTSTART;VALUE=DATE:16011225\nRRULE:FREQ=YEARLY")
    assert found == [date(year, 12, 25) for year in range(2000, 2100)]
    ended = days(tmp_path, "DTSTART:20251225T000000Z\nDURATION:P1D\nRRULE:FREQ=YEARLY;UNTIL=20271231T000000Z")
    assert ended == [date(year, 12, 25) for year in (2025, 2026, 2027)]


def test_a_repetition_that_was_moved_counts_where_it_is(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY;COUNT=2",
        "RECURRENCE-ID;VALUE=DATE:20271225\nDTSTART;VALUE=DATE:20271227",
    )
    path.write_bytes(path.read_bytes().replace(b"UID:1@", b"UID:0@"))
    assert [day for each in read_ics(path) for day in each.days] == [date(2026, 12, 25), date(2027, 12, 27)]


def test_what_was_cancelled_is_not_off(tmp_path: Path) -> None:
    assert days(tmp_path, EASTER, "DTSTART;VALUE=DATE:20270101\nSTATUS:CANCELLED") == [date(2027, 3, 29)]


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (
            "DTSTART:20270329T140000Z\nDTEND:20270329T160000Z\nSUMMARY:Conseil",
            "“Conseil” has only a part of the day of 2027-03-29 — make it last all day, or remove it",
        ),
        ("SUMMARY:Conseil", "the event “Conseil” has no readable DTSTART — correct or remove it"),
        (
            "DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20360101\nSUMMARY:Longue",
            "the event “Longue” has a length of 3652 days — expected at most a year",
        ),
        (
            "DTSTART;VALUE=DATE:20260102\nDTEND;VALUE=DATE:20260101",
            "the event “?” has a length of -1 days — expected at most a year",
        ),
        (
            "DTSTART;VALUE=DATE:20260102\nDTEND:20260103T000000",
            "a start and an end of two kinds — correct or remove it",
        ),
        (
            f"{EASTER}\nRRULE:FREQ=SECONDLY",
            "has a rule of repetition that is none of YEARLY, MONTHLY, WEEKLY, DAILY — correct or remove it",
        ),
        (f"{EASTER}\nRRULE:FREQ=SOMETIMES", "“Lundi de Pâques” has no readable RRULE — correct or remove it"),
        (f"{EASTER}\nRRULE:COUNT=3", "has a rule of repetition that is none of YEARLY"),
        ("DTSTART;VALUE=DATE:20271399\nSUMMARY:X", "“X” has no readable DTSTART — correct or remove it"),
        (
            f"{EASTER}\nRRULE:FREQ=DAILY",
            "jours.ics: more than 20000 days are closed — check how the events are repeated",
        ),
        ("DTSTART;VALUE=DATE:20270101\nSTATUS:CANCELLED", "jours.ics: no event lasts a whole day"),
    ],
)
def test_an_event_that_is_no_day_off_is_refused(tmp_path: Path, event: str, reason: str) -> None:
    with pytest.raises(IcsError) as refused:
        read_ics(written(tmp_path, event))
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    "text", [b"", b"hello", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n", b"<html>"]
)
def test_what_is_no_calendar_is_refused(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "jours.ics").write_bytes(text)
    with pytest.raises(IcsError, match=r"jours\.ics: (not an iCalendar file|no event lasts a whole day) — "):
        read_ics(tmp_path / "jours.ics")


def test_a_file_that_is_missing_or_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IcsError, match=r"cannot be read, .* — check the path"):
        read_ics(tmp_path / "missing.ics")
    os.mkfifo(tmp_path / "pipe.ics")
    for name in ("pipe.ics", ""):
        with pytest.raises(IcsError, match="not a file — check the path"):
            read_ics(tmp_path / name)
    (tmp_path / "large.ics").write_bytes(b" " * 5_000_001)
    with pytest.raises(IcsError, match=r"larger than 5 MB — keep only holidays in it"):
        read_ics(tmp_path / "large.ics")


def test_the_path_is_relative_to_the_catalogue_and_adds_to_a_country(tmp_path: Path) -> None:
    written(tmp_path, "DTSTART;VALUE=DATE:20270702\nSUMMARY:Fête de l’université")
    path = tmp_path / "catalogue.yaml"
    path.write_text(
        "sites: [{id: s, name: S}]\nteams: [{id: t, name: T, channel: '#t', default: true}]\ncatalogue: []\n"
        "holidays: {country: FR, ics: jours.ics}\n",
        "utf-8",
    )
    off = calendar_of_desk(read_catalogue(path)).days_off
    assert off[date(2027, 7, 2)].fr == "Fête de l’université"
    assert off[date(2027, 7, 14)].fr == "Fête nationale"


@pytest.mark.parametrize(
    "event",
    [
        f"{EASTER}\nDTSTART;VALUE=DATE:20270330",
        f"{EASTER}\nDURATION:P1D\nDURATION:P2D",
        f"{EASTER}\nRECURRENCE-ID;VALUE=DATE:20270329\nRECURRENCE-ID;VALUE=DATE:20270330",
        "DTSTART;VALUE=PERIOD:20270329T000000/P1D\nSUMMARY:Lundi de Pâques",
        "DTSTART;VALUE=TIME:100000\nSUMMARY:Lundi de Pâques",
        "DTSTART;VALUE=DATE:99991231\nDURATION:P5D\nSUMMARY:Lundi de Pâques",
    ],
)
def test_dates_of_another_kind_or_given_twice_are_refused(tmp_path: Path, event: str) -> None:
    with pytest.raises(IcsError) as refused:
        read_ics(written(tmp_path, event))
    assert "jours.ics: the event “Lundi de Pâques” has dates that cannot be read — " in str(refused.value)


def test_a_time_zone_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IcsError, match=r"jours\.ics: not an iCalendar file"):
        read_ics(written(tmp_path, "DTSTART;TZID=Europe:20270329T000000\nDURATION:P1D"))


def test_a_name_is_the_first_short_and_printable(tmp_path: Path) -> None:
    path = written(tmp_path, f"{EASTER}\0\nSUMMARY:Autre", f"DTSTART;VALUE=DATE:20270401\nSUMMARY:{'x' * 99}")
    assert [each.name.fr for each in read_ics(path)] == ["Lundi de Pâques", "x" * 75]
