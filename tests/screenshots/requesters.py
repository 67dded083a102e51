"""The pictures of the requesters' guide: from the App Home to the approval."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from tests.screenshots.camera import Camera, let_slack_move_on
from tests.support.help_desk import DIRECT, TRIAGE, Desk

WHOLE_HOME = (920, 850)


@dataclass(frozen=True)
class Script:
    """A journey in one language: what its requester reads and writes."""

    language: str
    requester: str
    words: str
    """What they write to Guichet."""
    choices: Mapping[str, str]
    """What every form asks, with the answers."""
    old_title: str
    wanted: str
    """The service that is asked for."""
    wanted_answers: Mapping[str, str]
    open_group: str
    """What a screen reader says of the button that opens the group of the picture."""
    open_service: str
    """The same of any service."""
    shown_service: str
    helped_service: str
    """One with an article."""
    open_article: str
    """The same of its article."""
    request_words: str
    priority: str
    """What the form says once it knows the priority."""
    save: str
    title: tuple[str, str]
    description: tuple[str, str]
    solution: str
    approve: str


FRENCH = Script(
    language="fr",
    requester="camille",
    words="Bonjour, l’imprimante du secrétariat n’imprime plus.",
    choices={"Impact utilisateur": "Mon service ou une salle", "Urgence utilisateur": "Haute", "Site": "IUT"},
    old_title="Vidéoprojecteur sans image, amphi C",
    wanted="Second écran",
    wanted_answers={
        "Taille": "27 pouces",
        "Un écran reconditionné vous convient-il ?": "Oui",
        "Bureau où installer l’écran": "Bâtiment A, 1er étage, A112",
        "Urgence utilisateur": "Basse",
        "Impact utilisateur": "Moi seul·e",
    },
    open_group="Ouvrir le groupe Achat",
    open_service="Ouvrir le service {}",
    shown_service="Badge et contrôle d’accès",
    helped_service="Wi-Fi eduroam",
    open_article="Ouvrir l’article Se connecter au Wi-Fi eduroam",
    request_words="Demander un service",
    priority="Priorité obtenue",
    save="Enregistrer et fermer",
    title=("Titre", "Plus de Wi-Fi en salle B204"),
    description=(
        "Description",
        "Depuis 8 h ce matin, plus personne ne voit le réseau eduroam dans la salle.",
    ),
    solution="La borne Wi-Fi de la salle était éteinte : elle est rallumée, et le réseau est revenu.",
    approve="C’est réparé, clore",
)

ENGLISH = Script(
    language="en",
    requester="oliver",
    words="Hello, the printer in our office has stopped printing.",
    choices={
        "User impact": "My team or a room",
        "User urgency": "High",
        "Site": "IUT (University Institute of Technology)",
    },
    old_title="Projector shows no picture, lecture hall C",
    wanted="Second screen",
    wanted_answers={
        "Size": "27 inches",
        "Would a refurbished display suit you?": "Yes",
        "Office where it is to be set up": "Building A, first floor, A112",
        "User urgency": "Low",
        "User impact": "Just me",
    },
    open_group="Open the group Purchasing",
    open_service="Open the service {}",
    shown_service="Badge and door access",
    helped_service="eduroam Wi-Fi",
    open_article="Open the article Connecting to eduroam Wi-Fi",
    request_words="Request this service",
    priority="Resulting priority",
    save="Save and close",
    title=("Title", "No Wi-Fi in room B204"),
    description=("Description", "Since 8 this morning, nobody in the room can see the eduroam network."),
    solution="The room’s access point was switched off: it is back on, and the network with it.",
    approve="It works, close",
)


def journey(desk: Desk, camera: Camera, script: Script) -> None:
    """From the Home to the approval; with two older tickets, so that the Home has something to show."""
    _write_to_guichet(desk, camera, script)
    _some_days_ago(desk, script)
    _look_into_the_catalogue(desk, camera, script)
    _read_an_article(desk, camera, script)
    _file(desk, camera, script)
    _resolve(desk, camera, script)


def _write_to_guichet(desk: Desk, camera: Camera, script: Script) -> None:
    desk.person(script.requester).write(script.words)
    desk.slack.control.post("clock", advance=10)
    desk.deliver()
    camera.visit(script.requester, DIRECT)
    camera.last_messages("words", 2)


def _some_days_ago(desk: Desk, script: Script) -> None:
    requester, karim, marc = desk.person(script.requester), desk.person("karim"), desk.person("marc")
    desk.ahead = -timedelta(days=8)
    requester.file_ticket(script.old_title, **script.choices)
    karim.press("Je prends", TRIAGE)
    karim.press("Résoudre", TRIAGE)
    karim.submit({"Solution": "Câble HDMI remplacé."})
    requester.press(script.approve, DIRECT)

    desk.ahead = -timedelta(days=2)
    requester.command("/catalogue", script.wanted)
    requester.press(script.open_service.format(script.wanted))
    requester.press(script.request_words)
    requester.submit({**script.choices, **script.wanted_answers})
    marc.press("Je prends", "#dnum-postes")
    desk.ahead = timedelta()


def _look_into_the_catalogue(desk: Desk, camera: Camera, script: Script) -> None:
    requester = desk.person(script.requester)
    for name, words, button in (
        ("catalogue", "", script.open_group),
        ("service", script.shown_service, script.open_service.format(script.shown_service)),
    ):
        requester.command("/catalogue", words)
        requester.press(button)
        camera.visit(script.requester)
        camera.modal(name)
        requester.close()


def _read_an_article(desk: Desk, camera: Camera, script: Script) -> None:
    requester = desk.person(script.requester)
    requester.command("/catalogue", script.helped_service)
    requester.press(script.open_service.format(script.helped_service))
    requester.press(script.open_article)
    camera.visit(script.requester)
    camera.modal("article")
    requester.close()


def _file(desk: Desk, camera: Camera, script: Script) -> None:
    let_slack_move_on(desk)
    desk.person(script.requester).command("/ticket")
    camera.visit(script.requester)
    form = camera.page.get_by_role("dialog")
    for label, text in (script.title, script.description):
        form.get_by_label(label).fill(text)
    for label, choice in script.choices.items():
        if label != "Site":  # the last one is chosen already
            camera.choose(label, choice)
    form.get_by_text(script.priority).wait_for()
    camera.modal("form")
    form.get_by_role("button", name=script.save).click()
    form.wait_for(state="hidden")
    desk.deliver()


def _resolve(desk: Desk, camera: Camera, script: Script) -> None:
    requester, karim = desk.person(script.requester), desk.person("karim")
    karim.press("Je prends", TRIAGE)
    karim.press("Résoudre", TRIAGE)
    let_slack_move_on(desk)
    karim.submit({"Solution": script.solution})
    camera.visit(script.requester, DIRECT)
    camera.last_message("approval")
    camera.visit(script.requester, size=WHOLE_HOME)
    camera.home("home")
    camera.letter("mail", len(desk.mails()))
    requester.press(script.approve, DIRECT)
