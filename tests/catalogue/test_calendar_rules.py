"""What the catalogue's file says of hours, holidays and closures: what it means, and what is refused."""

from datetime import date
from pathlib import Path

import pytest

from bot.catalogue.calendar.build import calendar_of_desk, calendar_of_team, shipped_calendar
from bot.catalogue.file import CatalogueError, read_catalogue
from bot.catalogue.schema import CatalogueFile
from models.calendar.calendar import Calendar
from models.calendar.frames import Frame
from tests.conftest import CATALOGUE

OFFICE = (Frame(480, 1080),)


def read(directory: Path, desk: str = "", team: str = "", service: str = "") -> CatalogueFile:
    """A file whose team is on line 4, its service on line 10, and what the desk says on line 11."""
    path = directory / "catalogue.yaml"
    path.write_text(
        f"""sites:
  - {{id: centre, name: Centre}}
teams:
  - {{id: aide, name: Aide, channel: "#aide", default: true, {team}}}
catalogue:
  - id: reseau
    name: Réseau
    description: Se connecter
    services:
      - {{id: wifi, name: Wi-Fi, description: Le Wi-Fi, team: aide, offers: [incident], {service}}}
{desk}
""",
        "utf-8",
    )
    return read_catalogue(path)


def problems(directory: Path, **parts: str) -> list[str]:
    with pytest.raises(CatalogueError) as refused:
        read(directory, **parts)
    return [problem.removeprefix(f"{directory}/catalogue.yaml:") for problem in refused.value.problems]


def hours(text: str) -> str:
    return f"hours: {{time_zone: Europe/Paris, {text}}}"


QUOTED = 'write frames as "08:00-12:00" and lengths as 10h'
FRAMES = 'expected frames between quotes, such as ["08:00-12:00", "13:00-18:00"]; [] on a closed day'
DAY = "expected a day without quotes, such as 2026-12-24"


@pytest.mark.parametrize(
    ("desk", "problem"),
    [
        (
            hours("always: true"),
            "11: hours: only a team or a service is always open"
            " — write the time_zone, and 00:00-24:00 for week, saturday and sunday",
        ),
        (
            "closures: [{from: 2206-12-24, to: 2206-12-26, name: Noël}]",
            "11: closures[0].to: 2206-12-24 is not in the years 2000 to 2099 — check the year",
        ),
        (
            "hours: always",
            "11: hours: only a team or a service is always open"
            " — write the time_zone, and 00:00-24:00 for week, saturday and sunday",
        ),
        ("hours:", "11: hours: found nothing — write what it holds, or remove the key"),
        ("holidays:", "11: holidays: found nothing — write what it holds, or remove the key"),
        (
            hours("week: []"),
            "11: hours: there are no opening hours in the week — add frames to week, or to a weekday",
        ),
        (
            "hours: {week: 08:00-18:00}",
            "11: hours.time_zone: missing — expected a time zone such as Europe/Paris",
        ),
        (
            "hours: {time_zone: Paris, week: 08:00-18:00}",
            "11: hours.time_zone: there is no time zone “Paris” — did you mean “Europe/Paris”?",
        ),
        (
            "hours: {time_zone: Xyzzy, week: 08:00-18:00}",
            "11: hours.time_zone: there is no time zone “Xyzzy” — expected one such as Europe/Paris",
        ),
        (
            hours('week: ["08:00-12:00", "11:00-18:00"]'),
            "11: hours.week: 08:00-12:00 and 11:00-18:00 overlap — write one frame, or move one of the two",
        ),
        (
            hours("monday: 12:00-08:00"),
            "11: hours.monday: “12:00-08:00” ends before it starts — for a night write 12:00-24:00"
            " and 00:00-08:00 for the day after, otherwise exchange the two times",
        ),
        (
            hours("monday: [8-18]"),
            "11: hours.monday[0]: “8-18” is no frame of hours — expected two times, such as 08:00-12:00",
        ),
        (
            hours("monday: [18:00]"),
            f"11: hours.monday[0]: found the number 1080, as YAML reads 18:00 without quotes — {QUOTED}",
        ),
        (
            hours("week: 08:00-18:00, day: 10:00"),
            f"11: hours.day: found the number 600, as YAML reads 10:00 without quotes — {QUOTED}",
        ),
        (hours("week: 08:00-18:00, saturday: off"), f"11: hours.saturday: found no hours — {FRAMES}"),
        (
            hours("week: 08:00-18:00, saterday: []"),
            "11: hours.saterday: unknown key — did you mean “saturday”?",
        ),
        (
            hours("week: 08:00-18:00, day: 11h"),
            "11: hours.day: “1d” of 11h is longer than any day of the week is open — expected at most 10h",
        ),
        (
            hours("week: 08:00-18:00, day: 5m"),
            "11: hours.day: “5m” is no length for a working day — expected hours between 1h and 24h",
        ),
        (
            hours("week: 08:00-18:00, day: long"),
            "11: hours.day: “long” is no working time"
            " — expected days, hours and minutes in this order, such as 4h, 90m, 1d or 1d 4h",
        ),
        (
            "holidays: {country: FRX}",
            "11: holidays.country: there is no country “FRX” — did you mean “FR”?",
        ),
        (
            "holidays: {country: ZZ}",
            "11: holidays.country: there is no country “ZZ” — expected its code of two letters, such as FR",
        ),
        (
            "holidays: {country: NO}",
            "11: holidays.country: found the value false"
            " — expected a country’s code of two letters between quotes, such as “FR”",
        ),
        (
            "holidays: {country: FR, subdivision: Alsase}",
            "11: holidays.subdivision: FR has no part “Alsase” — did you mean “Alsace”?",
        ),
        (
            "holidays: {ics: missing.ics, subdivision: 57}",
            "11: holidays.subdivision: a subdivision needs its country — add the country, such as FR",
        ),
        (
            "holidays: {}",
            "11: holidays: there is neither a country nor an ics — add one of them, or write holidays: none",
        ),
        (
            "closures: [{from: 2026-12-24, to: 2026-12-20, name: Noël}]",
            "11: closures[0].to: the closure ends on 2026-12-20, before it begins on 2026-12-24"
            " — exchange the two days",
        ),
        (
            "closures: [{from: 2026-12-24, to: 2062-01-02, name: Noël}]",
            "11: closures[0].to: the closure lasts 12794 days — check the years; expected at most a year",
        ),
        ("closures: [{from: 2026-12-24, name: Noël}]", f"11: closures[0].to: missing — {DAY}"),
        (
            "closures: [{from: '2026-12-24', to: 2026-12-25, name: Noël}]",
            f"11: closures[0].from: found “2026-12-24” — {DAY}",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line_and_remedy(tmp_path: Path, desk: str, problem: str) -> None:
    assert problem in problems(tmp_path, desk=desk)


CLOSED_YEARS = "no day of 2024 and 2025 is open — check the holidays, the closures and the hours"


def test_days_off_that_leave_no_open_day_are_refused(tmp_path: Path) -> None:
    event = "UID:1\nSUMMARY:Fermé\nDTSTART;VALUE=DATE:20240101\nRRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
    calendar = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{event}\nEND:VEVENT\nEND:VCALENDAR\n"
    (tmp_path / "jours.ics").write_text(calendar, "utf-8")
    assert problems(tmp_path, desk="holidays: {ics: jours.ics}") == [f"11: holidays: {CLOSED_YEARS}"]
    assert problems(tmp_path, team="holidays: {ics: jours.ics}") == [f"4: teams[0].holidays: {CLOSED_YEARS}"]
    opened = 'hours: {week: ["08:00-18:00"], saturday: ["08:00-12:00"]}'
    read(tmp_path, team=f"holidays: {{ics: jours.ics}}, {opened}")


def test_mistakes_are_named_all_at_once(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        team="hours: {monday: []}, holidays: {country: FRX}",
        service="hours: alway",
        desk=hours("week: [8-18], day: 10") + "\nclosures: [{from: 2026-12-24, to: 2026-12-20, name: Noël}]",
    )
    lines_and_paths = [":".join(problem.split(":")[:2]) for problem in found]
    assert lines_and_paths == [
        "4: teams[0].holidays.country",
        "4: teams[0].hours",
        "10: catalogue[0].services[0].hours",
        "11: hours.day",
        "11: hours.week[0]",
        "12: closures[0].to",
    ]


def test_always_is_no_key_of_a_team(tmp_path: Path) -> None:
    [found] = problems(tmp_path, team="hours: {always: true}")
    assert found.startswith("4: teams[0].hours: always is no key — write hours: always, or frames")


def test_a_service_has_no_hours_of_its_own(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, service="hours: {week: 08:00-18:00}")
    assert found.endswith("expected always; otherwise a service has the hours of its team")


def test_the_shipped_file_is_open_from_8_to_18_outside_of_french_holidays() -> None:
    calendar = calendar_of_desk(read_catalogue(CATALOGUE))
    assert calendar.time_zone == "Europe/Paris"
    assert calendar.week == (OFFICE,) * 5 + ((), ())
    assert calendar.day == 600
    assert [day for day in calendar.days_off if day.year == 2027] == [
        date(2027, month, day)
        for month, day in (
            (1, 1), (3, 29), (5, 1), (5, 6), (5, 8), (5, 17), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)
        )
    ]  # fmt: skip
    assert calendar.days_off[date(2027, 3, 29)].fr == "Lundi de Pâques"
    assert calendar.days_off[date(2027, 3, 29)].en == "Easter Monday"


def test_a_file_that_says_nothing_is_as_the_shipped_one(tmp_path: Path) -> None:
    assert calendar_of_desk(read(tmp_path)) == shipped_calendar()
    assert shipped_calendar() == calendar_of_desk(read_catalogue(CATALOGUE))


def test_a_weekday_has_its_own_frames_or_those_of_the_week(tmp_path: Path) -> None:
    text = 'week: ["13:00-18:00", "08:00-12:00"], wednesday: 08:00-12:00, friday: [], saturday: 09:00-12:00'
    calendar = calendar_of_desk(read(tmp_path, hours(text)))
    usual, morning = (Frame(480, 720), Frame(780, 1080)), (Frame(480, 720),)
    assert calendar.week == (usual, usual, morning, usual, (), (Frame(540, 720),), ())
    assert calendar.day == 540  # of the longest weekday, unless it is given


@pytest.mark.parametrize(
    ("subdivision", "day", "name"),
    [
        ("57", date(2027, 3, 26), "Good Friday"),
        ("Alsace-Moselle", date(2027, 12, 26), "Saint Stephen's Day"),
        ("974", date(2027, 12, 20), "Abolition of Slavery"),
        ("La Réunion", date(2027, 12, 20), "Abolition of Slavery"),
        ("972", date(2027, 5, 22), "Abolition of Slavery"),
    ],
)
def test_parts_of_france_have_their_own_holidays(
    tmp_path: Path, subdivision: str, day: date, name: str
) -> None:
    file = read(tmp_path, f"holidays: {{country: FR, subdivision: {subdivision}}}")
    assert calendar_of_desk(file).days_off[day].en == name
    assert day not in shipped_calendar().days_off


def test_there_may_be_no_holidays(tmp_path: Path) -> None:
    assert calendar_of_desk(read(tmp_path, "holidays: none")).days_off == {}


def of_team(file: CatalogueFile) -> Calendar | None:
    return calendar_of_team(file, file.teams[0])


CLOSED = "closures: [{from: 2026-12-24, to: 2027-01-02, name: {fr: Noël, en: Christmas}}]"


def test_a_team_that_says_nothing_has_the_desks_calendar(tmp_path: Path) -> None:
    assert of_team(read(tmp_path, CLOSED)) is None


def test_what_a_team_says_counts_instead_and_closures_are_added(tmp_path: Path) -> None:
    team = (
        "hours: {week: 09:00-17:00}, holidays: {country: BE},"
        " closures: [{from: 2026-06-01, to: 2026-06-01, name: Fête}]"
    )
    file = read(tmp_path, "hours: {time_zone: Indian/Reunion, week: 07:00-15:00}\n" + CLOSED, team=team)
    calendar = of_team(file)
    assert calendar is not None
    assert calendar.time_zone == "Indian/Reunion"
    assert calendar.week[0] == (Frame(540, 1020),)
    assert [calendar.days_off[date(2026, *day)].fr for day in ((6, 1), (12, 24), (7, 21))] == [
        "Fête", "Noël", "Fête nationale",
    ]  # fmt: skip
    desk = calendar_of_desk(file)
    assert date(2026, 6, 1) not in desk.days_off
    assert desk.days_off[date(2027, 1, 1)].en == "New Year's Day"


def test_a_team_may_differ_in_closures_alone(tmp_path: Path) -> None:
    file = read(tmp_path, hours("week: 08:00-12:00"), team=CLOSED)
    calendar = of_team(file)
    assert calendar is not None
    assert calendar.week == calendar_of_desk(file).week
    assert calendar.days_off[date(2026, 12, 24)].en == "Christmas"


def test_a_team_may_never_close(tmp_path: Path) -> None:
    assert of_team(read(tmp_path, CLOSED, team="hours: always")) == Calendar.always("Europe/Paris")
