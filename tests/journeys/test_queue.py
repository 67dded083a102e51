"""The tab of a team, with its filters, in both languages; the queue of who is no longer in the team."""

import re
from datetime import timedelta

import pytest

from models.lifecycle import Status
from tests.support.help_desk import TRIAGE, Desk, Person

FRENCH = {
    "tab": "Afficher : Équipe (4)",
    "people": "Tous les techniciens",
    "nobody": "Personne",
    "states": "Tous les états",
    "pending": "En attente",
    "queue": "/ma-file",
    "number": "n°",
    "nothing": "Rien ici avec ces filtres.",
}
ENGLISH = {
    "tab": "Show: Team (4)",
    "people": "All technicians",
    "nobody": "Nobody",
    "states": "All states",
    "pending": "On hold",
    "queue": "/my-queue",
    "number": "No.",
    "nothing": "Nothing matches these filters.",
}


@pytest.mark.parametrize(("name", "words"), [("lea", FRENCH), ("oliver", ENGLISH)], ids=["fr", "en"])
def test_the_tab_of_the_team_is_narrowed_to_a_technician_and_a_state(
    desk: Desk, camille: Person, karim: Person, name: str, words: dict[str, str]
) -> None:
    reader, marc = desk.person(name), desk.person("marc")
    for person in (reader, marc):
        if person.name != "lea":
            person.join(TRIAGE)
    camille.file_ticket("Un")
    karim.take()
    camille.file_ticket("Deux")
    karim.take()
    karim.menu("Mettre en attente…")
    karim.submit({"En attente de": "un fournisseur"})
    camille.file_ticket("Trois")
    marc.take()
    camille.file_ticket("Quatre")

    def listed() -> list[int]:
        found = re.findall(rf"^{re.escape(words['number'])} (\d+) · ", reader.modal_text, re.MULTILINE)
        return [int(number) for number in found]

    reader.command(words["queue"])
    reader.press(words["tab"])
    assert listed() == [4, 1, 2, 3], "what nobody has, then Karim's, then Marc's"
    reader.choose(words["people"], "Karim Benali")
    assert listed() == [1, 2]
    reader.choose(words["states"], words["pending"])
    assert listed() == [2]
    reader.choose(words["people"], words["nobody"])
    assert listed() == []
    assert words["nothing"] in reader.modal_text
    reader.choose(words["states"], words["states"])
    assert listed() == [4]
    reader.choose(words["people"], words["people"])
    assert listed() == [4, 1, 2, 3]


def test_who_has_left_without_an_event_sees_no_queue_when_their_home_is_drawn_again(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket("Un")
    assert "Un" in karim.home()
    channel = desk.slack.slack.workspace.channel(TRIAGE)
    assert channel is not None
    for each in desk.slack.slack.workspace.channels.values():
        each.members.discard(karim.slack_id)  # and nobody is told
    desk.ahead += timedelta(minutes=2)
    camille.file_ticket("Confidences")
    desk.deliver()
    assert "Confidences" not in karim.home_text
    assert "Ma file" not in karim.home_text
    assert desk.ticket(2).status is Status.NEW


def test_a_row_says_once_who_raised_it(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket("Un")
    row = karim.home()
    assert "de Camille Bernard" in row
    assert "Ouvert par Camille Bernard" not in row
    karim.take()
    lea = desk.person("lea")
    lea.home()
    lea.press("Afficher : Équipe (1)", "home")
    assert "Pris par Karim Benali" in lea.home_text


@pytest.mark.parametrize(
    ("reason", "comes_back"),
    [("un fournisseur", "À revoir : "), ("une pièce", "À revoir : "), (None, "reprise à sa réponse")],
)
def test_what_is_on_hold_without_a_day_says_when_it_comes_back(
    desk: Desk, camille: Person, karim: Person, reason: str | None, comes_back: str
) -> None:
    camille.file_ticket("Un")
    if reason:
        karim.menu("Mettre en attente…")
        karim.submit({"En attente de": reason})
    else:
        karim.press("Répondre", TRIAGE)
        karim.submit({"Votre réponse": "Quelle salle ?", "Et ensuite ?": ["Le ticket attend sa réponse"]})
    karim.home()
    karim.press("Afficher : À moi, en attente (1)", "home")
    assert comes_back in karim.home_text
    assert "pas de date de reprise" not in karim.home_text
