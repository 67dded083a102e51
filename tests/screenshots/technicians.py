"""The pictures of the technicians' guide: a card, its thread, a reply, the queue, the search, an outage."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from tests.screenshots.camera import HOME, Camera, let_slack_move_on
from tests.support.help_desk import DIRECT, TRIAGE, Desk, Person, file

QUEUE = (920, 850)


@dataclass(frozen=True)
class Script:
    """A day in one language: what its people read and write."""

    helped: str
    others: tuple[str, str]
    older: tuple[tuple[str, int], tuple[str, int]]
    """What the others filed, and how many hours ago."""
    choices: Mapping[str, str]
    title: str
    description: str
    take: str
    reply: str
    phrases: str
    phrase: str
    waits: str
    send: str
    answer: str
    note: str
    words: str
    """Words to search for."""
    outage: str
    declaration: Mapping[str, list[str]]
    expected_end: str
    follow: str


FRENCH = Script(
    helped="camille",
    others=("aurelie", "invite"),
    older=(("Écran noir au démarrage", 30), ("Compte à créer pour un vacataire", 3)),
    choices={"Impact utilisateur": "Mon service ou une salle", "Urgence utilisateur": "Haute", "Site": "IUT"},
    title="Plus de Wi-Fi en salle B204",
    description="Depuis 8 h ce matin, plus personne ne voit le réseau eduroam dans la salle.",
    take="Je prends",
    reply="Répondre",
    phrases="Phrases toutes prêtes",
    phrase="Une capture d’écran",
    waits="Le ticket attend sa réponse",
    send="Envoyer",
    answer="La voici. Les salles voisines ont du réseau.",
    note="La borne ne répond plus au ping : je passe la voir à 10 h.",
    words="B204",
    outage="Messagerie indisponible",
    declaration={"Sites": ["IUT"]},
    expected_end="Fin prévue",
    follow="Je suis concerné·e aussi",
)

ENGLISH = Script(
    helped="oliver",
    others=("aurelie", "invite"),
    older=(("Black screen at start-up", 30), ("An account for a visiting lecturer", 3)),
    choices={
        "User impact": "My team or a room",
        "User urgency": "High",
        "Site": "IUT (University Institute of Technology)",
    },
    title="No Wi-Fi in room B204",
    description="Since 8 this morning, nobody in the room can see the eduroam network.",
    take="I'll take it",
    reply="Reply",
    phrases="Standard replies",
    phrase="A screenshot",
    waits="Put the ticket on hold until they reply",
    send="Send",
    answer="Here it is. The rooms next door have a network.",
    note="The access point no longer answers: I’ll go and see it at 10.",
    words="B204",
    outage="Email is down",
    declaration={"Sites": ["IUT (University Institute of Technology)"]},
    expected_end="Expected end",
    follow="I am affected too",
)


def journey(desk: Desk, camera: Camera, script: Script) -> None:
    """A card, a question and its answer, a queue, a search, an outage."""
    _older_tickets(desk, script)
    _card(desk, camera, script)
    _conversation(desk, camera, script)
    _queue_and_search(desk, camera, script)
    _outage(desk, camera, script)


def _older_tickets(desk: Desk, script: Script) -> None:
    for name, (title, hours) in zip(script.others, script.older, strict=True):
        desk.ahead = -timedelta(hours=hours)
        requester = desk.person(name)
        requester.command("/ticket", title)
        requester.submit(script.choices)
    desk.ahead = timedelta()


def _card(desk: Desk, camera: Camera, script: Script) -> None:
    requester = desk.person(script.helped)
    let_slack_move_on(desk)
    requester.command("/ticket", script.title)
    requester.submit({**script.choices, "Description": script.description})
    camera.visit("karim", TRIAGE)
    camera.last_message("triage")


def _conversation(desk: Desk, camera: Camera, script: Script) -> None:
    requester, karim, lea = (desk.person(name) for name in (script.helped, "karim", "lea"))
    karim.press(script.take, TRIAGE)
    karim.press(script.reply, TRIAGE)
    karim.choose(script.phrases, script.phrase)
    camera.visit("karim", TRIAGE)
    form = camera.page.get_by_role("dialog")
    form.get_by_label(script.waits).check()
    camera.modal("reply")
    let_slack_move_on(desk)
    form.get_by_role("button", name=script.send).click()
    form.wait_for(state="hidden")
    desk.deliver()
    let_slack_move_on(desk)
    camera.visit(script.helped, DIRECT)
    camera.last_message("question")
    _say(requester, script.answer, DIRECT, file("capture.png", camera.page.screenshot()))
    let_slack_move_on(desk)
    _say(lea, script.note, TRIAGE)
    camera.visit("karim", TRIAGE, thread=karim.messages(TRIAGE)[-1]["ts"])
    camera.thread("thread")


def _say(person: Person, text: str, channel: str, *files: dict[str, str]) -> None:
    """Write in the thread of a channel's newest message."""
    root = person.messages(channel)[-1]["ts"]
    person.write(text, channel, thread_ts=root, files=list(files))
    person.desk.deliver()


def _queue_and_search(desk: Desk, camera: Camera, script: Script) -> None:
    karim = desk.person("karim")
    karim.home()
    camera.visit("karim", size=QUEUE)
    camera.home("queue")
    karim.command("/chercher", script.words)
    camera.visit("karim")
    camera.modal("search")
    karim.close()


def _outage(desk: Desk, camera: Camera, script: Script) -> None:
    karim, requester = desk.person("karim"), desk.person(script.helped)
    karim.command("/panne", script.outage)
    end = int((desk.now + timedelta(hours=2)).timestamp())
    karim.submit({**script.declaration, script.expected_end: end})
    karim.close()  # no ticket is attached to it
    for name in script.others:
        person = desk.person(name)
        person.home()
        person.press(script.follow, "home")
        person.close()
    requester.home()
    camera.visit(script.helped, size=HOME)
    camera.home("outage-home")
    camera.visit("karim", TRIAGE)
    camera.last_message("outage")
