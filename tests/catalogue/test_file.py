"""Reading the catalogue's file, and what the shipped one holds."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from bot.catalogue.file import CatalogueError, read_catalogue
from bot.catalogue.parts import Text
from bot.catalogue.rules import QUESTION_TYPES
from bot.catalogue.schema import CatalogueFile, Group, Keywords

SHIPPED = Path(__file__).parents[2] / "catalogue.yaml"

SMALL = """
sites:
  - {id: centre, name: {fr: Campus Centre, en: City Campus}}
teams:
  - {id: aide, name: "  Aide  ", channel: C0123456789, default: true}
  - {id: reseau, name: {fr: Réseau}, channel: "#dnum-réseau"}
catalogue:
  - id: reseau
    name: Réseau
    description: >-
      Se connecter
      partout
    services:
      - id: vpn
        name: VPN
        description: Le VPN
        team: reseau
        offers: [request, incident]
        questions:
          - {id: jours, type: number, label: Jours, required: true, min: 0, max: 0}
          - {id: systeme, type: choice, label: Système, options: [{id: linux, label: Linux}]}
    groups:
      - {id: vide, name: Vide, description: Vide}
  - {id: autre, name: Autre, description: Autre}
"""


def read(directory: Path, text: str) -> CatalogueFile:
    path = directory / "catalogue.yaml"
    path.write_text(text, "utf-8")
    return read_catalogue(path)


@pytest.fixture(scope="module")
def shipped() -> CatalogueFile:
    return read_catalogue(SHIPPED)


def texts(part: BaseModel) -> Iterator[Text]:
    """Every text of a part and of the parts it contains."""
    if isinstance(part, Text):
        yield part
        return
    for _, value in part:
        for inner in value if isinstance(value, tuple) else (value,):
            if isinstance(inner, BaseModel):
                yield from texts(inner)


def depth(group: Group) -> int:
    return 1 + max((depth(inner) for inner in group.groups), default=0)


def test_a_text_in_french_alone_stands_for_both_languages(tmp_path: Path) -> None:
    catalogue = read(tmp_path, SMALL)
    assert catalogue.sites[0].name == Text(fr="Campus Centre", en="City Campus")
    assert [team.name for team in catalogue.teams] == [
        Text(fr="Aide", en="Aide"),
        Text(fr="Réseau", en="Réseau"),
    ]
    assert catalogue.groups[0].description.en == "Se connecter partout"


def test_what_is_not_written_is_empty(tmp_path: Path) -> None:
    catalogue = read(tmp_path, SMALL)
    (service,) = catalogue.all_services()
    days, system = service.questions
    assert (service.url, service.have_ready, service.offers) == (None, None, ("request", "incident"))
    assert (days.required, days.min, days.max, days.options, days.hint) == (True, 0, 0, (), None)
    assert (system.required, system.min, [option.id for option in system.options]) == (False, None, ["linux"])


def test_keywords_stand_for_both_languages_or_for_one(tmp_path: Path) -> None:
    def keywords(value: str) -> Keywords:
        text = SMALL.replace("name: VPN", f"name: VPN\n        keywords: {value}")
        return next(read(tmp_path, text).all_services()).keywords

    assert keywords("[tunnel, télétravail]") == Keywords(
        fr=("tunnel", "télétravail"), en=("tunnel", "télétravail")
    )
    assert keywords("{fr: [télétravail]}") == Keywords(fr=("télétravail",))


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("vpn", "keywords: found “vpn” — expected a list of words or short phrases, or {fr: […], en: […]}"),
        ("{fr: vpn}", "keywords.fr: found “vpn” — expected a list of words or short phrases"),
        ("{fr: [8]}", "found the number 8 — expected a text; put it between quotes"),
        ("{de: [vpn]}", "unknown key — expected one of fr, en"),
    ],
)
def test_keywords_that_are_no_list_of_texts_are_refused(tmp_path: Path, value: str, problem: str) -> None:
    with pytest.raises(CatalogueError) as refused:
        read(tmp_path, SMALL.replace("name: VPN", f"name: VPN\n        keywords: {value}"))
    assert problem in str(refused.value)


def test_groups_come_in_the_order_of_the_file_each_before_those_it_contains(tmp_path: Path) -> None:
    assert [group.id for group in read(tmp_path, SMALL).all_groups()] == ["reseau", "vide", "autre"]


def test_a_form_may_have_as_many_questions_as_slack_shows(tmp_path: Path) -> None:
    questions = "\n".join(f"          - {{id: q{n}, type: text, label: Q}}" for n in range(68))
    assert (
        len(
            next(
                read(tmp_path, SMALL.replace("    groups:", f"{questions}\n    groups:")).all_services()
            ).questions
        )
        == 70
    )


def test_an_alias_may_repeat_a_part(tmp_path: Path) -> None:
    text = SMALL.replace("id: centre, name: {", "id: centre, name: &name {").replace(
        "name: VPN", "name: *name"
    )
    assert next(read(tmp_path, text).all_services()).name.en == "City Campus"


def test_aliases_that_repeat_each_other_are_refused_with_their_line(tmp_path: Path) -> None:
    bomb = ["a0: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30))]
    with pytest.raises(CatalogueError) as refused:
        read(tmp_path, "\n".join(bomb))
    [problem] = refused.value.problems
    assert problem.endswith("catalogue.yaml:6: the aliases (“*”) repeat too much — write it out")


def test_a_long_text_is_not_repeated_for_ever_either(tmp_path: Path) -> None:
    long = ["a: &a " + "x" * 100_000, *(f"a{n}: *a" for n in range(200))]
    with pytest.raises(CatalogueError, match=":101: the aliases"):
        read(tmp_path, "\n".join(long))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ('"\\UFFFFFFFF"', "the escape “\\U” names no character — write the character itself"),
        ('"\\U00110000"', "the escape “\\U” names no character — write the character itself"),
        ('"a\\0b"', "the character U+0000 is written as an escape and cannot be kept — remove it"),
        ('"\\uD800"', "the character U+D800 is written as an escape and cannot be kept — remove it"),
        ("!!bool x", "“x” looks like a date or a number and is none — put it between quotes"),
        ("!!timestamp x", "“x” looks like a date or a number and is none — put it between quotes"),
        ('!!int ""', "“” looks like a date or a number and is none — put it between quotes"),
    ],
)
def test_what_the_yaml_reader_trips_over_is_refused_with_its_line(
    tmp_path: Path, value: str, words: str
) -> None:
    with pytest.raises(CatalogueError) as refused:
        read(tmp_path, f"sites:\n  - id: {value}\n")
    assert refused.value.problems == (f"{tmp_path / 'catalogue.yaml'}:2: {words}",)


def test_what_was_read_cannot_be_changed(tmp_path: Path) -> None:
    catalogue = read(tmp_path, SMALL)
    with pytest.raises(ValidationError, match="frozen"):
        catalogue.teams[0].channel = "#other"


def test_every_mistake_is_named_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = SMALL.replace("team: reseau", "team: resau").replace("label: Jours", "label: 3") + "extra: 1\n"
    with pytest.raises(CatalogueError) as caught:
        read(tmp_path, text.replace("id: centre", "id: Centre"))
    lines = [int(problem.removeprefix(str(tmp_path)).split(":")[1]) for problem in caught.value.problems]
    assert lines == [3, 17, 20, 25]
    assert str(caught.value) == "\n".join(caught.value.problems)


def test_a_file_that_is_not_there_names_the_setting_and_what_writes_one(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(tmp_path / "none.yaml")
    assert str(caught.value) == (
        f"{tmp_path / 'none.yaml'}: there is no such file — `guichet init` writes an example, "
        "or name yours in CATALOGUE"
    )


def test_a_file_that_cannot_be_read_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(tmp_path)
    assert str(caught.value) == f"{tmp_path}: cannot be read, Is a directory — check the setting CATALOGUE"


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, "\ufeff" + SMALL).sites[0].id == "centre"


def test_the_shipped_catalogue_serves_a_whole_university(shipped: CatalogueFile) -> None:
    assert 8 <= len(shipped.sites) <= 12
    assert {"assistance", "reseau"} <= {team.id for team in shipped.teams}
    assert [team.id for team in shipped.teams if team.default] == ["assistance"]
    assert {"Assistance", "Achat"} <= {group.name.fr for group in shipped.groups}
    assert len(list(shipped.all_groups())) >= 9
    assert max(map(depth, shipped.groups)) == 3
    assert len(list(shipped.all_services())) >= 40
    assert {service.team for service in shipped.all_services()} == {team.id for team in shipped.teams}


def test_the_shipped_catalogue_asks_every_type_of_question(shipped: CatalogueFile) -> None:
    asking = [service for service in shipped.all_services() if service.questions]
    assert len(asking) >= 12
    assert {question.type for service in asking for question in service.questions} == set(QUESTION_TYPES)


def test_the_shipped_catalogue_offers_every_combination(shipped: CatalogueFile) -> None:
    offers = {service.offers for service in shipped.all_services()}
    assert offers == {(), ("request",), ("incident",), ("request", "incident")}


def test_every_shipped_text_is_in_both_languages(shipped: CatalogueFile) -> None:
    found = list(texts(shipped))
    assert len(found) > 400
    assert all(text.fr and text.en for text in found)
    sentences = [text for text in found if text.fr.count(" ") > 4]
    assert [text.fr for text in sentences if text.fr == text.en] == []


def test_no_shipped_group_opens_on_nothing(shipped: CatalogueFile) -> None:
    assert [group.id for group in shipped.all_groups() if not group.groups and not group.services] == []


def test_shipped_french_keeps_its_typography(shipped: CatalogueFile) -> None:
    """Curly apostrophes, and no ordinary space where a line must not break."""
    wrong = re.compile(r"'| [:;?!»]|« |\.\.\.|[^\u202f\s][?!;]|  ")
    assert [text.fr for text in texts(shipped) if wrong.search(text.fr)] == []


def test_shipped_addresses_are_examples(shipped: CatalogueFile) -> None:
    urls = [service.url for service in shipped.all_services() if service.url]
    assert urls
    assert all(re.match(r"https://([a-z]+\.)?univ\.example(/|$)", url) for url in urls)
