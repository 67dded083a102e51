"""Take the documents' screenshots again: `make screenshots`.

The same journey in French and in English, played in a local Slack with the help desk behind it; what people
see on the way is photographed into `docs/images/`.
"""

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, Locator, sync_playwright
from pydantic import SecretStr
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.catalogue_file import read_catalogue
from bot.cli import prepare
from bot.demo import workspace_for
from bot.manifest import manifest
from bot.settings import Settings
from playground.testing import Playground
from playground.workspace import APP_TOKEN, BOT_TOKEN
from tests.chromium import executable
from tests.desk import DIRECT, TRIAGE, Desk

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "catalogue.yaml"
IMAGES = ROOT / "docs" / "images"

DENSITY = 1.5  # sharp enough on a screen, and under 150 kB
TALL, HOME, LETTER = (800, 1700), (920, 560), (680, 400)
# The same letters on every machine; a modal at its full height; nothing that only a mouse needs.
STYLE = """
:root { --font: "Liberation Sans", Arimo, Arial, sans-serif; }
.dialog.modal { max-height: none; box-shadow: none; }
.dialog::backdrop { background: var(--ground); }
.message-actions, .toast-stack { display: none !important; }
.message { padding-block: 12px !important; }
.main, .sidebar { border: 0 !important; }
"""
LETTER_STYLE = 'body { font-family: "Liberation Sans", Arimo, Arial, sans-serif !important; }'


@dataclass(frozen=True)
class Script:
    """A journey in one language: what its requester reads and writes."""

    language: str
    requester: str
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
    request_words: str
    new_ticket: str
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
    request_words="Demander un service",
    new_ticket="Nouveau Ticket Informatique",
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
    request_words="Request this service",
    new_ticket="New IT ticket",
    priority="Resulting priority",
    save="Save and close",
    title=("Title", "No Wi-Fi in room B204"),
    description=("Description", "Since 8 this morning, nobody in the room can see the eduroam network."),
    solution="The room’s access point was switched off: it is back on, and the network with it.",
    approve="It works, close",
)


class Camera:
    """The local Slack's page in a browser, as one person at a time sees it."""

    def __init__(self, browser: Browser, slack: Playground, language: str) -> None:
        context = browser.new_context(
            base_url=slack.base_url, device_scale_factor=DENSITY, color_scheme="light", bypass_csp=True
        )
        self.page = context.new_page()
        self._slack, self._language = slack, language

    def visit(self, who: str, channel: str | None = None, size: tuple[int, int] = TALL) -> None:
        """Go to a channel, to the direct message with Guichet, or without any to its Home."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.page.goto(f"/?as={who}&" + (f"channel={self._channel(who, channel)}" if channel else "app=home"))
        self.page.add_style_tag(content=STYLE)

    def choose(self, label: str, choice: str) -> None:
        """Choose in a menu of the open modal, and let the help desk answer."""
        with self.page.expect_request_finished(lambda request: request.method == "POST"):
            self.page.get_by_role("dialog").get_by_label(label).select_option(choice)

    def home(self, name: str) -> None:
        """Photograph the App Home."""
        self._take(name, self.page.get_by_role("main"))

    def modal(self, name: str) -> None:
        """Photograph the open modal, without the ring around the field that has the cursor."""
        self.page.evaluate("document.activeElement.blur()")
        self._take(name, self.page.get_by_role("dialog"))

    def last_message(self, name: str) -> None:
        """Photograph the newest message of the channel."""
        self._take(name, self.page.get_by_role("article").last)

    def letter(self, name: str, number: int) -> None:
        """Photograph an e-mail as its reader gets it."""
        self.page.set_viewport_size({"width": LETTER[0], "height": LETTER[1]})
        self.page.goto(f"/mail/{number}/html")
        self.page.add_style_tag(content=LETTER_STYLE)
        self.page.screenshot(path=self._path(name), full_page=True)

    def _take(self, name: str, what: Locator) -> None:
        what.screenshot(path=self._path(name), animations="disabled")

    def _path(self, name: str) -> Path:
        return IMAGES / f"{name}.{self._language}.png"

    def _channel(self, who: str, name: str) -> str:
        workspace = self._slack.slack.workspace
        person = workspace.person(who)
        assert person is not None
        channel = workspace.direct_message(person.id) if name == DIRECT else workspace.channel(name)
        assert channel is not None
        return channel.id


def journey(desk: Desk, camera: Camera, script: Script) -> None:
    """From the Home to the approval; with two older tickets, so that the Home has something to show."""
    _some_days_ago(desk, script)
    _look_into_the_catalogue(desk, camera, script)
    _file(desk, camera, script)
    _resolve(desk, camera, script)


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


def _file(desk: Desk, camera: Camera, script: Script) -> None:
    desk.person(script.requester).home()
    _let_slack_move_on(desk)
    camera.visit(script.requester)
    camera.page.get_by_role("button", name=script.new_ticket).click()
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
    desk.settle()
    if script is FRENCH:  # the language of the technicians' channels
        camera.visit("karim", TRIAGE)
        camera.last_message("triage")


def _resolve(desk: Desk, camera: Camera, script: Script) -> None:
    requester, karim = desk.person(script.requester), desk.person("karim")
    karim.press("Je prends", TRIAGE)
    karim.press("Résoudre", TRIAGE)
    _let_slack_move_on(desk)
    karim.submit({"Solution": script.solution})
    camera.visit(script.requester, DIRECT)
    camera.last_message("approval")
    camera.visit(script.requester, size=HOME)
    camera.home("home")
    camera.letter("mail", len(desk.mails()))
    requester.press(script.approve, DIRECT)


def _let_slack_move_on(desk: Desk) -> None:
    """Have the next message show its author: Slack groups those that follow at once."""
    desk.slack.control.post("clock", advance=600)


@contextmanager
def open_desk() -> Iterator[Desk]:
    """A help desk in a local Slack, on a database that is gone afterwards."""
    workspace = workspace_for(read_catalogue(CATALOGUE))
    with tempfile.TemporaryDirectory() as folder, Playground(manifest(), workspace) as slack:
        settings = Settings(
            _env_file=None,
            slack_bot_token=SecretStr(BOT_TOKEN),
            slack_app_token=SecretStr(APP_TOKEN),
            slack_api_url=slack.api_url,
            smtp_url=SecretStr(slack.smtp_url),
            mail_from="Centre d’aide <centre-aide@univ.example>",
            database_url=f"sqlite:///{folder}/guichet.db",
            attachments_url=f"{folder}/attachments",
            catalogue=CATALOGUE,
        )
        prepare(settings)
        app = App(token=BOT_TOKEN, token_verification_enabled=False, request_verification_enabled=False)
        client = WebClient(token=APP_TOKEN, base_url=slack.api_url)
        connection = SocketModeHandler(app, APP_TOKEN, web_client=client)
        with Desk(slack, settings, connection) as desk:
            connection.connect()
            yield desk
            connection.close()


def main() -> None:
    chromium = executable()
    if chromium is None:
        sys.exit("screenshots need Chromium: apt-get install chromium")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with open_desk() as desk, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for script in (FRENCH, ENGLISH):
            journey(desk, Camera(browser, desk.slack, script.language), script)
        browser.close()
        violations = desk.slack.control.get("violations")["violations"]
    for violation in violations:
        sys.stdout.write(f"{violation}\n")
    sys.exit(1 if violations else 0)


if __name__ == "__main__":
    main()
