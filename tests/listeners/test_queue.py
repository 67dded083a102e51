"""Technicians at their queue, on the Home and as a modal, and at their search."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from blocks import ids
from blocks.queue.state import dump_queue_state, load_queue_state
from models.lifecycle import Priority
from models.pages import QueueState, Tab
from models.tickets.ticket import Ticket
from tests.support.help_desk import TRIAGE, Desk, Person

NO_TECHNICIAN = (
    "Ceci est réservé aux techniciens, membres du canal d’une équipe. "
    "Vos propres tickets sont sous /mes-tickets."
)
WORDS = "Mots ou numéro"
MINUTE = timedelta(minutes=1)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 10:00 in Paris
KARIMS = (TRIAGE, "#dnum-identites", "#dnum-infrastructures")  # the channels of Karim's teams


def listed(text: str) -> list[int]:
    """The numbers of the tickets that a text lists."""
    return [int(number) for number in re.findall(r"^n° (\d+) · ", text, re.MULTILINE)]


def queue_of(text: str) -> list[int]:
    """The numbers in the queue of a Home."""
    return listed(text.partition("Mes tickets en cours")[0])


def give(desk: Desk, number: int, **values: object) -> None:
    """Change a ticket, whatever its life."""
    with desk.sessions.begin() as session:
        for name, value in values.items():
            setattr(session.get_one(Ticket, number), name, value)


# -- the queue as a modal ------------------------------------------------------------------------------------


def test_it_opens_at_what_nobody_has(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket("Écran noir")
    camille.file_ticket("Son coupé")
    karim.take()
    karim.command("/ma-file")
    assert karim.modal["title"] == "Ma file"
    assert (
        "[Non pris (1)]\n[À moi (1)]\n[À moi, en attente (0)]\n[Équipe (2)]\n[En attente (0)]"
        "\n[À approuver (0)]\n[En retard (0)]\n[Pour aujourd’hui (0)]" in karim.modal_text
    )
    assert "Affiché : Non pris, par priorité puis échéance" in karim.modal_text
    assert "\nIncident · Nouveau · Priorité moyenne" in karim.modal_text
    assert "[Ouvrir]\nIUT · de Camille Bernard · personne ne l’a pris" in karim.modal_text
    assert "Son coupé" not in karim.modal_text


def test_its_tabs_show_each_its_part(desk: Desk, camille: Person, karim: Person) -> None:
    desk.stop_clock(MONDAY)
    for title in ("Un", "Deux", "Trois"):
        camille.file_ticket(title)
    karim.resolve()
    karim.command("/ma-file")
    karim.press("Afficher : À approuver (1)")
    assert listed(karim.modal_text) == [3]
    assert "pris par Karim Benali" in karim.modal_text
    desk.ahead = timedelta(days=2, hours=23)
    karim.press("Afficher : En retard (0)")
    karim.press("Afficher : Pour aujourd’hui (2)")
    assert listed(karim.modal_text) == [1, 2]
    assert karim.modal_text.count("Échéance : 26 novembre 2026") == 2
    desk.ahead = timedelta(days=4)
    karim.press("Afficher : En retard (0)")
    assert listed(karim.modal_text) == [1, 2]
    assert karim.modal_text.count("⏰ En retard") == 2
    karim.press("Afficher : En attente (0)")
    assert "Rien ici pour l’instant." in karim.modal_text


def test_the_tab_that_is_shown_says_so_to_who_cannot_see_it(karim: Person) -> None:
    karim.command("/ma-file")
    tabs = karim.modal["blocks"][0]["elements"]
    assert [tab["accessibility_label"] for tab in tabs[:2]] == [
        "Non pris (0), affiché",
        "Afficher : À moi (0)",
    ]


def test_filters_narrow_it_and_are_undone(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket("Ici")
    camille.file_ticket("Ailleurs", Site="INSPÉ")
    give(desk, 1, priority=Priority.P1)
    karim.command("/ma-file")
    karim.choose("Tous les sites", "INSPÉ")
    assert listed(karim.modal_text) == [2]
    karim.choose("Toutes les priorités", "Priorité critique")
    assert "Rien ici avec ces filtres." in karim.modal_text
    assert "[Non pris (0)]" in karim.modal_text
    karim.choose("Tous les sites", "Tous les sites")
    assert listed(karim.modal_text) == [1]


def test_the_service_filter_offers_what_waits(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket("Un")
    camille.file_ticket("Deux")
    give(desk, 2, service_id="vpn")
    karim.command("/ma-file")
    karim.choose("Tous les services", "Accès distant (VPN)")
    assert listed(karim.modal_text) == [2]


def test_it_is_read_page_by_page(desk: Desk, karim: Person) -> None:
    desk.add_tickets("camille", 23)
    karim.command("/ma-file")
    seen = listed(karim.modal_text)
    karim.press("Suivants")
    karim.press("Suivants")
    assert seen == list(range(1, 11))
    assert listed(karim.modal_text) == [21, 22, 23]
    karim.press("Précédents")
    assert listed(karim.modal_text) == list(range(11, 21))


def test_a_ticket_opens_in_its_place_and_leads_back_to_it(desk: Desk, karim: Person) -> None:
    desk.add_tickets("camille", 13)
    karim.command("/ma-file")
    karim.press("Suivants")
    karim.press("Ouvrir le n° 12 · Nouveau souci 12")
    assert karim.modal["title"] == "n° 12"
    karim.press("Retour")
    assert (karim.modal["title"], listed(karim.modal_text)) == ("Ma file", [11, 12, 13])
    assert karim.screen()["modals"] == 1


# -- the queue on the Home -----------------------------------------------------------------------------------


def test_a_technicians_home_has_the_queue_above_their_own_tickets(desk: Desk, karim: Person) -> None:
    desk.add_tickets("camille", 7)
    desk.add_tickets("karim", 1)
    text = karim.home()
    queue, own = text.split("Mes tickets en cours")
    assert "Ma file" in queue
    assert listed(queue) == [1, 2, 3, 4, 5]
    assert listed(own) == [8]
    assert len(karim.screen()["home"]["blocks"]) <= 100


def test_it_stays_at_the_tab_and_page_where_it_was_left(desk: Desk, camille: Person, karim: Person) -> None:
    desk.stop_clock(MONDAY)
    desk.add_tickets("camille", 7)
    karim.home()
    karim.press("Suivants", "home")
    assert queue_of(karim.home_text) == [6, 7]
    camille.file_ticket("Le huitième")
    assert queue_of(karim.home_text) == [6, 7, 8], "redrawn where it was"
    karim.press("Afficher : À moi (0)", "home")
    karim.take()
    assert queue_of(karim.home_text) == [8]
    assert queue_of(karim.home()) == [8], "opened again at the same tab"


def test_the_lists_below_keep_their_pages_when_the_queue_moves(desk: Desk, karim: Person) -> None:
    desk.add_tickets("karim", 7)
    karim.home()
    karim.press("Plus anciens", "home")
    karim.press("Afficher : À moi (0)", "home")
    assert listed(karim.home_text.partition("Mes tickets en cours")[2]) == [2, 1]


def test_a_ticket_opens_from_the_home_in_a_modal(desk: Desk, karim: Person) -> None:
    desk.add_tickets("camille", 1)
    karim.home()
    karim.press("Ouvrir le n° 1 · Nouveau souci 1", "home")
    assert karim.modal["title"] == "n° 1"
    assert "[Retour]" not in karim.modal_text


def test_a_requesters_home_has_no_queue(desk: Desk, camille: Person) -> None:
    desk.add_tickets("aurelie", 2)
    text = camille.home()
    assert "Ma file" not in text
    assert listed(text) == []


def test_the_home_opens_without_the_queue_while_slack_does_not_say(desk: Desk, karim: Person) -> None:
    desk.add_tickets("camille", 1)
    desk.fault("users.conversations", 500)
    assert "Ma file" not in karim.home()
    assert "Ma file" in karim.home()


# -- the search ----------------------------------------------------------------------------------------------


def test_words_typed_with_the_command_are_found(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket("Écran noir", Description="Depuis *ce matin*")
    camille.file_ticket("Son coupé")
    karim.command("/chercher", "ECRAN matin")
    assert karim.modal["title"] == "Chercher un ticket"
    assert karim.modal["values"][WORDS] == "ECRAN matin"
    assert "Tickets avec « ECRAN matin », les plus récents d’abord" in karim.modal_text
    assert listed(karim.modal_text) == [1]


@pytest.mark.parametrize("how", ["enter", "button"])
def test_it_is_searched_again_from_the_field(desk: Desk, camille: Person, karim: Person, how: str) -> None:
    camille.file_ticket("Écran noir")
    karim.command("/chercher")
    assert listed(karim.modal_text) == []
    if how == "enter":
        karim.type_in(WORDS, "écran")
    else:
        karim.submit({WORDS: "écran"})
    assert listed(karim.modal_text) == [1]


def test_a_closed_ticket_is_found_too_and_said_to_be(desk: Desk, karim: Person) -> None:
    desk.add_tickets("camille", 1, closed=True)
    karim.command("/chercher", "vieux souci")
    assert "\nIncident · Clos (approuvé)" in karim.modal_text


def test_nothing_found_is_said_in_words(karim: Person) -> None:
    karim.command("/chercher", "<!channel> *licorne*")
    assert "Aucun ticket de vos équipes ne correspond à « <!channel> *licorne* »." in karim.modal_text


def test_a_found_ticket_leads_back_to_what_was_found(desk: Desk, karim: Person) -> None:
    desk.add_tickets("camille", 12)
    karim.command("/chercher", "souci")
    karim.press("Suivants")
    karim.press("Ouvrir le n° 1 · Nouveau souci 1")
    karim.press("Retour")
    assert listed(karim.modal_text) == [2, 1]
    assert karim.modal["values"][WORDS] == "souci"


def test_the_search_stands_beside_the_queue_and_leads_back_to_it(desk: Desk, karim: Person) -> None:
    desk.add_tickets("camille", 1)
    karim.command("/ma-file")
    karim.press("Afficher : À moi (0)")
    karim.press("Chercher un ticket")
    karim.type_in(WORDS, "souci")
    karim.press("Ma file")
    assert "Affiché : À moi" in karim.modal_text
    karim.close()
    karim.home()
    karim.press("Chercher un ticket", "home")
    assert karim.modal["title"] == "Chercher un ticket"


def test_it_speaks_english(desk: Desk, camille: Person) -> None:
    camille.file_ticket("Écran noir")
    oliver = desk.person("oliver")
    oliver.join(TRIAGE)
    oliver.command("/ma-file")
    assert "from Camille Bernard · unassigned" in oliver.modal_text
    oliver.press("Search tickets")
    oliver.type_in("Keywords or ticket number", "licorne")
    assert "None of your teams’ tickets match “licorne”." in oliver.modal_text


# -- who may -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("command", "words"), [("/ma-file", ""), ("/chercher", "écran")])
def test_who_is_no_technician_is_told_so(camille: Person, command: str, words: str) -> None:
    camille.command(command, words)
    assert camille.ephemeral_messages() == [NO_TECHNICIAN]
    assert not camille.has_modal


def test_another_teams_ticket_is_neither_shown_nor_found(desk: Desk, camille: Person) -> None:
    camille.file_ticket("Écran noir")
    marc = desk.person("marc")
    marc.command("/ma-file")
    assert listed(marc.modal_text) == []
    marc.close()
    for words in ("écran", "1"):
        marc.command("/chercher", words)
        assert listed(marc.modal_text) == []
        marc.close()
    assert "Écran noir" not in marc.home()


def test_a_removed_technician_sees_and_finds_nothing_more(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket("Écran noir")
    karim.home()
    karim.command("/ma-file")
    for channel in KARIMS:
        karim.leave(channel)
    karim.press("Afficher : À moi (0)")
    assert NO_TECHNICIAN in karim.modal_text
    karim.close()
    assert "Ma file" not in karim.home_text
    karim.command("/chercher", "écran")
    assert karim.ephemeral_messages()[-1] == NO_TECHNICIAN


def test_who_leaves_one_team_of_several_loses_its_tickets_at_once(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket("Écran noir")
    karim.command("/chercher", "écran")
    assert listed(karim.modal_text) == [1]
    karim.leave(TRIAGE)
    karim.submit({WORDS: "écran"})
    assert listed(karim.modal_text) == []
    karim.press("Ma file")
    assert listed(karim.modal_text) == []


def test_who_joins_a_team_has_its_queue_at_once(desk: Desk, camille: Person) -> None:
    camille.file_ticket("Écran noir")
    marc = desk.person("marc")
    marc.command("/ma-file")
    marc.join(TRIAGE)
    marc.press("Afficher : À moi (0)")
    assert "[Non pris (1)]" in marc.modal_text


def test_a_technician_removed_without_a_word_is_found_out_within_a_minute(
    desk: Desk, camille: Person, karim: Person
) -> None:
    desk.stop_clock()
    camille.file_ticket("Écran noir")
    assert "Ma file" in karim.home()
    for name in KARIMS:
        channel = desk.slack.slack.workspace.channel(name.removeprefix("#"))
        assert channel is not None
        desk.slack.run(channel.members.discard, karim.slack_id)
    desk.ahead = MINUTE + timedelta(seconds=1)
    assert "Ma file" not in karim.home()


def test_a_forged_place_is_the_beginning_of_the_queue(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket("Écran noir")
    karim.command("/ma-file")
    for action_id, value in (
        (f"{ids.QUEUE_TAB}.x", "x"),
        (f"{ids.QUEUE_PAGE}.9", "999999999"),
        (f"{ids.QUEUE_PAGE}.x", "x"),
        (f"{ids.QUEUE_PAGE}.9", "²"),
    ):
        karim.forge_click_in_modal(action_id, value)
        assert listed(karim.modal_text) == [1]


@pytest.mark.parametrize(
    "kept",
    [
        None,
        "mine",
        [],
        {"tab": 3, "page": -1, "site": 5, "priority": "P9", "service": ["x"]},
        {"tab": ["mine"], "page": "1", "site": "", "priority": {}, "service": None},
        {"tab": "nowhere", "page": True, "priority": ["P1"]},
    ],
)
def test_an_invalid_state_of_the_queue_reads_as_its_defaults(kept: object) -> None:
    assert load_queue_state({"queue": kept}) == QueueState()


def test_a_state_of_the_queue_is_loaded_as_it_was_dumped() -> None:
    state = QueueState(Tab.LATE, 3, "iut", Priority.P2, "vpn")
    assert load_queue_state({"queue": dump_queue_state(state)}) == state
