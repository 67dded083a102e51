"""The catalogue's use cases."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.catalogue.changes import Loaded
from bot.catalogue.file import read_catalogue
from bot.catalogue.loader import load_catalogue
from bot.db.engine import WORKER_TIMEOUT, create_db
from bot.services.catalogue import browse, draft_for, service_page
from models.base import Base, LocalizedText
from models.catalogue import Group, Service, Site, Team
from models.errors import ServiceNotFound
from models.lifecycle import Kind, Status
from tests.support.catalogue_file import MATERIAL, NETWORK, file, group, service, text
from tests.support.factories import NOW, stored


@pytest.fixture
def session(tables_url: str) -> Iterator[Session]:
    engine = create_db(tables_url, timeout=WORKER_TIMEOUT)
    Base.metadata.create_all(engine)
    with Session(engine, expire_on_commit=False) as session:
        yield session
    engine.dispose()


@pytest.fixture
def loaded(session: Session) -> Session:
    load_catalogue(session, file(NETWORK, MATERIAL))
    session.commit()
    return session


def ids_of(items: Any) -> list[str]:
    return [item.id for item in items]


def test_loading_twice_changes_nothing(session: Session) -> None:
    assert load_catalogue(session, file(NETWORK, MATERIAL)) == Loaded(added=10, changed=0, archived=0)
    session.commit()
    session.expire_all()
    assert load_catalogue(session, file(NETWORK, MATERIAL)) == Loaded(added=0, changed=0, archived=0)
    assert not session.dirty


def test_the_desk_s_own_file_loads_and_loads_again(session: Session) -> None:
    whole = read_catalogue(Path(__file__).parents[2] / "catalogue.yaml")
    count = len(whole.sites) + len(whole.teams) + len([*whole.all_groups()]) + len([*whole.all_services()])
    assert load_catalogue(session, whole).added == count
    session.commit()
    assert load_catalogue(session, whole) == Loaded(0, 0, 0)


def test_what_leaves_the_file_is_archived_and_comes_back(loaded: Session) -> None:
    assert load_catalogue(loaded, file(MATERIAL)) == Loaded(added=0, changed=1, archived=5)
    assert loaded.get_one(Service, "wifi").archived
    assert loaded.get_one(Group, "sans-fil").archived
    assert load_catalogue(loaded, file(NETWORK, MATERIAL)) == Loaded(added=0, changed=6, archived=0)
    assert not loaded.get_one(Service, "wifi").archived


def test_a_site_and_a_team_are_archived_like_the_rest(loaded: Session) -> None:
    other = service("vpn", "VPN", team="u")
    teams = ({"id": "u", "name": "Autre", "channel": "#autre", "default": True},)
    sites = ({"id": "a-distance", "name": "À distance"},)
    load_catalogue(loaded, file(group("g", "Groupe", services=(other,)), teams=teams, sites=sites))
    assert loaded.get_one(Site, "s").archived
    assert loaded.get_one(Team, "t").archived
    assert loaded.get_one(Service, "vpn").team.id == "u"


def test_a_group_moves_under_one_that_is_new(loaded: Session) -> None:
    load_catalogue(loaded, file(group("tout", "Tout", groups=(NETWORK, MATERIAL))))
    loaded.commit()
    loaded.expire_all()
    assert ids_of(browse(loaded, None, page=0, size=9).items) == ["tout"]
    assert ids_of(browse(loaded, "sans-fil", page=0, size=9).above) == ["tout", "reseau"]


def test_a_parent_and_its_child_change_places(loaded: Session) -> None:
    load_catalogue(loaded, file(group("sans-fil", "Sans fil", groups=(group("reseau", "Réseau"),))))
    loaded.commit()
    assert ids_of(browse(loaded, "reseau", page=0, size=9).above) == ["sans-fil"]


def test_questions_are_kept_as_plain_data_in_both_languages(loaded: Session) -> None:
    loaded.expire_all()
    questions = loaded.get_one(Service, "imprimante").questions
    choice, number = stored(Service.questions, questions)
    assert choice == {
        "id": "modele",
        "type": "choice",
        "label": text("Quel modèle ?", "Quel modèle ?"),
        "hint": None,
        "required": True,
        "options": [
            {"id": "grand", "label": text("Grand", "Large")},
            {"id": "petit", "label": text("Petit", "Petit")},
        ],
        "min": None,
        "max": None,
        "is_future": False,
    }
    assert (number["hint"], number["options"]) == (text("De 1 à 9", "De 1 à 9"), [])
    assert (number["required"], number["min"], number["max"]) == (False, 1, 9)


def test_a_service_keeps_all_that_the_file_says(loaded: Session) -> None:
    printer, directory = loaded.get_one(Service, "imprimante"), loaded.get_one(Service, "annuaire")
    assert printer.name == LocalizedText(fr="Imprimante", en="Printer")
    assert printer.have_ready == LocalizedText(fr="L’étiquette", en="L’étiquette")
    assert (printer.offers_request, printer.offers_incident) == (True, True)
    assert (directory.offers_request, directory.offers_incident) == (False, False)
    assert directory.url == "https://dnum.univ.example/a"


def load_team(session: Session, channel: str) -> Team:
    load_catalogue(session, file(teams=({"id": "t", "name": "É", "channel": channel, "default": True},)))
    session.flush()
    return session.get_one(Team, "t")


def test_a_channel_given_by_its_id_is_known_at_once(session: Session) -> None:
    assert load_team(session, "C0123456789").channel_id == "C0123456789"


@pytest.mark.parametrize("another", ["#autre", "C0987654321"])
def test_a_channel_is_kept_until_the_one_that_the_file_names_is_found(session: Session, another: str) -> None:
    team = load_team(session, "#equipe")
    assert (team.channel_id, team.awaits_channel) == (None, True)
    team.channel_id, team.channel_read_at = "C0123456789", NOW
    assert not load_team(session, "#equipe").awaits_channel
    team = load_team(session, another)
    assert (team.channel, team.channel_id, team.awaits_channel) == (another, "C0123456789", True)


def test_the_channel_that_a_team_has_may_be_named_by_its_id_as_well(session: Session) -> None:
    team = load_team(session, "#equipe")
    team.channel_id, team.channel_read_at = "C0123456789", NOW
    assert not load_team(session, "C0123456789").awaits_channel


def test_the_top_has_the_groups_in_the_order_of_the_file(loaded: Session) -> None:
    level = browse(loaded, None, page=0, size=9)
    assert (level.group, level.above, level.has_more) == (None, (), False)
    assert ids_of(level.items) == ["reseau", "materiel"]


def test_a_group_shows_its_groups_then_its_services(loaded: Session) -> None:
    level = browse(loaded, "reseau", page=0, size=9)
    assert ids_of(level.items) == ["sans-fil", "vpn", "annuaire"]
    assert ids_of(browse(loaded, "sans-fil", page=0, size=9).above) == ["reseau"]


def test_pages_show_every_box_once_and_no_page_is_past_the_end(loaded: Session) -> None:
    first, second = (browse(loaded, "reseau", page=page, size=2) for page in (0, 1))
    assert ids_of([*first.items, *second.items]) == ["sans-fil", "vpn", "annuaire"]
    assert (first.has_more, second.has_more) == (True, False)
    assert browse(loaded, "reseau", page=99, size=2) == second
    assert browse(loaded, "reseau", page=-1, size=2) == first
    assert browse(loaded, "reseau", page=0, size=3).has_more is False


def test_an_empty_catalogue_has_an_empty_top(session: Session) -> None:
    assert browse(session, None, page=3, size=9).items == []


@pytest.mark.parametrize("gone", ["nulle-part", "reseau", "sans-fil"])
def test_a_group_that_is_not_there_is_not_found(loaded: Session, gone: str) -> None:
    loaded.get_one(Group, "reseau").archived = True
    with pytest.raises(ServiceNotFound):
        browse(loaded, gone, page=0, size=9)


def test_an_archived_group_hides_what_is_under_it(loaded: Session) -> None:
    loaded.get_one(Group, "reseau").archived = True
    assert ids_of(browse(loaded, None, page=0, size=9).items) == ["materiel"]
    with pytest.raises(ServiceNotFound):
        service_page(loaded, "wifi")


def test_a_service_s_page_has_its_team_and_where_it_stands(loaded: Session) -> None:
    page = service_page(loaded, "wifi")
    assert (page.service.id, page.team.id, ids_of(page.above)) == ("wifi", "t", ["reseau", "sans-fil"])


@pytest.mark.parametrize("gone", ["nulle-part", "", "reseau"])
def test_a_service_that_is_not_there_is_not_found(loaded: Session, gone: str) -> None:
    with pytest.raises(ServiceNotFound):
        service_page(loaded, gone)


def test_a_draft_for_a_service_is_filled_in(loaded: Session) -> None:
    draft = draft_for(loaded, "imprimante", Kind.REQUEST, submission="u", locale="en-GB")
    assert (draft.service_id, draft.kind, draft.title) == ("imprimante", Kind.REQUEST, "Printer")
    assert (draft.submission, draft.status) == ("u", Status.NEW)


@pytest.mark.parametrize(("service_id", "kind"), [("vpn", Kind.REQUEST), ("annuaire", Kind.INCIDENT)])
def test_a_service_is_not_asked_for_what_it_does_not_offer(
    loaded: Session, service_id: str, kind: Kind
) -> None:
    with pytest.raises(ServiceNotFound):
        draft_for(loaded, service_id, kind, submission="u", locale="fr")
