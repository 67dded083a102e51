"""What the catalogue's file says of targets: what it means, what is refused, and what a load leaves to do."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.catalogue.file import read_catalogue
from bot.catalogue.loader import load_catalogue
from bot.catalogue.service_levels import StoredLevels
from bot.catalogue.targets import targets_of
from models.calendar.service_level import SHIPPED_TARGETS, Target
from models.calendar.working_time import WorkingTime
from models.catalogue import CatalogueState, Service, Team
from models.lifecycle import Priority
from models.tickets.clocks.refresh import ClockRefresh
from tests.catalogue.test_calendar_rules import problems, read
from tests.conftest import CATALOGUE
from tests.support.use_case_desk import SmallDesk

P1, P2, P3, P4 = Priority
SERVICE = "catalogue[0].services[0].targets"
KEYS = "expected the keys taken and resolved, such as {taken: 1h, resolved: 4h}"
A_TIME = "expected working time such as 4h, 90m, 1d or 1d 4h"
TIME = "expected days, hours and minutes in this order, such as 4h, 90m, 1d or 1d 4h"


def test_a_file_without_targets_has_the_shipped_ones(tmp_path: Path) -> None:
    assert targets_of(read(tmp_path).targets) == SHIPPED_TARGETS
    assert targets_of(read_catalogue(CATALOGUE).targets) == SHIPPED_TARGETS


def test_only_what_is_written_differs(tmp_path: Path) -> None:
    file = read(
        tmp_path, "targets: {P1: {taken: 30m}, P4: {resolved: 20d}}", service="targets: {P1: {resolved: 2h}}"
    )
    desk = targets_of(file.targets)
    assert desk[P1] == Target(WorkingTime(minutes=30), WorkingTime(minutes=240))
    assert desk[P4] == Target(WorkingTime(days=2), WorkingTime(days=20))
    assert (desk[P2], desk[P3]) == (SHIPPED_TARGETS[P2], SHIPPED_TARGETS[P3])
    [service] = file.all_services()
    of_service = targets_of(service.targets, desk)
    assert of_service[P1] == Target(WorkingTime(minutes=30), WorkingTime(minutes=120))
    assert of_service[P4] == desk[P4]


@pytest.mark.parametrize(
    ("desk", "problem"),
    [
        ("targets: {P5: {taken: 1h}}", "11: targets.P5: unknown key — expected one of P1, P2, P3, P4"),
        ("targets: {P1: {take: 1h}}", "11: targets.P1.take: unknown key — did you mean “taken”?"),
        ("targets: {P1: 1h}", f"11: targets.P1: found “1h” — {KEYS}"),
        (
            "targets: {P1: {taken: 60}}",
            f"11: targets.P1.taken: found the number 60 — {A_TIME}",
        ),
        ("targets: {P1: {taken: soon}}", f"11: targets.P1.taken: “soon” is no working time — {TIME}"),
        (
            "targets: {P4: {resolved: 400d}}",
            "11: targets.P4.resolved: “400d” is longer than a year — expected at most 366d",
        ),
        (
            "targets: {P1: {taken: 5h}, P2: {taken: 6h}}",
            "11: targets.P1.taken: P1 has 5h until it is taken, which is longer than 4h until it is resolved"
            " — expected at most 4h",
        ),
        (  # those that are shipped
            "hours: {time_zone: Europe/Paris, week: 08:00-10:00}",
            "11: hours: P2 has 4h until it is taken, which is longer than 1d until it is resolved"
            " — expected at most 1d",
        ),
        (
            "targets: {P2: {taken: 30m}}",
            "11: targets: P1 has 1h, which is longer than 30m of P2 — give P1 at most 30m, or P2 more",
        ),
        (
            "hours: {time_zone: Europe/Paris, week: 08:00-12:00}\n"
            "targets: {P2: {resolved: 5h}, P3: {resolved: 1d}}",
            "12: targets.P2.resolved: P2 has 5h, which is longer than 1d of P3"
            " — give P2 at most 1d, or P3 more",
        ),
    ],
)
def test_targets_that_make_no_sense_are_refused_with_their_line(
    tmp_path: Path, desk: str, problem: str
) -> None:
    assert problem in problems(tmp_path, desk=desk)


def test_a_services_targets_are_held_against_those_of_the_desk(tmp_path: Path) -> None:
    said = problems(tmp_path, service="targets: {P1: {resolved: 2d}}")
    where = f"10: {SERVICE}.P1.resolved"
    assert said == [f"{where}: P1 has 2d, which is longer than 1d of P2 — give P1 at most 1d, or P2 more"]


def load(session: Session, directory: Path, **parts: str) -> None:
    load_catalogue(session, read(directory, **parts))


def test_a_load_that_changes_targets_or_hours_asks_for_the_clocks_once(
    small_desk: SmallDesk, tmp_path: Path
) -> None:
    def asked_after(**parts: str) -> bool:
        with small_desk.sessions.begin() as session:
            load(session, tmp_path, **parts)
        with small_desk.sessions.begin() as session:
            asked = session.query(ClockRefresh).all()
            assert len(asked) <= 1
            for each in asked:
                session.delete(each)
            return bool(asked)

    assert not asked_after()
    assert asked_after(desk="targets: {P1: {taken: 30m}}")
    assert not asked_after(desk="targets: {P1: {taken: 30m}}")
    assert asked_after()
    assert asked_after(service="targets: {P1: {taken: 30m}}")
    assert asked_after(service="hours: always")
    assert asked_after(team="closures: [{from: 2026-12-24, to: 2026-12-31, name: Fermeture}]")
    assert asked_after(desk="holidays: none")


def test_a_second_change_has_the_clocks_made_anew_from_the_start(
    small_desk: SmallDesk, tmp_path: Path
) -> None:
    with small_desk.sessions.begin() as session:
        load(session, tmp_path)
        session.add(ClockRefresh(below=7))
        session.flush()
        load(session, tmp_path, desk="targets: {P1: {taken: 30m}}")
        assert [each.below for each in session.query(ClockRefresh)] == [None]


def test_a_tickets_level_is_its_services_with_its_teams_hours(small_desk: SmallDesk, tmp_path: Path) -> None:
    with small_desk.sessions.begin() as session:
        load(session, tmp_path, desk="targets: {P1: {taken: 30m}}", service="targets: {P1: {resolved: 2h}}")
        team, service = session.get_one(Team, "aide"), session.get_one(Service, "wifi")
        levels = StoredLevels(session)
        own, desk = levels(team, service), levels(team, None)
    assert (own.taken(P1), own.resolved(P1)) == (timedelta(minutes=30), timedelta(hours=2))
    assert (desk.taken(P1), desk.resolved(P1)) == (timedelta(minutes=30), timedelta(hours=4))
    assert desk.resolved(P4) == timedelta(hours=100)  # ten days of ten hours


def test_before_the_first_load_the_shipped_targets_count(small_desk: SmallDesk) -> None:
    with small_desk.sessions() as session:
        assert session.get(CatalogueState, 1) is None
        level = StoredLevels(session)(session.get_one(Team, "assistance"), None)
    assert level.targets == SHIPPED_TARGETS
