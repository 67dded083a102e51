"""What people write to Guichet outside of threads: it is kept, answered, added to a ticket or filed as one."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from models.message_draft import MessageDraft
from tests.support.help_desk import Desk, Json, Person

SILENCE = timedelta(seconds=8)
HOUR = timedelta(hours=1)
ADD, NEW, CREATE = "Oui, l’ajouter", "Nouveau ticket", "Créer un ticket"
KEPT = "Vos mots sont gardés 7 jours ; aucun technicien ne les lit avant votre choix."
OFFER = "Voulez-vous faire un ticket de ce que vous avez écrit ?"
WORDS = "Le Wi-Fi ne marche plus en B204"


def silence(desk: Desk, time: timedelta = SILENCE) -> None:
    """The person is silent; the answer follows."""
    desk.ahead += time
    desk.deliver()


def answer(person: Person) -> str:
    """The newest message in the direct message."""
    return str(person.reads()[-1])


def first_line(person: Person) -> str:
    return answer(person).splitlines()[0]


def drafts(desk: Desk) -> list[MessageDraft]:
    with desk.sessions() as session:
        return list(session.scalars(select(MessageDraft).order_by(MessageDraft.id)))


def ours(person: Person) -> list[str]:
    """The first lines of the messages of ours in the direct message."""
    return [each["text"].splitlines()[0] for each in person.messages() if each["from"] == "guichet"]


def change(desk: Desk, person: Person, written: Json, gesture: str, **more: Any) -> None:
    """Edit or delete a message."""
    place = {"channel": written["message"]["channel"], "ts": written["message"]["ts"]}
    assert desk.slack.control.post(gesture, user=person.name, **place, **more)["ok"]


# -- keeping and answering -----------------------------------------------------------------------------------


def test_words_are_answered_after_eight_seconds_of_silence(desk: Desk, camille: Person) -> None:
    desk.stop_clock()
    camille.write(WORDS)
    silence(desk, timedelta(seconds=7))
    assert camille.reads() == [WORDS]
    camille.write("depuis ce matin")
    silence(desk, timedelta(seconds=7))
    assert camille.reads() == [WORDS, "depuis ce matin"]
    silence(desk, timedelta(seconds=1))
    assert (
        camille.messages()[2]["text"] == f"{OFFER}\n[{CREATE}]\n[Catalogue des Services Numériques]\n{KEPT}"
    )
    assert len(camille.messages()) == 3
    assert camille.ephemeral_messages() == []


def test_x(desk: Desk, camille: Person) -> None:
    print(camille.write(WORDS))
    silence(desk)
    print(camille.messages())
