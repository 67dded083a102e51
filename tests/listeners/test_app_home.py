"""The App Home, and what Guichet answers to a message."""

import re
from datetime import timedelta

import pytest

from models.lifecycle import Action, Ending, Status
from models.tickets.ticket import Ticket
from playground.state.workspace import BOT_USER_ID
from tests.support.factories import NOW
from tests.support.help_desk import APPROVE, DIRECT, REFUSE, TRIAGE, Desk, Person

DOORS = ["[Nouveau Ticket Informatique]", "[Catalogue des Services Numériques]", "[Mes tickets]"]


def listed(text: str) -> tuple[list[int], list[int]]:
    """The numbers of the open and of the closed tickets on a Home."""
    open_part, _title, closed_part = text.partition("Mes tickets clos")
    found = [re.findall(r"^n° (\d+) · ", part, re.MULTILINE) for part in (open_part, closed_part)]
    return [int(number) for number in found[0]], [int(number) for number in found[1]]


# -- what stands on it ---------------------------------------------------------------------------------------


def test_somebody_without_tickets_reads_what_they_can_do(camille: Person) -> None:
    assert camille.home().splitlines() == [
        "Centre d’aide de la DNum",
        "[Nouveau Ticket Informatique]",
        "[Catalogue des Services Numériques]",
        "Comment ça marche",
        "Quelque chose ne marche pas ? Cliquez sur « Nouveau Ticket Informatique », "
        "ou écrivez-nous dans l’onglet « Messages ».",
        "Vous avez besoin de quelque chose ? Cherchez dans le Catalogue des Services Numériques.",
        "Et ensuite ? Nous vous écrivons dans Slack, et vous suivez tout ici.",
        "[Mon absence]",
        "[Mes données]",
    ]


def test_the_home_has_the_two_lists_of_who_has_tickets(desk: Desk, camille: Person) -> None:
    desk.add_tickets("camille", 1)
    lines = camille.home().splitlines()
    assert lines[3:6] == ["Mes tickets en cours", "[Chercher dans mes tickets]", "n° 1 · Nouveau souci 1"]
    assert lines[-4:-1] == ["Mes tickets clos", "Aucun ticket clos pour l’instant.", "[Mon absence]"]


# -- what waits for its reader -------------------------------------------------------------------------------


def waiting(text: str) -> str:
    """The part of a Home with what waits for its reader; "" when there is none."""
    _doors, title, after = text.partition("\nÀ vous\n")
    return after.partition("\nMes tickets en cours\n")[0] if title else ""


def test_a_solution_is_signed_off_in_the_home(desk: Desk, camille: Person, karim: Person) -> None:
    desk.stop_clock(NOW)
    camille.file_ticket("Écran noir")
    karim.resolve("Câble changé.\n" * 9)
    camille.home()
    assert waiting(camille.home_text).splitlines() == [
        "n° 1 · Écran noir",
        "Voici la solution. Est-ce que cela marche chez vous ?",
        *["Câble changé."] * 3,
        "Câble changé. …",
        "Sans réponse de votre part, ce ticket sera clos le 7 décembre 2026.",
        "[C’est réparé, clore]",
        "[Ça ne marche toujours pas]",
        "[Voir le détail]",
    ]
    camille.press(APPROVE, "home", deliver=False)
    assert waiting(camille.home_text) == ""
    assert "\nClos " in camille.home_text
    assert desk.ticket().ending is Ending.APPROVED


def test_a_solution_is_rejected_from_the_home(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket()
    karim.resolve()
    camille.home()
    camille.press(REFUSE, "home")
    camille.submit({"Qu’est-ce qui ne marche toujours pas ?": "Rien ne s’imprime."})
    assert desk.ticket().status is Status.IN_PROGRESS
    assert waiting(camille.home_text) == ""


def test_a_second_press_in_an_old_home_is_told_who_acted_first(camille: Person, karim: Person) -> None:
    camille.file_ticket()
    karim.resolve()
    camille.home()
    camille.press(APPROVE, DIRECT, deliver=False)
    camille.press(APPROVE, "home", deliver=False)
    assert camille.modal_text.startswith("Trop tard")


def test_a_question_waits_with_its_first_lines(desk: Desk, camille: Person, karim: Person) -> None:
    desk.stop_clock(NOW)
    camille.file_ticket("Écran noir")
    karim.take()
    karim.press("Répondre", TRIAGE)
    karim.submit({"Votre réponse": "Quel bureau ?", "Et ensuite ?": ["Le ticket attend sa réponse"]})
    assert waiting(camille.home()).splitlines() == [
        "n° 1 · Écran noir",
        "Nous attendons votre réponse.",
        "Quel bureau ?",
        "Sans réponse de votre part, ce ticket sera clos le 14 décembre 2026.",
        "[Répondre]",
        "[Voir le détail]",
    ]


def test_five_wait_at_most_and_the_others_are_counted(desk: Desk, camille: Person) -> None:
    desk.add_tickets("camille", 7)
    with desk.sessions.begin() as session:
        for number in range(1, 8):
            ticket = session.get_one(Ticket, number)
            ticket.status, ticket.solution, ticket.resolution = Status.RESOLVED, "Fait.", 1
    text = waiting(camille.home())
    assert re.findall(r"^n° (\d+)", text, re.MULTILINE) == ["7", "6", "5", "4", "3"]
    camille.press("et 2 autres", "home")
    assert camille.modal["title"] == "Mes tickets"


def test_a_row_says_what_was_last_said_in_its_readers_words(camille: Person, karim: Person) -> None:
    said = [row_of(camille.file_ticket("Écran noir") and camille.home())]
    for act in (
        karim.take,
        lambda: karim.write("Câble ?", TRIAGE, thread_ts=karim.messages(TRIAGE)[-1]["ts"]),
        lambda: karim.press("Répondre", TRIAGE) and karim.submit({"Votre réponse": "J’arrive."}),
        lambda: camille.write("Merci", thread_ts=camille.messages()[0]["ts"]),
    ):
        act()
        said.append(row_of(camille.home()))
    assert said == [
        "Déclaré",
        "Pris en charge par Karim Benali",
        "Pris en charge par Karim Benali",
        "Karim Benali a répondu",
        "Vous avez écrit",
    ]


def row_of(home: str) -> str:
    """What the row of ticket 1 says, without how long ago."""
    found = re.search(r"^n° 1 · .*\n(.*?) \d", home.partition("Mes tickets en cours")[2], re.MULTILINE)
    assert found is not None, home
    return found[1]


def test_its_doors_open(camille: Person) -> None:
    camille.home()
    camille.press("Nouveau Ticket Informatique", "home")
    assert camille.modal["title"] == "Ticket informatique"
    camille.close()
    camille.press("Catalogue des Services Numériques", "home")
    assert camille.modal["title"] == "Catalogue de services"


def test_a_ticket_opens_from_it(camille: Person) -> None:
    camille.file_ticket("Écran noir")
    camille.home()
    camille.press("Ouvrir", "home")
    assert camille.modal["title"] == "n° 1"
    assert "[Retour]" not in camille.modal_text


def test_it_fits_whatever_the_number_of_tickets(desk: Desk, camille: Person) -> None:
    desk.add_tickets("camille", 300)
    desk.add_tickets("camille", 300, closed=True)
    camille.home()
    home = camille.screen()["home"]
    assert len(home["blocks"]) <= 100
    assert listed(camille.home_text) == ([300, 299, 298, 297, 296], [600, 599, 598, 597, 596])


def test_its_lists_are_paged_each_by_itself(desk: Desk, camille: Person) -> None:
    desk.add_tickets("camille", 7)
    desk.add_tickets("camille", 6, closed=True)
    camille.home()
    camille.press("Plus anciens", "home", nth=2)
    assert listed(camille.home_text) == ([7, 6, 5, 4, 3], [8])
    camille.press("Plus anciens", "home", nth=1)
    assert listed(camille.home_text) == ([2, 1], [8])
    camille.press("Plus récents", "home", nth=2)
    assert listed(camille.home_text) == ([2, 1], [13, 12, 11, 10, 9])


# -- how it stays fresh --------------------------------------------------------------------------------------


def test_it_follows_a_ticket_without_being_opened_again(desk: Desk, camille: Person) -> None:
    karim = desk.person("karim")
    camille.home()
    camille.file_ticket("Écran noir")
    assert "\nIncident · Nouveau" in camille.home_text
    karim.take()
    assert "\nIncident · En cours" in camille.home_text
    karim.resolve()
    assert "\nIncident · Résolu" in camille.home_text
    camille.press(APPROVE, DIRECT)
    assert listed(camille.home_text) == ([], [1])
    assert "\nIncident · Clos (approuvé)" in camille.home_text


def test_it_stays_at_the_page_where_its_reader_left_it(desk: Desk, camille: Person) -> None:
    desk.add_tickets("camille", 9)
    camille.home()
    camille.press("Plus anciens", "home")
    camille.file_ticket("Écran noir")
    assert listed(camille.home_text)[0] == [5, 4, 3, 2, 1]


def test_opening_it_again_begins_at_its_first_pages(desk: Desk, camille: Person) -> None:
    desk.add_tickets("camille", 7)
    camille.home()
    camille.press("Plus anciens", "home")
    assert listed(camille.home())[0] == [7, 6, 5, 4, 3]


def test_a_page_that_is_gone_shows_the_last_that_is_left(desk: Desk, camille: Person) -> None:
    desk.add_tickets("camille", 5)
    camille.home()
    camille.file_ticket("Le sixième")
    camille.press("Plus anciens", "home")
    assert listed(camille.home_text)[0] == [1]
    karim = desk.person("karim")
    karim.resolve()
    camille.press(APPROVE, DIRECT)
    assert listed(camille.home_text) == ([5, 4, 3, 2, 1], [6])


def test_it_is_not_drawn_for_who_never_opened_it(desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    assert desk.calls("views.publish") == []
    assert camille.screen()["home"] is None


def test_no_other_requesters_home_is_drawn_again(desk: Desk, camille: Person) -> None:
    aurelie = desk.person("aurelie")
    aurelie.home()
    camille.home()
    drawn = len(desk.calls("views.publish"))
    camille.file_ticket()
    assert {call["arguments"]["user_id"] for call in desk.calls("views.publish")[drawn:]} == {
        camille.slack_id
    }


def test_nobody_elses_tickets_stand_on_it(desk: Desk, camille: Person) -> None:
    desk.person("aurelie").file_ticket("Rien à voir")
    assert "Rien à voir" not in camille.home()


# -- messages typed to Guichet -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("Nouveau Ticket Informatique", "Ticket informatique"),
        ("Catalogue des Services Numériques", "Catalogue de services"),
        ("Mes tickets", "Mes tickets"),
    ],
)
def test_the_buttons_of_the_answer_work(desk: Desk, camille: Person, words: str, title: str) -> None:
    camille.write("Bonjour")
    desk.ahead += timedelta(seconds=8)
    desk.deliver()
    camille.press(words, DIRECT)
    assert camille.modal["title"] == title


def test_what_people_say_in_channels_is_not_guichets_business(desk: Desk, camille: Person) -> None:
    camille.write("Bonjour à tous", "#general")
    karim = desk.person("karim")
    karim.write("Quelqu’un a vu ça ?", TRIAGE)
    assert camille.ephemeral_messages() == karim.ephemeral_messages() == []


def test_guichet_does_not_answer_itself(desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    assert camille.ephemeral_messages() == []
    assert {message["user"] for message in camille.messages()} == {"guichet"}
    assert BOT_USER_ID not in {person["user"]["id"] for person in desk.received if "user" in person}


def test_a_message_changes_no_ticket(desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    camille.write("clore")
    assert desk.history() == [(Action.OPEN, None)]
