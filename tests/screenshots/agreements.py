"""The pictures of the guide of those whose agreement a request needs: the message that asks them, and their
Home."""

from dataclasses import dataclass
from datetime import timedelta

from tests.screenshots.camera import HOME, Camera, let_slack_move_on
from tests.support.agreement_forms import COMPUTER, ENGLISH_COMPUTER, Words, request
from tests.support.help_desk import DIRECT, Desk

AMOUNT = "1450"


@dataclass(frozen=True)
class AgreementScript:
    """A purchase in one language."""

    language: str
    requester: str
    approver: str
    words: Words
    title: str
    description: str
    description_label: str
    amount_label: str


FRENCH = AgreementScript(
    language="fr",
    requester="oliver",
    approver="camille",
    words=ENGLISH_COMPUTER,
    title="Portable pour la nouvelle collègue",
    description="Elle arrive le 4 janvier et n’a pas encore de poste.",
    description_label="Description",
    amount_label="Estimated amount, in euros",
)
ENGLISH = AgreementScript(
    language="en",
    requester="camille",
    approver="oliver",
    words=COMPUTER,
    title="Laptop for our new colleague",
    description="She starts on 4 January and has no computer yet.",
    description_label="Description",
    amount_label="Montant estimé, en euros",
)


def journey(desk: Desk, camera: Camera, script: AgreementScript) -> None:
    """Somebody asks for a computer; whoever holds the budget is asked."""
    requester, approver = desk.person(script.requester), desk.person(script.approver)
    approver.visit_home()
    more = {script.description_label: script.description, script.amount_label: AMOUNT}
    request(requester, script.words, script.approver, script.title, **more)
    let_slack_move_on(desk)
    desk.ahead += timedelta(minutes=5)
    camera.visit(script.approver, DIRECT)
    camera.last_message("agreement")
    camera.visit(script.approver, size=HOME)
    camera.home("agreement-home")
