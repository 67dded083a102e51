"""Somebody's own tickets: the lists, the detail, and nobody else's."""

import json
import re
from datetime import timedelta

import pytest

from blocks import ids
from models.lifecycle import Action, Ending, Role, Status
from models.tickets.ticket import Ticket
from models.tickets.transitions import Trigger, record
from tests.support.help_desk import APPROVE, DETAIL, DIRECT, REFUSE, TRIAGE, Desk, Person, file
from tests.support.service_levels import always

OPEN_LIST, CLOSED_LIST = "Mes tickets en cours", "Mes tickets clos"
NOT_FOUND = "Ce ticket n’existe pas, ou n’est pas le vôtre."


def numbers(text: str) -> list[int]:
    """The tickets of a list, in the order they stand there."""
    return [int(number) for number in re.findall(r"^n° (\d+) · ", text, re.MULTILINE)]


# -- the lists -----------------------------------------------------------------------------------------------


def test_somebody_without_tickets_is_told_so(camille: Person) -> None:
    camille.command("/mes-tickets")
    assert camille.modal["title"] == "Mes tickets"
    assert "Aucun ticket en cours." in camille.modal_text
    camille.press(CLOSED_LIST)
    assert "Aucun ticket clos pour l’instant." in camille.modal_text


def test_a_row_says_what_a_ticket_is_and_how_old(desk: Desk, camille: Person) -> None:
    camille.file_ticket("Écran *noir*")
    camille.command("/mes-tickets")
    title, said, facts, button = camille.modal_text.splitlines()[-4:]
    assert (title, button) == ("n° 1 · Écran *noir*", "[Ouvrir]")
    assert said.startswith("Déclaré ")
    assert facts == "Incident · Nouveau · Priorité moyenne"
    [date] = [
        part for part in camille.modal["blocks"][2]["elements"][0]["elements"] if part["type"] == "date"
    ]
    assert (date["timestamp"], date["format"]) == (int(desk.ticket().opened_at.timestamp()), "{ago}")


def test_a_closed_ticket_says_when_it_was_closed(desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    desk.ahead += timedelta(days=1)
    desk.person("karim").resolve()
    camille.press(APPROVE, DIRECT)
    camille.command("/mes-tickets")
    camille.press(CLOSED_LIST)
    assert "\nClos " in camille.modal_text
    [date] = [
        part for part in camille.modal["blocks"][2]["elements"][0]["elements"] if part["type"] == "date"
    ]
    closed_at = desk.ticket().closed_at
    assert closed_at is not None
    assert date["timestamp"] == int(closed_at.timestamp())


def test_incidents_and_requests_stand_together_newest_first(camille: Person) -> None:
    camille.file_ticket("Écran noir")
    camille.command("/catalogue", "second écran")
    camille.press("Ouvrir le service Second écran")
    camille.press("Demander un service")
    camille.submit(
        {
            "Taille": "27 pouces",
            "Un écran reconditionné vous convient-il ?": "Oui",
            "Bureau où installer l’écran": "B204",
            "Impact utilisateur": "Moi seul·e",
            "Urgence utilisateur": "Basse",
        }
    )
    camille.command("/mes-tickets")
    assert numbers(camille.modal_text) == [2, 1]
    assert "\nDemande de service · Nouveau · Priorité basse" in camille.modal_text


def test_only_closed_tickets_are_in_the_closed_list_each_with_its_ending(desk: Desk, camille: Person) -> None:
    desk.add_tickets("camille", 3)
    endings = (Ending.APPROVED, Ending.CANCELLED, Ending.SILENCE)
    with desk.sessions.begin() as session:
        for number, ending in enumerate(endings, start=1):
            ticket = session.get_one(Ticket, number)
            ticket.status, ticket.ending, ticket.closed_at = Status.CLOSED, ending, desk.now
    camille.file_ticket("Toujours là")
    desk.person("karim").resolve()
    camille.command("/mes-tickets")
    assert numbers(camille.modal_text) == [4]
    assert "\nIncident · Résolu, à approuver" in camille.modal_text
    camille.press(CLOSED_LIST)
    assert numbers(camille.modal_text) == [2, 1, 3]
    for words in ("Clos (approuvé)", "Clos (annulé)", "· Clos sans réponse de votre part ·"):
        assert words in camille.modal_text
    apart = camille.modal_text.partition("\nClos sans réponse de votre part\n")[2]
    assert numbers(apart) == [3], "it stands apart"
    camille.press(OPEN_LIST)
    assert numbers(camille.modal_text) == [4]


def test_a_long_list_is_read_page_by_page(desk: Desk, camille: Person) -> None:
    desk.add_tickets("camille", 23)
    camille.command("/mes-tickets")
    pages = [numbers(camille.modal_text)]
    assert "[Plus récents]" not in camille.modal_text
    for _ in range(2):
        camille.press("Plus anciens")
        pages.append(numbers(camille.modal_text))
    assert pages == [list(range(23, 13, -1)), list(range(13, 3, -1)), [3, 2, 1]]
    assert "[Plus anciens]" not in camille.modal_text
    camille.press("Plus récents")
    assert numbers(camille.modal_text) == pages[1]


def test_nobody_elses_tickets_are_listed(desk: Desk, camille: Person) -> None:
    desk.person("aurelie").file_ticket("Rien à voir")
    camille.command("/mes-tickets")
    assert "Rien à voir" not in camille.modal_text


def test_a_page_that_is_gone_shows_the_last_that_is_left(desk: Desk, camille: Person) -> None:
    desk.add_tickets("camille", 11)
    camille.command("/mes-tickets")
    camille.press("Plus anciens")
    camille.press("Ouvrir")
    with desk.sessions.begin() as session:
        for number in (1, 2):
            ticket = session.get_one(Ticket, number)
            ticket.status, ticket.ending, ticket.closed_at = Status.CLOSED, Ending.APPROVED, desk.now
    camille.press("Retour")
    assert numbers(camille.modal_text) == list(range(11, 2, -1))


# -- the detail ----------------------------------------------------------------------------------------------


def test_the_detail_says_everything(camille: Person) -> None:
    camille.file_ticket(
        "Écran noir", Description="Depuis hier.\nMême rebranché.", **{"Pièces attachées": [file("photo.pdf")]}
    )
    camille.command("/mes-tickets")
    camille.press("Ouvrir")
    assert camille.modal["title"] == "n° 1"
    lines = camille.modal_text.splitlines()
    for line in (
        "n° 1 · Incident · Nouveau · Priorité moyenne",
        "Écran noir",
        "Demandeur : @Camille Bernard · Site : IUT",
        "Impact : Moi seul·e · Urgence : Haute",
        "Depuis hier.",
        "Même rebranché.",
        "📎 photo.pdf",
        "[Annuler ce ticket]",
        "Historique",
        "[Retour]",
    ):
        assert line in lines


def test_the_detail_of_a_request_has_its_questions_and_answers(camille: Person) -> None:
    camille.command("/catalogue", "second écran")
    camille.press("Ouvrir le service Second écran")
    camille.press("Demander un service")
    camille.submit(
        {
            "Taille": "27 pouces",
            "Un écran reconditionné vous convient-il ?": "Non",
            "Bureau où installer l’écran": "*B204* <@U1>",
            "Impact utilisateur": "Moi seul·e",
            "Urgence utilisateur": "Basse",
            "Site": "IUT",
        }
    )
    camille.press(DETAIL, DIRECT)
    for words in (
        "Service : Second écran",
        "Taille\n27 pouces\n",
        "Un écran reconditionné vous convient-il ?\nNon\n",
        "Bureau où installer l’écran\n*B204* <@U1>\n",
    ):
        assert words in camille.modal_text


def test_the_history_is_told_in_words(desk: Desk, camille: Person) -> None:
    karim = desk.person("karim")
    camille.file_ticket()
    karim.take()
    karim.resolve("Toner changé.")
    camille.press(REFUSE, DIRECT)
    camille.submit({"Qu’est-ce qui ne marche toujours pas ?": "Toujours gris."})
    karim.resolve("Tambour changé.")
    camille.press(APPROVE, DIRECT)
    camille.press(DETAIL, DIRECT)
    history = camille.modal_text.partition("Historique\n")[2]
    assert [line.partition(" · ")[0] for line in history.splitlines()] == [
        "Ouvert par Camille Bernard",
        "Pris par Karim Benali",
        "Résolu par Karim Benali",
        "Toner changé.",
        "Solution refusée par Camille Bernard",
        "Toujours gris.",
        "Résolu par Karim Benali",
        "Tambour changé.",
        "Solution approuvée par Camille Bernard",
    ]


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ("new", ["Ajouter une précision", "Modifier", "Annuler ce ticket"]),
        (
            "resolved",
            [
                "C’est réparé, clore",
                "Ça ne marche toujours pas",
                "Laissez-moi une semaine",
                "Ajouter une précision",
            ],
        ),
        ("closed", ["Ajouter une précision", "Rouvrir", "😀 Satisfait·e", "😐 Mitigé·e", "🙁 Mécontent·e"]),
    ],
)
def test_the_detail_offers_what_is_possible_now(
    desk: Desk, camille: Person, state: str, offered: list[str]
) -> None:
    camille.file_ticket()
    if state != "new":
        desk.person("karim").resolve()
    if state == "closed":
        camille.press(APPROVE, DIRECT)
    camille.press(DETAIL, DIRECT)
    assert re.findall(r"^\[(.*)\]$", camille.modal_text, re.MULTILINE) == offered


def test_going_back_leads_to_the_page_one_came_from(desk: Desk, camille: Person) -> None:
    desk.add_tickets("camille", 12, closed=True)
    camille.command("/mes-tickets")
    camille.press(CLOSED_LIST)
    camille.press("Plus anciens")
    camille.press("Ouvrir", nth=2)
    assert camille.modal["title"] == "n° 1"
    camille.press("Retour")
    assert numbers(camille.modal_text) == [2, 1]
    assert "Vieux souci 1" in camille.modal_text


def test_going_back_after_an_action_still_leads_there(desk: Desk, camille: Person) -> None:
    desk.add_tickets("camille", 12)
    camille.command("/mes-tickets")
    camille.press("Plus anciens")
    camille.press("Ouvrir", nth=1)
    camille.press("Annuler ce ticket")
    camille.submit({"Pourquoi annuler ce ticket ?": "Plus besoin."})
    camille.press("Retour")
    assert numbers(camille.modal_text) == [1]


def test_a_long_history_is_cut_at_its_newest_lines(desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    with desk.sessions.begin() as session:
        ticket = session.get_one(Ticket, 1)
        for number in range(26):
            trigger = Trigger(ticket.requester, {Role.REQUESTER}, desk.now, "detail", always)
            event = record(ticket, Action.REFUSE, trigger, before=ticket.status, text=f"Non {number}.")
            session.add(event)
    camille.press(DETAIL, DIRECT)
    assert "Les 25 lignes les plus récentes :" in camille.modal_text
    assert "Ouvert par" not in camille.modal_text.partition("Historique")[2]
    assert ["Non 0." in camille.modal_text, "Non 1." in camille.modal_text] == [False, True]
    assert camille.modal_text.endswith("Non 25.")


def test_dates_of_a_detail_are_the_readers_own(camille: Person) -> None:
    """Slack turns them into the reader's time zone."""
    camille.file_ticket()
    camille.press(DETAIL, DIRECT)
    leaves = [
        leaf
        for block in camille.modal["blocks"]
        if block["type"] == "rich_text"
        for section in block["elements"]
        for leaf in section["elements"]
    ]
    assert [leaf["format"] for leaf in leaves if leaf["type"] == "date"] == [
        "{date_short_pretty}, {time} ({ago})",
        "{date_short_pretty}, {time}",
    ]


# -- nobody else's -------------------------------------------------------------------------------------------


@pytest.fixture
def secret(desk: Desk) -> None:
    """A ticket of Aurélie's, n° 1."""
    desk.person("aurelie").file_ticket("Dossier confidentiel")


def test_another_persons_detail_is_refused_from_a_message(secret: None, camille: Person) -> None:
    camille.forge_click(ids.DETAIL, 1)
    assert camille.ephemeral_messages() == [NOT_FOUND]
    assert not camille.has_modal


def test_another_persons_detail_is_refused_in_the_modal(secret: None, camille: Person) -> None:
    camille.command("/mes-tickets")
    camille.forge_click_in_modal(ids.DETAIL, 1)
    assert camille.modal_text.splitlines()[0] == NOT_FOUND
    assert "confidentiel" not in str(camille.screen())


def test_another_persons_ticket_reads_like_one_that_does_not_exist(secret: None, camille: Person) -> None:
    for number in (1, 999):
        camille.forge_click(ids.DETAIL, number)
    assert camille.ephemeral_messages() == [NOT_FOUND, NOT_FOUND]


@pytest.mark.parametrize(
    "place", [{"ticket": 1, "action": "cancel", "detail": {}}, {"ticket": 1, "action": "cancel"}]
)
def test_a_form_that_names_another_persons_ticket_is_refused(
    desk: Desk, secret: None, camille: Person, place: dict[str, object]
) -> None:
    camille.file_ticket("Le mien")
    camille.press(DETAIL, DIRECT)
    camille.press("Annuler ce ticket")
    body = camille.submission()
    body["view"]["private_metadata"] = json.dumps(place)
    body["view"]["state"]["values"]["reason"]["reason"]["value"] = "Pour voir."
    answer = desk.dispatch(body)
    assert list(answer["errors"]) == ["reason"]
    assert "confidentiel" not in str(answer)
    assert desk.ticket(1).status is Status.NEW


def test_a_follow_up_of_another_persons_ticket_is_refused(secret: None, camille: Person) -> None:
    camille.command("/mes-tickets")
    camille.forge_click_in_modal(ids.CONTINUE, 1)
    assert camille.modal_text.splitlines()[0] == NOT_FOUND
    assert "confidentiel" not in str(camille.screen())


def test_a_technician_of_another_team_reads_it_no_more_than_anybody(desk: Desk, secret: None) -> None:
    marc = desk.person("marc")
    marc.forge_click(ids.DETAIL, 1)
    assert marc.ephemeral_messages() == [NOT_FOUND]


def test_a_technicians_own_list_holds_their_own_tickets_only(desk: Desk, secret: None) -> None:
    karim = desk.person("karim")
    karim.press(DETAIL, TRIAGE)
    karim.close()
    karim.command("/mes-tickets")
    assert "Aucun ticket en cours." in karim.modal_text


@pytest.mark.parametrize("page", ["-1", "10000000000000000000"])
def test_a_forged_page_shows_a_page_that_exists(desk: Desk, camille: Person, page: str) -> None:
    desk.add_tickets("camille", 3)
    camille.command("/mes-tickets")
    camille.forge_click_in_modal(f"{ids.LIST_PAGE}.open.x", f"open:{page}")
    assert numbers(camille.modal_text) == [3, 2, 1]


def test_an_old_page_of_the_list_opens_a_ticket_that_has_moved_on(desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    camille.command("/mes-tickets")
    desk.person("karim").resolve()
    desk.ahead += timedelta(minutes=5)
    camille.press("Ouvrir")
    assert "[C’est réparé, clore]" in camille.modal_text
