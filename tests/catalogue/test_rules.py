"""A mistake in the catalogue's file is named: its line, its path, what was found and what to write."""

from pathlib import Path

import pytest

from bot.catalogue.file import CatalogueError, read_catalogue

SITE = "{id: centre, name: Centre}"
TEAM = '{id: aide, name: Aide, channel: "#aide", default: true}'
SERVICE = "id: wifi, name: Wi-Fi, description: Le Wi-Fi, team: aide, "


def desk(site: str = SITE, team: str = TEAM, group: str = "", service: str = "", question: str = "") -> str:
    """A file in which line 2 is a site, 4 a team, 9 a key of the group, 11 a service and 12 its question."""
    if question:
        service = f"{SERVICE}offers: [request], questions: [\n{question}]"
    return f"""sites:
  - {site}
teams:
  - {team}
catalogue:
  - id: reseau
    name: Réseau
    description: Se connecter
    {group}
    services:
      - {{{service or SERVICE + "offers: [incident]"}}}
"""


S = "catalogue[0].services[0]"
Q = f"{S}.questions[0]"
SLUG = "at most 60 lower-case letters, digits and single hyphens, such as wifi-eduroam"
HTTPS = "expected an address that begins with https:// and has no space"
CHANNEL = "expected a channel’s name in lower case with its “#”, or its id (C…)"
SYNTAX = "check the indentation, the quotes and the brackets on this line and the one above"


def options(count: int) -> str:
    rows = ", ".join(f"{{id: o{n}, label: O}}" for n in range(count))
    return f"{{id: q, type: choice, label: Q, options: [{rows}]}}"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        # the file and its YAML
        ("", "1: the file is empty — expected the keys sites, teams and catalogue"),
        ("- a", "1: the file holds a list — expected the keys sites, teams and catalogue"),
        (b"a: 1\nb: \xe9", "2: this is not UTF-8 — save the file as UTF-8"),
        ("a: 1\nb: \x01", "2: the character U+0001 is not allowed in YAML — remove it"),
        ("a: 1\nb: {c: d", f"2: not valid YAML, expected ',' or '}}', but got '<stream end>' — {SYNTAX}"),
        (
            "a: Un conseil : ici",
            "1: not valid YAML, mapping values are not allowed here"
            " — put a text that contains a colon between double quotes",
        ),
        (
            "a:\n\t- b",
            "2: not valid YAML, found character '\\t' that cannot start any token"
            " — indent with spaces, not with tabs",
        ),
        (
            "a: !python/name:os b",
            "1: not valid YAML, could not determine a constructor for the tag '!python/name:os'"
            " — remove the word that begins with “!”",
        ),
        (
            "a: 2026-13-45",
            "1: “2026-13-45” looks like a date or a number and is none — put it between quotes",
        ),
        ("a: &x [*x]", "1: an alias contains itself — write its contents out"),
        ("? [a]\n: b", "1: a key is a list or a mapping — expected a word before the colon"),
        ("[" * 5000, "1: the lists and mappings are nested too deeply — flatten them"),
        (desk() + "teams: []\n", "12: teams: this key is already on line 3 — keep one of the two"),
        (
            desk(group="name: Autre"),
            "9: catalogue[0].name: this key is already on line 7 — keep one of the two",
        ),
        # keys and the kinds of values
        (desk() + "sitse: []\n", "12: sitse: unknown key — did you mean “sites”?"),
        (desk(group="servces: []"), "9: catalogue[0].servces: unknown key — did you mean “services”?"),
        (
            desk(site="{id: centre, name: Centre, x: 1}"),
            "2: sites[0].x: unknown key — expected one of id, name, announce",
        ),
        (desk(site="{id: centre}"), "2: sites[0].name: missing — expected a text, or {fr: …, en: …}"),
        (desk(site="centre"), "2: sites[0]: found “centre” — expected keys with their values (id: …)"),
        (desk().replace(f"teams:\n  - {TEAM}\n", ""), "1: teams: missing — expected a list of teams"),
        (desk(group="groups: reseau"), "9: catalogue[0].groups: found “reseau” — expected a list of groups"),
        (desk(site="{id: Centre ville, name: C}"), f"2: sites[0].id: found “Centre ville” — expected {SLUG}"),
        (
            desk(site="{id: no, name: C}"),
            f"2: sites[0].id: found the value false — expected {SLUG}; put it between quotes",
        ),
        (desk(site=f"{{id: {'a' * 61}, name: C}}"), "2: sites[0].id: 61 characters — expected at most 60"),
        (
            desk(team='{id: aide, name: A, channel: "#aide", default: oui}'),
            "4: teams[0].default: found “oui” — expected true or false",
        ),
        # texts
        (desk(site='{id: centre, name: ""}'), "2: sites[0].name: empty — expected a text"),
        (desk(site='{id: centre, name: {fr: "  "}}'), "2: sites[0].name.fr: empty — expected a text"),
        (desk(site="{id: centre, name: {en: Centre}}"), "2: sites[0].name.fr: missing — expected a text"),
        (
            desk(site="{id: centre, name: 2026-01-31}"),
            "2: sites[0].name: found the date 2026-01-31"
            " — expected a text, or {fr: …, en: …}; put it between quotes",
        ),
        (
            desk(site="{id: centre, name: {fr: Centre, de: Mitte}}"),
            "2: sites[0].name.de: unknown key — expected one of fr, en"
            " (a text with a comma goes between quotes)",
        ),
        # between the parts
        (
            desk(site=f"{SITE}\n  - {SITE}"),
            "3: sites[1].id: “centre” is already the id of a site on line 2 — choose another id",
        ),
        (
            desk(team=f"{TEAM}\n  - " + '{id: aide, name: B, channel: "#b"}'),
            "5: teams[1].id: “aide” is already the id of a team on line 4 — choose another id",
        ),
        (
            desk(group="groups: [{id: reseau, name: R, description: R}]"),
            "9: catalogue[0].groups[0].id: “reseau” is already the id of a group on line 6"
            " — choose another id",
        ),
        (
            desk(
                group="groups: [{id: b, name: B, description: B, services: "
                f"[{{{SERVICE}offers: [request]}}]}}]"
            ),
            "9: catalogue[0].groups[0].services[0].id: “wifi” is already the id of a service on line 11"
            " — choose another id",
        ),
        (
            desk(question="{id: q, type: text, label: Q},\n{id: q, type: date, label: Q}"),
            f"13: {S}.questions[1].id: “q” is already the id of a question of this service on line 12"
            " — choose another id",
        ),
        (
            desk(question="{id: q, type: choice, label: Q, options: [{id: a, label: A}, {id: a, label: B}]}"),
            f"12: {Q}.options[1].id: “a” is already the id of an option of this question on line 12"
            " — choose another id",
        ),
        (
            desk(team=TEAM.replace("true", "false")),
            "3: teams: no team is the default one — add default: true to the team that gets all the rest",
        ),
        (
            desk(team=f"{TEAM}\n  - " + '{id: b, name: B, channel: "#b", default: true}'),
            "5: teams[1].default: the default team is already on line 4 — keep default: true on one team",
        ),
        (
            desk(service=SERVICE.replace("aide", "aid") + "offers: [incident]"),
            f"11: {S}.team: there is no team “aid” — did you mean “aide”?",
        ),
        (
            desk(team='{id: aide, name: A, channel: "#Aide", default: true}'),
            f"4: teams[0].channel: found “#Aide” — {CHANNEL}",
        ),
        # services
        (
            desk(service=SERVICE + "offers: [incidents]"),
            f"11: {S}.offers[0]: “incidents” is not known — did you mean “incident”?",
        ),
        (
            desk(service=SERVICE + "offers: incident"),
            f"11: {S}.offers: found “incident” — expected a list of request, incident, both, or neither: []",
        ),
        (
            desk(service=SERVICE + "offers: [request, request]"),
            f"11: {S}.offers[1]: “request” is written twice — keep one of the two",
        ),
        (
            desk(service=SERVICE + "offers: []"),
            f"11: {S}.offers: a service that offers nothing is for information only"
            " — add the url of its page",
        ),
        (
            desk(service=SERVICE + "offers: [], url: http://univ.example"),
            f"11: {S}.url: found “http://univ.example” — {HTTPS}",
        ),
        (
            desk(service=SERVICE + "offers: [], url: https://univ.example/a b"),
            f"11: {S}.url: found “https://univ.example/a b” — {HTTPS}",
        ),
        (
            desk(service=SERVICE + "offers: [incident], questions: [{id: q, type: text, label: Q}]"),
            f"11: {S}.questions: only a service that is requested asks questions"
            " — add request to its offers, or remove them",
        ),
        # questions
        (
            desk(question="{id: q, type: txt, label: Q}"),
            f"12: {Q}.type: “txt” is not known — did you mean “text”?",
        ),
        (
            desk(question="{id: q, type: choice, label: Q}"),
            f"12: {Q}.options: a question of type choice needs its options — expected a list of options",
        ),
        (
            desk(question="{id: q, type: date, label: Q, options: [{id: a, label: A}]}"),
            f"12: {Q}.options: only choice and choices have options — remove them, or change the type",
        ),
        (
            desk(question="{id: q, type: text, label: Q, max: 3}"),
            f"12: {Q}.max: only number has a max — remove it, or change the type",
        ),
        (
            desk(question="{id: q, type: number, label: Q, min: 3, max: 1}"),
            f"12: {Q}.max: 1 is less than min, 3 — expected 3 or more",
        ),
        (
            desk(question="{id: q, type: number, label: Q, min: 1.5}"),
            f"12: {Q}.min: found the number 1.5 — expected a whole number",
        ),
        (
            desk(question="{id: q, type: text, label: Q, when: future}"),
            f"12: {Q}.when: only date has a when — remove it, or change the type",
        ),
        (
            desk(question="{id: q, type: date, label: Q, when: futur}"),
            f"12: {Q}.when: “futur” is not known — did you mean “future”?",
        ),
        # what Slack would refuse
        (
            desk(site=f"{{id: centre, name: {'x' * 76}}}"),
            "2: sites[0].name: 76 characters — expected at most 75",
        ),
        (
            desk(site=f"{{id: centre, name: {{fr: C,\n    en: {'x' * 76}}}}}"),
            "3: sites[0].name.en: 76 characters — expected at most 75",
        ),
        (
            desk(team=TEAM.replace("Aide", "x" * 76)),
            "4: teams[0].name: 76 characters — expected at most 75",
        ),
        (
            desk().replace("Réseau", "x" * 76),
            "7: catalogue[0].name: 76 characters — expected at most 75",
        ),
        (
            desk().replace("Wi-Fi,", "x" * 76 + ","),
            f"11: {S}.name: 76 characters — expected at most 75",
        ),
        (
            desk().replace("Se connecter", "x" * 3001),
            "8: catalogue[0].description: 3001 characters — expected at most 3000",
        ),
        (
            desk(question=f"{{id: q, type: text, label: {'x' * 2001}}}"),
            f"12: {Q}.label: 2001 characters — expected at most 2000",
        ),
        (
            desk(question=f"{{id: q, type: text, label: Q, hint: {'x' * 2001}}}"),
            f"12: {Q}.hint: 2001 characters — expected at most 2000",
        ),
        (
            desk(question=options(1).replace("label: O", f"label: {'x' * 76}")),
            f"12: {Q}.options[0].label: 76 characters — expected at most 75",
        ),
        (desk(question=options(101)), f"12: {Q}.options: 101 entries — expected at most 100"),
        (
            desk(site="\n  - ".join(f"{{id: s{n}, name: S}}" for n in range(101))),
            "1: sites: 101 entries — expected at most 100",
        ),
        (desk().replace("\n  - " + SITE, " []"), "1: sites: empty — expected a list of sites"),
        (
            desk(question=", ".join(f"{{id: q{n}, type: text, label: Q}}" for n in range(71))),
            f"11: {S}.questions: 71 questions make a form longer than Slack shows — expected at most 70",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | bytes, problem: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("catalogue.yaml")
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(path)
    assert caught.value.problems == (f"catalogue.yaml:{problem}",)
