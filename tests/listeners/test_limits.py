"""Who has sent as much as one may in 24 hours reads so where they are looking, and keeps their words."""

from datetime import timedelta

import pytest

from bot.settings import Settings
from tests.support.help_desk import DIRECT, TRIAGE, Desk, Person, file

TICKET = (
    "Ce ticket n’a pas été enregistré : vous en avez déposé 1 en 24 heures, le maximum pour une personne. "
    "Vous pourrez l’envoyer de nouveau à partir du "
)
MESSAGE = (
    "Ce message n’a pas été transmis : vous en avez écrit 1 en 24 heures, le maximum pour une personne. "
    "Vous pourrez l’envoyer de nouveau à partir du "
)
FILES = (
    "Rien n’a été transmis : avec ces fichiers, vous enverriez plus de 1 Mo en 24 heures. "
    "Envoyez moins de fichiers, ou de plus petits. Si c’est urgent, appelez le centre d’aide."
)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(
        update={"tickets_per_day": 1, "comments_per_day": 1, "attachments_mb_per_day": 1}
    )


def test_a_ticket_too_many_is_refused_in_its_form_which_stays_as_it_is(desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    [words] = camille.file_ticket("Écran noir")["errors"].values()
    assert words.startswith(TICKET)
    assert words.endswith("Si c’est urgent, appelez le centre d’aide.")
    assert camille.modal["values"]["Titre"] == "Écran noir"
    assert desk.count_tickets() == 1


def test_words_too_many_are_refused_and_wait(desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    for words in ("Elle fume", "Elle brûle"):
        camille.write(words)
        desk.ahead += timedelta(seconds=8)
        desk.deliver()
        camille.press("Oui, l’ajouter", DIRECT)
    assert camille.ephemeral_messages()[0].startswith(MESSAGE)
    assert camille.reads()[-1].startswith("C’est pour le n° 1")
    desk.ahead += timedelta(days=1)
    camille.press("Oui, l’ajouter", DIRECT)
    assert camille.reads()[-1] == "Ajouté au n° 1."


def test_a_message_too_many_is_refused_beside_it(desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    [card] = camille.messages(DIRECT)
    for words in ("Depuis hier.", "Toujours pas."):
        camille.write(words, thread_ts=card["ts"])
    desk.deliver()
    [told] = camille.ephemeral_messages()
    assert told.startswith(MESSAGE)
    assert desk.person("karim").reads_thread(TRIAGE) == [
        "Message de Camille Bernard\nDepuis hier.\n[Répondre]"
    ]


def test_files_too_many_are_refused_at_their_field(desk: Desk, camille: Person) -> None:
    large = file("photo.png", bytes(1_000_001))
    assert camille.file_ticket(**{"Pièces attachées": [large]})["errors"] == {"Pièces attachées": FILES}
    assert desk.count_tickets() == 0
