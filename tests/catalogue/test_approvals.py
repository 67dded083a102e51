"""What the catalogue's file says of approvals: what it means, what is refused, and what a load keeps."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.catalogue.file import CatalogueError, read_catalogue
from bot.catalogue.loader import load_catalogue, services_of
from models.approval_rule import ApprovalStep, Approvers, Condition, Quorum, Source, steps_for
from models.base import LocalizedText
from models.catalogue import Service
from tests.support.use_case_desk import SmallDesk

QUESTIONS = """{id: holder, type: person, label: Responsable, required: true},
    {id: why, type: text, label: But}, {id: other, type: person, label: Autre},
    {id: amount, type: number, label: Montant, max: 5000, required: true},
    {id: new, type: yes_no, label: Neuf}, {id: count, type: number, label: Nombre},
    {id: size, type: choice, label: Taille, options: [{id: big, label: Grand}, {id: small, label: Petit}]}"""
HOLDER, ADA, BOB, BUYERS = "who: {question: holder}", "U0ADALOVELACE", "U0BOBMARLEY", "S0ACHETEURS"
ROLE = LocalizedText("Responsable", "Responsable")
STEPS = "a list of steps (who, name, how_many, within, fallback, when, self)"
WHO = "one of {question: …}, {people: […]}, {group: S…}, {channel: “#…”}, or manager"


def write(directory: Path, steps: str, offers: str = "request") -> Path:
    """A file whose line 16 has the approval of its service."""
    path = directory / "catalogue.yaml"
    path.write_text(
        f"""sites:
  - {{id: centre, name: Centre}}
teams:
  - {{id: aide, name: Aide, channel: "#aide", default: true}}
catalogue:
  - id: achats
    name: Achats
    description: Commander
    services:
      - {{id: achat, name: Achat, description: Acheter, team: aide, offers: [{offers}],
questions: [{QUESTIONS}],
approval: {steps}}}
""",
        "utf-8",
    )
    return path


def read(directory: Path, *steps: str) -> Sequence[ApprovalStep]:
    file = read_catalogue(write(directory, f"[{', '.join(f'{{{step}}}' for step in steps)}]"))
    [service] = [each for group in file.all_groups() for each in services_of(group)]
    return service.approval


def problems(path: Path) -> list[str]:
    with pytest.raises(CatalogueError) as refused:
        read_catalogue(path)
    start = "16: catalogue[0].services[0].approval"
    return [each.removeprefix(f"{path}:").removeprefix(start) for each in refused.value.problems]


def test_a_step_is_given_within_five_days_by_one_who_does_not_ask_for_themself(tmp_path: Path) -> None:
    [step] = read(tmp_path, HOLDER)
    assert step == ApprovalStep(Approvers(Source.QUESTION, ("holder",)), ROLE)
    assert (step.quorum, step.within, step.fallback, step.own_is_recorded) == (Quorum.ONE, 5, None, False)


def test_every_key_is_kept(tmp_path: Path) -> None:
    [step, manager] = read(
        tmp_path,
        f"who: {{people: [{ADA}, {BOB}]}}, name: {{fr: Acheteur, en: Buyer}}, how_many: all, within: 10,"
        f" fallback: {{group: {BUYERS}}}, when: {{question: amount, above: 800}}, self: recorded",
        "who: manager",
    )
    assert step == ApprovalStep(
        Approvers(Source.PEOPLE, (ADA, BOB)),
        LocalizedText("Acheteur", "Buyer"),
        Quorum.ALL,
        10,
        Approvers(Source.GROUP, (BUYERS,)),
        Condition("amount", above=800),
        own_is_recorded=True,
    )
    assert manager == ApprovalStep(
        Approvers(Source.MANAGER), LocalizedText("votre responsable", "your manager")
    )


@pytest.mark.parametrize(
    ("condition", "values", "is_asked"),
    [
        ("amount, above: 800", {"amount": "800"}, False),
        ("amount, above: 800", {"amount": "801"}, True),
        ("amount, above: 800", {"amount": "800.01"}, True),
        ("amount, above: 800", {"amount": None}, False),
        ("amount, above: 800", {}, False),
        ("amount, above: 800", {"amount": "beaucoup"}, True),  # what cannot be read is not let through
        ("new, is: yes", {"new": "yes"}, True),
        ("new, is: yes", {"new": "no"}, False),
        ("new, is: false", {"new": "no"}, True),
        ("size, is: big", {"size": "big"}, True),
        ("size, is: big", {"size": ["small", "big"]}, True),
        ("size, is: big", {"size": "small"}, False),
    ],
)
def test_a_step_is_asked_when_its_question_was_answered_so(
    tmp_path: Path, condition: str, values: dict[str, str | list[str] | None], is_asked: bool
) -> None:
    steps = read(tmp_path, f"{HOLDER}, when: {{question: {condition}}}")
    assert bool(steps_for(steps, values)) is is_asked


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ("yes", f": found the value true — expected {STEPS}"),
        ("[who]", f"[0]: found “who” — expected {STEPS}"),
        ("[{}]", f"[0].who: missing — expected {WHO}"),
        ("[{who: boss}]", f"[0].who: found “boss” — expected {WHO}"),
        ("[{who: {}}]", f"[0].who: expected {WHO}"),
        ("[{who: {manger: true}}]", "[0].who.manger: unknown key — did you mean “manager”?"),
        (f"[{{who: {{question: holder, group: {BUYERS}}}}}]", f"[0].who: expected {WHO}"),
        (
            "[{who: {question: holde}}]",
            "[0].who.question: this service has no question “holde” — did you mean “holder”?",
        ),
        (
            "[{who: {question: why}}]",
            "[0].who.question: “why” asks for a text — expected a question of type person",
        ),
        (
            "[{who: {question: other}}]",
            "[0].who.question: “other” may be left empty, and nobody would be asked"
            " — add required: true to it, or a fallback to the step",
        ),
        (
            f"[{{who: {{people: [{ADA}]}}}}]",
            "[0].name: missing — write in which role they are asked, such as “head of laboratory”",
        ),
        (
            "[{who: {people: []}, name: X}]",
            "[0].who.people: empty — expected a list of the ids of members (U…), which Slack copies from"
            " their profiles",
        ),
        (
            "[{who: {people: [ada]}, name: X}]",
            "[0].who.people[0]: found “ada” — expected a list of the ids of members (U…), which Slack copies"
            " from their profiles",
        ),
        (
            f"[{{who: {{people: [{ADA}]}}, name: X, fallback: {{people: [{ADA}]}}}}]",
            "[0].fallback: these are asked already — name somebody else, or remove the fallback",
        ),
        (
            f"[{{{HOLDER}, fallback: manager}}]",
            "[0].fallback: found “manager” — expected {people: […]}, or {group: S…}",
        ),
        (f"[{{{HOLDER}, how_many: both}}]", "[0].how_many: “both” is not known — expected one of one, all"),
        (
            f"[{{{HOLDER}, within: 0}}]",
            "[0].within: found the number 0 — expected a whole number of working days, from 1 to 60",
        ),
        (f"[{{{HOLDER}, self: yes}}]", "[0].self: found the value true — expected refuse or recorded"),
        (f"[{{{HOLDER}, when: {{question: new}}}}]", "[0].when: expected one of is and above"),
        ("[{who: {people: }, name: Chef}]", f"[0].who: expected {WHO}"),
        ("[{who: {group: }, name: Chef}]", f"[0].who: expected {WHO}"),
        ("[{who: {question: }}]", f"[0].who: expected {WHO}"),
        ("[{who: {manager: no}}]", "[0].who.manager: found the value false — expected who: manager"),
        (
            f"[{{{HOLDER}, fallback: {{people: }}}}]",
            "[0].fallback: expected {people: […]}, or {group: S…}, one of them",
        ),
        (f"[{{{HOLDER}, when: {{question: size, is: }}}}]", "[0].when: expected one of is and above"),
        (
            f"[{{{HOLDER}, when: {{question: size, is: 3}}}}]",
            "[0].when.is: found the number 3 — expected the id of an option, or true or false",
        ),
        (
            f"[{{{HOLDER}, when: {{question: count, above: 3}}}}]",
            "[0].when.above: “count” may be left empty, and nobody would be asked — add required: true to it",
        ),
        (
            f"[{{{HOLDER}, when: {{question: why, above: 3}}}}]",
            "[0].when.above: “why” is of type text — expected a question of type number",
        ),
        (
            f"[{{{HOLDER}, when: {{question: amount, above: 5000}}}}]",
            "[0].when.above: no answer is above 5000, since the max of “amount” is 5000"
            " — expected less than 5000",
        ),
        (
            f"[{{{HOLDER}, when: {{question: size, is: huge}}}}]",
            "[0].when.is: “huge” is no option of “size” — expected one of big, small",
        ),
        (
            f"[{{{HOLDER}, when: {{question: new, is: big}}}}]",
            "[0].when.is: “new” is answered with yes or no — expected true or false",
        ),
        (
            f"[{{{HOLDER}, when: {{question: why, is: big}}}}]",
            "[0].when.is: “why” is of type text — expected a question of type choice, choices or yes_no",
        ),
    ],
)
def test_a_step_that_cannot_be_asked_is_refused(tmp_path: Path, steps: str, problem: str) -> None:
    assert problems(write(tmp_path, steps)) == [problem]


def test_only_a_service_that_is_requested_has_approvals(tmp_path: Path) -> None:
    found = problems(write(tmp_path, f"[{{{HOLDER}}}]", offers="incident"))
    text = "only a service that is requested has approvals — add request to its offers, or remove them"
    assert f": {text}" in found


def test_a_load_keeps_the_steps(small_desk: SmallDesk, tmp_path: Path) -> None:
    with small_desk.sessions.begin() as session:
        load_catalogue(session, read_catalogue(write(tmp_path, f"[{{{HOLDER}}}]")))
    with small_desk.sessions() as session:
        [step] = session.get_one(Service, "achat").approval
    assert step == ApprovalStep(Approvers(Source.QUESTION, ("holder",)), ROLE)


def with_key(directory: Path, steps: str, value: str) -> Path:
    path = write(directory, steps)
    text = path.read_text("utf-8").replace(f"{steps}}}\n", f"{steps},\napproval_before_team: {value}}}\n")
    path.write_text(text, "utf-8")
    return path


def test_a_service_may_be_kept_from_its_team_until_the_agreement_is_given(tmp_path: Path) -> None:
    for value in (True, False):
        file = read_catalogue(with_key(tmp_path, f"[{{{HOLDER}}}]", str(value).lower()))
        [service] = [each for group in file.all_groups() for each in services_of(group)]
        assert service.approval_before_team is value


@pytest.mark.parametrize(
    ("steps", "value", "problem"),
    [
        ("[]", "true", "there is no approval to wait for — add approval to the service, or remove it"),
        (f"[{{{HOLDER}}}]", "later", "found “later” — expected true or false"),
    ],
)
def test_what_keeps_a_request_from_its_team_is_checked(
    tmp_path: Path, steps: str, value: str, problem: str
) -> None:
    [found] = problems(with_key(tmp_path, steps, value))
    assert found.endswith(f"approval_before_team: {problem}")
