"""Searching the catalogue, and what is kept of searches that found nothing."""

from collections.abc import Iterator
from datetime import timedelta
from time import sleep

import pytest
from sqlalchemy.orm import Session

from bot.catalogue.loader import load_catalogue
from bot.catalogue.schema import CatalogueFile
from bot.catalogue_search import loaded as index_of_database
from bot.context.actor import actor_of
from bot.context.unit_of_work import UnitOfWork
from bot.db.engine import WORKER_TIMEOUT, create_db
from bot.services.catalogue_search import finds_nothing, forget_gaps, gaps, keep_gap, kept_words, search
from models.base import Base, LocalizedText
from models.catalogue import Group
from models.search.gap import KEPT, SearchGap
from tests.support.catalogue_file import MATERIAL, NETWORK, file, group, service
from tests.support.factories import NOW, create, make_article, make_person
from tests.support.threads import join_search_index

SECURITY = {
    "id": "batiments",
    "name": {"fr": "Bâtiments", "en": "Buildings"},
    "contact": {"fr": "L’accueil", "en": "The reception"},
    "keywords": ("chauffage", "ampoule grillée"),
}


def with_out_of_scope(*groups: dict[str, object]) -> CatalogueFile:
    whole = file(*groups).model_dump(by_alias=True) | {"out_of_scope": (SECURITY,)}
    return CatalogueFile.model_validate(whole)


@pytest.fixture
def session(tables_url: str) -> Iterator[Session]:
    engine = create_db(tables_url, timeout=WORKER_TIMEOUT)
    Base.metadata.create_all(engine)
    with Session(engine, expire_on_commit=False) as session:
        load_catalogue(session, with_out_of_scope(NETWORK, MATERIAL))
        session.commit()
        yield session
    join_search_index()
    engine.dispose()


def found(session: Session, words: str) -> list[str]:
    page = search(session, words, page=0, size=20)
    return [] if page.is_near else [hit.item.id for hit in page.items]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("RESEAU", "reseau"),
        ("wifi", "wifi"),
        ("wi fi", "wifi"),
        ("wi‑fi", "wifi"),
        ("coeur", "wifi"),
        ("videoprojecteurs", "projecteur"),
        ("vidéo projecteur", "projecteur"),
        ("toner, vide !", "imprimante"),
        ("bonjour, mon imprimante n'a plus de toner", "imprimante"),
        ("printers", "imprimante"),
        ("imprimente", "imprimante"),
        ("eduraom", "wifi"),
        ("imprim", "imprimante"),
        ("papiers coincés", "imprimante"),
    ],
)
def test_words_lead_to_the_service_however_they_are_written(session: Session, words: str, first: str) -> None:
    assert found(session, words)[0] == first


@pytest.mark.parametrize(
    "words", ["bonjour", "ne marche plus", "it does not work", "merci beaucoup", "", "?!"]
)
def test_words_that_say_nothing_lead_nowhere(session: Session, words: str) -> None:
    page = search(session, words, page=0, size=20)
    assert (page.items, page.total, page.is_near, page.has_more) == ([], 0, True, False)


@pytest.mark.parametrize("words", ["zzz", "\\", "%", "a" * 5000, "x " * 2000, "\u200b", "🦄"])
def test_words_that_nothing_has_are_no_error(session: Session, words: str) -> None:
    assert found(session, words) == []


def test_what_has_one_word_of_many_is_only_near(session: Session) -> None:
    page = search(session, "licorne papier", page=0, size=20)
    assert page.is_near
    assert [hit.item.id for hit in page.items] == ["imprimante"]


def test_each_hit_says_where_it_stands(session: Session) -> None:
    hit = search(session, "eduroam", page=0, size=20).items[0]
    assert (hit.item.id, [each.id for each in hit.above]) == ("wifi", ["reseau", "sans-fil"])


def test_an_archived_group_hides_what_is_under_it(session: Session) -> None:
    session.get_one(Group, "reseau").archived = True
    assert found(session, "wifi") == []


def test_results_are_paged(session: Session) -> None:
    many = [service(f"s{number}", f"Licorne {number}") for number in range(7)]
    load_catalogue(session, file(group("g", "Tout", services=tuple(many))))
    items: list[str] = []
    for page in range(3):
        result = search(session, "licorne", page=page, size=3)
        assert (result.total, result.page, result.has_more) == (7, page, page < 2)
        items += [hit.item.id for hit in result.items]
    assert sorted(items) == [f"s{number}" for number in range(7)]


def test_an_article_is_found_below_its_service(session: Session) -> None:
    title = LocalizedText("Régler le wifi eduroam", "Set up eduroam")
    create(session, make_article("wifi-regler", title=title, services=["wifi"]))
    load_catalogue(session, file(NETWORK, MATERIAL))
    ids = found(session, "wifi eduroam")
    assert ids.index("wifi") < ids.index("wifi-regler")


def test_what_the_help_desk_does_not_serve_says_who_to_turn_to(session: Session) -> None:
    page = search(session, "une ampoule est grillée", page=0, size=20)
    assert page.out_of_scope
    assert page.out_of_scope.contact.fr == "L’accueil"
    assert page.items == []
    assert search(session, "imprimante", page=0, size=20).out_of_scope is None


def test_the_index_is_made_anew_after_a_load_only(session: Session) -> None:
    first = index_of_database.loaded_index(session)
    assert index_of_database.loaded_index(session) is first
    load_catalogue(session, with_out_of_scope(NETWORK, MATERIAL))
    assert index_of_database.loaded_index(session) is first
    load_catalogue(session, file(MATERIAL))
    assert index_of_database.loaded_index(session) is not first
    assert found(session, "eduroam") == []


def test_who_searches_after_a_load_waits_for_no_index(session: Session) -> None:
    assert found(session, "eduroam")
    load_catalogue(session, with_out_of_scope(NETWORK, group("g", "Licornes")))
    session.commit()
    assert found(session, "licornes") == []  # the former index
    for _ in range(200):
        if found(session, "licornes") == ["g"]:
            return
        sleep(0.01)
    pytest.fail("the index was not made anew")


# -- searches that found nothing --


def unit_of_work(session: Session, name: str = "Camille") -> UnitOfWork:
    person = create(session, make_person(name))
    return UnitOfWork(session, NOW, actor_of(person, frozenset()))


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Câble HDMI 2 mètres", "cable hdmi metres"),
        ("licorne camille@univ.example https://x.example/y", "licorne"),
        ("06 12 34 56 78", ""),
        ("l’imprimante B204", "l imprimante"),
    ],
)
def test_digits_and_addresses_are_not_kept(words: str, kept: str) -> None:
    assert kept_words(words) == kept


def test_a_search_is_a_gap_when_nothing_answers_it(session: Session) -> None:
    uow = unit_of_work(session)
    assert finds_nothing(uow, "licorne")
    assert not finds_nothing(uow, "imprimante")
    assert not finds_nothing(uow, "ampoule grillée")
    assert not finds_nothing(uow, "06 12 34 56 78")


def test_gaps_of_three_people_are_listed_for_ninety_days(session: Session) -> None:
    people = [unit_of_work(session, name) for name in ("Camille", "Oliver", "Jeanne")]
    for uow in people:
        keep_gap(uow, "Licorne 1")
        keep_gap(uow, "licorne")
    for uow in people[:2]:
        keep_gap(uow, "girafe")
    session.flush()
    assert gaps(session, NOW) == [("licorne", 3)]
    assert gaps(session, NOW + KEPT) == []
    forget_gaps(session, NOW + KEPT - timedelta(seconds=1))
    assert session.query(SearchGap).count() == 5
    forget_gaps(session, NOW + KEPT)
    assert session.query(SearchGap).count() == 0
