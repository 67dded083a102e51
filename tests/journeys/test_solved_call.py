"""A technician records a call that was already solved, in the short form of their Home."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from models.catalogue import Service
from models.lifecycle import Action, Agreement, Ending, Kind, Status
from tests.journeys.test_confidential import posted
from tests.support.help_desk import DIRECT, TRIAGE, Desk, Person

LABS = "Campus Sciences – Bâtiments B et C (laboratoires)"
WHO, WHERE, KIND = "Accord donné par", "Où et quand l’accord a été donné", "Nature de l’appel"
CLICKS_MAX = 6
MENU, TEXT, PRESS = 2, 1, 1  # clicks: a menu is opened, and an option pressed


@dataclass(frozen=True)
class Words:
    """What the technician reads, in their language."""

    open: str
    requester: str
    service: str
    copier: str
    title: str
    solution: str
    saved: str


FRENCH = Words(
    "Appel résolu",
    "Demandeur",
    "Service",
    "Imprimante ou copieur",
    "Titre",
    "Solution",
    "Le n° 2 est enregistré comme résolu. Il sera demandé à Camille Bernard d’approuver la solution.",
)
ENGLISH = Words(
    "Solved call",
    "Requester",
    "Service",
    "Printer or copier",
    "Title",
    "Solution",
    "No. 2 is recorded as solved. Camille Bernard will be asked to sign off the solution.",
)


class Hand:
    """A technician's hand on the mouse, which counts its clicks."""

    def __init__(self, person: Person) -> None:
        self.person, self.clicks = person, 0
        self._typed: dict[str, str] = {}

    def press(self, label: str) -> None:
        self.person.press(label, "home")
        self.clicks += PRESS

    def choose(self, label: str, option: str) -> None:
        self.person.choose(label, option)
        self.clicks += MENU

    def type(self, label: str, text: str, *, is_focused: bool = False) -> None:
        self._typed[label] = text
        self.clicks += 0 if is_focused else TEXT

    def submit(self) -> None:
        self.person.submit(self._typed)
        self.clicks += PRESS


@pytest.fixture
def camille(desk: Desk) -> Person:
    """Camille, who works at the laboratories."""
    camille = desk.person("camille")
    camille.file_ticket(Site=LABS)
    return camille


@pytest.fixture
def technicians(desk: Desk) -> dict[str, Person]:
    """A technician of each language, at their Home."""
    oliver = desk.person("oliver")
    oliver.join(TRIAGE)
    people = {"fr": desk.person("karim"), "en": oliver}
    for person in people.values():
        person.visit_home()
        desk.deliver()
    return people


@pytest.mark.parametrize(("language", "words"), [("fr", FRENCH), ("en", ENGLISH)])
def test_a_call_about_a_service_takes_six_clicks(
    desk: Desk, camille: Person, technicians: dict[str, Person], language: str, words: Words
) -> None:
    person = technicians[language]
    mails = len(desk.mails())
    hand = Hand(person)
    hand.press(words.open)
    hand.type(words.solution, "Bac à papier remis en place.", is_focused=True)
    hand.choose(words.requester, "Camille Bernard")
    hand.choose(words.service, words.copier)
    hand.submit()
    assert hand.clicks <= CLICKS_MAX
    assert words.saved in person.modal_text
    ticket = desk.ticket(2)
    assert (ticket.status, ticket.site_id, ticket.kind) == (
        Status.RESOLVED,
        "sciences-laboratoires",
        Kind.INCIDENT,
    )
    assert (ticket.requester.name, ticket.assignee and ticket.assignee.slack_id) == (
        "Camille Bernard",
        person.slack_id,
    )
    assert ticket.title == "Imprimante ou copieur", "in the requester's language"
    assert [action for action, _ in desk.history(2)] == [Action.OPEN, Action.RESOLVE]
    assert len(desk.mails()) - mails <= 1
    camille.press("C’est réparé, clore", DIRECT)
    assert desk.ticket(2).ending is Ending.APPROVED


@pytest.mark.parametrize(("language", "words"), [("fr", FRENCH), ("en", ENGLISH)])
def test_a_call_with_a_title_takes_six_clicks_until_its_confirmation_is_closed(
    desk: Desk, camille: Person, technicians: dict[str, Person], language: str, words: Words
) -> None:
    hand = Hand(technicians[language])
    hand.press(words.open)
    hand.type(words.solution, "Redémarré.", is_focused=True)
    hand.choose(words.requester, "Camille Bernard")
    hand.type(words.title, "Écran noir")
    hand.submit()
    hand.person.close()
    assert hand.clicks + PRESS <= CLICKS_MAX
    ticket = desk.ticket(2)
    assert (ticket.title, ticket.team_id, ticket.status) == ("Écran noir", "assistance", Status.RESOLVED)
    camille.press("Ça ne marche toujours pas", DIRECT)
    camille.submit({camille.modal["labels"][0]: "Encore noir."})
    assert desk.ticket(2).status is Status.IN_PROGRESS


@pytest.fixture
def call(camille: Person, technicians: dict[str, Person]) -> Callable[..., Person]:
    """Karim fills in the form for Camille; returns him, with the form open."""

    def opened(requester: str = "Camille Bernard", service: str | None = None) -> Person:
        karim = technicians["fr"]
        karim.press("Appel résolu", "home")
        karim.choose("Demandeur", requester)
        if service:
            karim.choose("Service", service)
        return karim

    return opened


def refused(person: Person, values: dict[str, str]) -> dict[str, str]:
    """What the form says at its fields."""
    return dict(person.submit(values, deliver=False)["errors"])


def test_neither_service_nor_title_is_said_at_the_title(desk: Desk, call: Callable[..., Person]) -> None:
    karim = call()
    said = refused(karim, {"Solution": "Fait."})
    assert said == {"Titre": "Choisissez un service, ou saisissez un titre."}
    karim.submit({"Titre": "Écran noir"})
    assert desk.count_tickets() == 2, "what was typed has stayed"


def test_somebody_whose_site_is_unknown_needs_one(desk: Desk, call: Callable[..., Person]) -> None:
    karim = call("Léa Martin")
    said = refused(karim, {"Titre": "Écran noir", "Solution": "Fait."})
    assert said == {"Site": "Le site habituel de cette personne n’est pas connu. Choisissez un site."}
    karim.submit({"Site": "IUT"})
    assert desk.ticket(2).site_id == "iut"


def test_a_request_that_needs_an_agreement_records_it(desk: Desk, call: Callable[..., Person]) -> None:
    karim = call(service="Badge et contrôle d’accès")
    said = refused(karim, {"Solution": "Badge activé."})
    assert said == {WHO: "Ce service nécessite un accord. Indiquez qui l’a donné, où et quand."}
    assert desk.count_tickets() == 1
    karim.submit({WHO: "Léa Martin", WHERE: "Par courriel, ce matin."})
    ticket = desk.ticket(2)
    assert (ticket.kind, ticket.agreement, ticket.status) == (Kind.REQUEST, Agreement.GIVEN, Status.RESOLVED)
    assert (Action.RECORD_AGREEMENT, "Par courriel, ce matin.") in desk.history(2)


def test_a_problem_with_such_a_service_needs_none(desk: Desk, call: Callable[..., Person]) -> None:
    karim = call(service="Badge et contrôle d’accès")
    karim.submit({KIND: "Incident", "Solution": "Badge réactivé."})
    assert (desk.ticket(2).kind, desk.ticket(2).agreement) == (Kind.INCIDENT, Agreement.NOT_NEEDED)


def test_a_service_with_steps_that_depend_on_answers_is_refused(
    desk: Desk, call: Callable[..., Person]
) -> None:
    karim = call(service="Achat d’un poste de travail")
    [(label, said)] = refused(karim, {"Solution": "Livré."}).items()
    assert label == "Service"
    assert "des accords qui ne peuvent pas être enregistrés ici" in said
    assert desk.count_tickets() == 1


def test_a_deactivated_requester_is_refused_at_the_field(desk: Desk, call: Callable[..., Person]) -> None:
    karim = call("Léa Martin")
    assert desk.slack.control.post("person", user="lea", deleted=True)["ok"]
    [(label, said)] = refused(karim, {"Titre": "Écran noir", "Solution": "Fait."}).items()
    assert label == "Demandeur"
    assert said.startswith("Personne ne lit ce compte : il est désactivé")
    assert desk.count_tickets() == 1


def test_a_call_about_another_teams_service_stays_with_a_team_of_who_solved_it(
    desk: Desk, call: Callable[..., Person]
) -> None:
    karim = call(service="Wi-Fi eduroam")
    karim.submit({"Solution": "Mot de passe ressaisi."})
    assert desk.ticket(2).team_id == "assistance"


def mark_confidential(desk: Desk, name: str) -> None:
    with desk.sessions.begin() as session:
        service = next(each for each in session.query(Service) if each.name.fr == name)
        service.is_confidential = True


def test_no_message_has_the_words_of_a_confidential_call(desk: Desk, call: Callable[..., Person]) -> None:
    mark_confidential(desk, "Imprimante ou copieur")
    karim = call(service="Imprimante ou copieur")
    karim.submit({"Titre": "Dossier disciplinaire imprimé", "Solution": "Pages détruites."})
    assert desk.ticket(2).status is Status.RESOLVED
    texts = list(posted(desk))
    assert [text for text in texts if "disciplinaire" in text or "détruites" in text] == []
    assert "n° 2" in karim.modal_text
    assert "disciplinaire" not in karim.modal_text


def test_a_confidential_call_is_recorded_by_its_own_team_only(
    desk: Desk, call: Callable[..., Person]
) -> None:
    mark_confidential(desk, "Wi-Fi eduroam")
    karim = call(service="Wi-Fi eduroam")
    [(label, said)] = refused(karim, {"Solution": "Mot de passe ressaisi."}).items()
    assert label == "Service"
    assert said.startswith("Ce service est confidentiel")
    assert desk.count_tickets() == 1


def test_a_form_sent_twice_makes_one_ticket(desk: Desk, call: Callable[..., Person]) -> None:
    karim = call()
    body = karim.submission()
    values = body["view"]["state"]["values"]
    values["title"] = {"title": {"type": "plain_text_input", "value": "Écran noir"}}
    values["solution"] = {"solution": {"type": "plain_text_input", "value": "Fait."}}
    for _ in range(2):
        desk.dispatch(body)
    assert desk.count_tickets() == 2
    assert [action for action, _ in desk.history(2)] == [Action.OPEN, Action.RESOLVE]
