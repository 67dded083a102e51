"""Opening hours in words, in both languages."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from blocks.i18n import translator
from blocks.opening_hours import DeskHours, spoken_moment, worded_hours
from models.base import LocalizedText
from models.calendar.calendar import Calendar
from models.calendar.frames import Frame, read_frame

NOW = datetime(2026, 11, 28, 20, tzinfo=UTC)  # a Saturday
PARIS = "Europe/Paris"
Day = tuple[Frame, ...]


def day(*frames: str) -> Day:
    return tuple(read_frame(each) for each in frames)


def week(*days: Day) -> Calendar:
    return Calendar(PARIS, (*days, *((),) * (7 - len(days))), 600)


OFFICE = day("08:00-18:00")
CASES: Sequence[tuple[Calendar, str, str]] = [
    (week(*(OFFICE,) * 5), "du lundi au vendredi, de 8 h à 18 h", "Monday to Friday, 8 am to 6 pm"),
    (
        week(*(day("08:30-12:00", "13:00-17:45"),) * 5),
        "du lundi au vendredi, de 8 h 30 à 12 h et de 13 h à 17 h 45",
        "Monday to Friday, 8:30 am to noon and 1 pm to 5:45 pm",
    ),
    (
        week(*(OFFICE,) * 4, day("08:00-12:00")),
        "du lundi au jeudi, de 8 h à 18 h ; le vendredi, de 8 h à 12 h",
        "Monday to Thursday, 8 am to 6 pm; Fridays, 8 am to noon",
    ),
    (
        week(OFFICE, (), OFFICE, (), OFFICE),
        "le lundi, le mercredi et le vendredi, de 8 h à 18 h",
        "Mondays, Wednesdays and Fridays, 8 am to 6 pm",
    ),
    (
        week(OFFICE, OFFICE, OFFICE, (), OFFICE, OFFICE),
        "du lundi au mercredi, le vendredi et le samedi, de 8 h à 18 h",
        "Monday to Wednesday, Fridays and Saturdays, 8 am to 6 pm",
    ),
    (week(*(OFFICE,) * 7), "tous les jours, de 8 h à 18 h", "every day, 8 am to 6 pm"),
    (
        week(*(day("00:00-06:00", "22:00-24:00"),) * 7),
        "tous les jours, de 0 h à 6 h et de 22 h à minuit",
        "every day, midnight to 6 am and 10 pm to midnight",
    ),
    (
        week(*(day("00:00-24:00"),) * 5),
        "du lundi au vendredi, toute la journée",
        "Monday to Friday, all day",
    ),
    (
        week(OFFICE, day("09:00-18:00"), day("08:00-17:00"), day("07:30-12:00")),
        "du lundi au jeudi, à des heures variables entre 7 h 30 et 18 h",
        "Monday to Thursday, at times between 7:30 am and 6 pm",
    ),
    (
        week(day("08:00-10:00", "11:00-12:00", "14:00-15:00")),
        "le lundi, à des heures variables entre 8 h et 15 h",
        "Mondays, at times between 8 am and 3 pm",
    ),
]


def plainly(text: str | None) -> str:
    return (text or "").replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(("calendar", "french", "english"), CASES)
def test_a_week_is_said_shortly(calendar: Calendar, french: str, english: str) -> None:
    desk = DeskHours(calendar)
    said = [
        plainly(worded_hours(translator(each), desk, time_zone=PARIS, now=NOW).hours) for each in ("fr", "en")
    ]
    assert said == [f"La DNum est ouverte {french}.", f"The IT department is open {english}."]


def test_the_zone_is_named_to_whose_clock_differs() -> None:
    desk = DeskHours(week(*(OFFICE,) * 5))
    for zone, is_named in ((PARIS, False), ("Europe/Madrid", False), ("America/Cayenne", True)):
        hours = worded_hours(translator("fr"), desk, time_zone=zone, now=NOW).hours
        assert ("(heure de Paris)" in hours) is is_named
    athens = DeskHours(Calendar("Europe/Athens", (OFFICE,) * 7, 600))
    hours = worded_hours(translator("fr"), athens, time_zone=PARIS, now=NOW).hours
    assert plainly(hours).endswith("de 8 h à 18 h (heure d’Athènes).")


def test_a_calendar_that_never_closes_says_so() -> None:
    always, network = Calendar.always(PARIS), LocalizedText("Réseau", "Network")
    said = [
        worded_hours(translator("en"), desk, time_zone="Asia/Tokyo", now=NOW)
        for desk in (DeskHours(always), DeskHours(always, network), DeskHours(always, is_of_service=True))
    ]
    assert [each.hours for each in said] == [
        "The IT department is open day and night, every day.",
        "The Network team is available day and night, every day.",
        "This service is covered day and night, every day.",
    ]
    assert {each.meanwhile for each in said} == {None}


def test_while_it_is_closed_the_phone_is_for_when_it_opens() -> None:
    desk = DeskHours(week(*(OFFICE,) * 5), phone="02 98 00 00 00")
    words = worded_hours(translator("fr"), desk, time_zone=PARIS, now=NOW)
    assert words.hours.endswith("Téléphone\u00a0: 02\u00a098\u00a000\u00a000\u00a000.")
    assert plainly(words.meanwhile) == (
        "Nous sommes fermés : réouverture lundi 30 novembre à 8 h. Envoyez votre ticket dès maintenant : "
        "l’équipe le verra à l’ouverture. Si d’autres personnes sont bloquées, appelez aussi le "
        "02 98 00 00 00 dès l’ouverture."
    )


def test_what_the_catalogue_says_stands_instead() -> None:
    desk = DeskHours(week(OFFICE), phone="18", out_of_hours=LocalizedText("Astreinte.", "Call us."))
    words = worded_hours(translator("en"), desk, time_zone="Europe/London", now=NOW)
    assert plainly(words.meanwhile) == (
        "We are closed at the moment, and reopen on Monday 30 November at 7 am (your time). Call us."
    )


@pytest.mark.parametrize(
    ("at", "french", "english"),
    [
        ("2026-12-01T00:00", "mardi 1er décembre à 0 h", "Tuesday 1 December at midnight"),
        ("2026-12-02T09:05", "mercredi 2 décembre à 9 h 05", "Wednesday 2 December at 9:05 am"),
        ("2026-12-02T12:00", "mercredi 2 décembre à 12 h", "Wednesday 2 December at noon"),
    ],
)
def test_a_moment_is_said_as_people_say_it(at: str, french: str, english: str) -> None:
    moment = datetime.fromisoformat(f"{at}+01:00")
    said = [plainly(spoken_moment(translator(each), moment, PARIS)) for each in ("fr", "en")]
    assert said == [french, english]
