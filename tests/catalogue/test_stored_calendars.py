"""The calendars that a load leaves in the database, as every process reads them."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from bot.catalogue.calendar.build import calendar_of_desk, calendar_of_team, shipped_calendar
from bot.catalogue.calendar.stored import calendar_of
from bot.catalogue.changes import How
from bot.catalogue.loader import load_catalogue
from bot.catalogue.schema import CatalogueFile
from models.calendar.calendar import Calendar
from models.catalogue import CatalogueState, Team
from tests.support.catalogue_file import group, service
from tests.support.use_case_desk import SmallDesk

CLOSED = {"from": date(2026, 12, 24), "to": date(2027, 1, 2), "name": {"fr": "Noël", "en": "Christmas"}}
EVENINGS = {"hours": {"week": "12:00-20:00"}, "holidays": {"country": "FR", "subdivision": "974"}}


def file(team: dict[str, Any] = EVENINGS, **desk: Any) -> CatalogueFile:
    return CatalogueFile.model_validate(
        {
            "sites": ({"id": "s", "name": "Campus"},),
            "teams": (
                {"id": "t", "name": "Équipe", "channel": "#equipe", "default": True},
                {"id": "soir", "name": "Soir", "channel": "#soir", **team},
            ),
            "catalogue": (
                group(
                    "g", "G", services=(service("fuite", "Fuite", hours="always"), service("wifi", "Wi-Fi"))
                ),
            ),
            "closures": (CLOSED,),
            **desk,
        }
    )


def loaded(session: Session, given: CatalogueFile) -> None:
    load_catalogue(session, given)
    session.flush()
    session.expire_all()


def test_the_desk_the_teams_and_the_services_have_their_calendars(small_desk: SmallDesk) -> None:
    with small_desk.sessions.begin() as session:
        loaded(session, file())
        desk = calendar_of(session)
        assert desk == calendar_of_desk(file())
        assert desk.days_off[date(2026, 12, 24)].en == "Christmas"
        assert calendar_of(session, "t", "wifi") == desk == calendar_of(session, "gone", "gone")
        evenings = calendar_of(session, "soir", "wifi")
        assert evenings == calendar_of_team(file(), file().teams[1]) != desk
        assert calendar_of(session, "soir", "fuite") == Calendar.always("Europe/Paris")


def test_equal_calendars_are_one_which_keeps_what_it_computed(small_desk: SmallDesk) -> None:
    with small_desk.sessions.begin() as session:
        loaded(session, file())
        first = calendar_of(session, "soir")
        session.expire_all()
        assert calendar_of(session, "soir") is first


def test_a_change_that_is_not_saved_yet_counts_and_is_saved(small_desk: SmallDesk) -> None:
    with small_desk.sessions.begin() as session:
        loaded(session, file())
    changed = Calendar.always("Indian/Reunion")
    with small_desk.sessions.begin() as session:
        desk, team = session.get_one(CatalogueState, 1), session.get_one(Team, "soir")
        desk.calendar, team.calendar = changed, changed
        assert calendar_of(session, "soir") == calendar_of(session) == changed
    with small_desk.sessions() as session:
        assert calendar_of(session, "soir") == calendar_of(session) == changed


def test_a_database_of_before_has_the_shipped_calendar(small_desk: SmallDesk) -> None:
    with small_desk.sessions.begin() as session:
        session.merge(CatalogueState(id=1, fingerprint="", out_of_scope=[], calendar=None))
        assert calendar_of(session, "assistance") == shipped_calendar()


def test_loading_again_changes_nothing_and_other_hours_change_the_team(small_desk: SmallDesk) -> None:
    with small_desk.sessions.begin() as session:
        loaded(session, file())
        assert load_catalogue(session, file()).changed == 0
        (change,) = load_catalogue(session, file({})).rows
        assert (change.how, change.row) == (How.CHANGED, "team soir (Soir)")
        assert change.keys == ["hours, holidays or closures"]
        assert calendar_of(session, "soir") == calendar_of(session)


def test_other_hours_of_the_desk_change_the_fingerprint(small_desk: SmallDesk) -> None:
    with small_desk.sessions.begin() as session:
        loaded(session, file())
        before = session.get_one(CatalogueState, 1).fingerprint
        loaded(session, file(holidays="none"))
        assert session.get_one(CatalogueState, 1).fingerprint != before
        assert date(2026, 7, 14) not in calendar_of(session).days_off


@pytest.mark.parametrize("table", [Team, CatalogueState])
def test_a_calendar_is_read_only_when_it_is_asked_for(
    small_desk: SmallDesk, table: type[Team | CatalogueState]
) -> None:
    with small_desk.sessions.begin() as session:
        loaded(session, file())
        row = session.scalars(select(table)).first()
        assert "calendar" in inspect(row).unloaded
