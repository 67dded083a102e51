"""The pictures of the requesters' guide that concern time: a reminder, and the form outside opening hours."""

from dataclasses import dataclass
from datetime import timedelta

from bot.context.settings import use_case_settings
from bot.delivery import periodic
from tests.screenshots.camera import Camera
from tests.screenshots.requesters import Script
from tests.support.help_desk import DIRECT, TRIAGE, Desk

WAITS = "Le ticket attend sa réponse"


@dataclass(frozen=True)
class SilentScript:
    """What somebody leaves without an answer, in one language."""

    asked_about: str
    question: str
    solved: str
    solution: str


FRENCH = SilentScript(
    asked_about="L’écran de la salle C12 reste noir",
    question="Bonjour, le voyant de l’écran est-il allumé ?",
    solved="Plus de son dans les visioconférences",
    solution="La sortie audio était réglée sur le vidéoprojecteur : elle est de nouveau sur le casque.",
)
ENGLISH = SilentScript(
    asked_about="The screen in room C12 stays black",
    question="Hello, is the screen’s power light on?",
    solved="No sound in video calls",
    solution="The sound output was set to the projector: it is back on the headset.",
)


def go_to_open_hours(desk: Desk) -> None:
    """To 9:00 of a working day: the pictures are the same whenever they are taken."""
    desk.slack.control.post("clock", until="opening")
    desk.slack.control.post("clock", advance=timedelta(hours=1).total_seconds())


def journey(desk: Desk, camera: Camera, script: Script, silent: SilentScript) -> None:
    """Two tickets wait for their requester, who says nothing; some evening they open the form."""
    go_to_open_hours(desk)
    _leave_unanswered(desk, script, silent)
    desk.slack.control.post("clock", advance=timedelta(days=4).total_seconds())
    go_to_open_hours(desk)
    _work(desk)
    camera.visit(script.requester, DIRECT)
    camera.last_message("reminder")
    desk.slack.control.post("clock", advance=timedelta(hours=11).total_seconds())
    desk.person(script.requester).command("/ticket")
    camera.visit(script.requester)
    for label, choice in script.choices.items():
        if label != "Site":
            camera.choose(label, choice)
    camera.page.get_by_text("🌙").wait_for()
    camera.modal("closed", until="Site")


def _leave_unanswered(desk: Desk, script: Script, silent: SilentScript) -> None:
    requester, karim = desk.person(script.requester), desk.person("karim")
    for title in (silent.solved, silent.asked_about):
        requester.file_ticket(title, **script.choices)
        karim.press("Je prends", TRIAGE)
        if title == silent.solved:
            karim.press("Résoudre", TRIAGE)
            karim.submit({"Solution": silent.solution})
        else:
            karim.press("Répondre", TRIAGE)
            karim.submit({"Votre réponse": silent.question, "Et ensuite ?": [WAITS]})


def _work(desk: Desk) -> None:
    """Run the periodic jobs; one that has never run is due at the next look."""
    settings = use_case_settings(desk.settings)
    for _look in range(2):
        desk.slack.control.post("clock", advance=timedelta(minutes=6).total_seconds())
        periodic.run_due(desk.sessions, now=desk.now, settings=settings)
    desk.deliver()
