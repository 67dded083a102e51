"""Ways by which a confidential ticket's words could reach others: each is tried, and none works."""

import json
from datetime import timedelta

import pytest

from blocks import ids
from bot.context.unit_of_work import UnitOfWork
from bot.services.children.targets import targets
from models.catalogue import Service, Team
from models.lifecycle import Ending, Status
from models.tickets.ticket import Ticket
from tests.journeys.test_children import attach
from tests.support.help_desk import DETAIL, FORM, TRIAGE, Desk, Person

TITLE, SAID, ASKED, NAME = "Harcèlement signalé", "Je suis visé", "Depuis quand", "Camille Bernard"
SENDING = ("chat.postMessage", "chat.update", "views.publish", "chat.postEphemeral")
ORIGINAL = "Numéro du ticket d’origine"


def mark(desk: Desk, number: int | None = None) -> None:
    """Have the catalogue mark a service that this ticket is for, or without one the team Assistance."""
    with desk.sessions.begin() as session:
        if number is None:
            session.get_one(Team, "assistance").is_confidential = True
        else:
            service = session.get_one(Service, "vpn")
            session.get_one(Ticket, number).service, service.is_confidential = service, True


def calls(desk: Desk) -> list[dict[str, object]]:
    return list(desk.slack.control.get("calls")["calls"])


def sent(desk: Desk, since: int = 0) -> str:
    """All that was posted, edited or published since that many calls."""
    return " ".join(
        json.dumps(each["arguments"], ensure_ascii=False)
        for each in calls(desk)[since:]
        if each["method"] in SENDING
    )


def file_for_network(camille: Person) -> None:
    camille.command("/catalogue", "VPN")
    camille.press("Ouvrir le service Accès distant (VPN)")
    camille.press("Signaler un problème")
    camille.submit({**FORM, "Titre": TITLE})


@pytest.mark.parametrize("who", ["karim", "lea"])
def test_a_home_names_nobody_who_acted_on_it(desk: Desk, who: str) -> None:
    mark(desk)
    camille, technician, reader = desk.person("camille"), desk.person("karim"), desk.person(who)
    reader.visit_home()
    camille.file_ticket(TITLE)
    technician.take()
    technician.press("Répondre", TRIAGE)
    technician.submit({"Votre réponse": f"{ASKED} ?"})
    camille.write(SAID, "@guichet", thread_ts=camille.messages()[0]["ts"])
    reader.visit_home()
    technician.resolve("Fait.")
    reader.visit_home()
    assert [each for each in (TITLE, SAID, ASKED, NAME) if each in sent(desk)] == []


def test_one_that_is_attached_and_becomes_confidential_is_a_number_on_the_card(
    desk: Desk, karim: Person
) -> None:
    desk.person("oliver").file_ticket("Panne du bâtiment A")
    camille = desk.person("camille")
    camille.file_ticket(TITLE)
    attach(karim, "n°\xa01 · Panne du bâtiment A")
    mark(desk, 2)
    since = len(calls(desk))
    karim.forge_click(ids.TAKE, 1, TRIAGE)
    text = sent(desk, since)
    assert "bâtiment A" in text
    assert TITLE not in text
    assert camille.slack_id not in text


@pytest.mark.parametrize("words", ["", "Harcèlement", "2"])
def test_it_is_not_offered_to_attach_to(desk: Desk, karim: Person, words: str) -> None:
    desk.person("oliver").file_ticket("Panne du bâtiment A")
    desk.person("camille").file_ticket(TITLE)
    directory = desk.parts.directory
    actor = directory.with_teams(directory.actor(karim.slack_id))

    def offered() -> list[int]:
        with desk.sessions.begin() as session:
            return [each.id for each in targets(UnitOfWork(session, desk.now, actor), 1, words).tickets]

    assert offered() == [2]
    mark(desk, 2)
    assert offered() == []


def test_the_requester_of_its_duplicate_reads_its_number(desk: Desk, karim: Person) -> None:
    camille = desk.person("camille")
    camille.file_ticket(TITLE)
    camille.file_ticket("Autre chose")
    mark(desk, 1)
    since = len(calls(desk))
    karim.press(DETAIL, TRIAGE)
    karim.press("Signaler un doublon…")
    karim.submit({ORIGINAL: "1"})
    assert desk.ticket(2).duplicate_of_id == 1
    assert "doublon du n° 1" in "".join(camille.reads())
    assert TITLE not in sent(desk, since)


def test_another_team_does_not_learn_that_there_is_one(desk: Desk, karim: Person) -> None:
    camille = desk.person("camille")
    file_for_network(camille)
    camille.file_ticket("Autre chose")
    mark(desk, 1)
    karim.press(DETAIL, TRIAGE)
    karim.press("Signaler un doublon…")
    refused = karim.submit({ORIGINAL: "1"})["errors"]
    assert refused == karim.submit({ORIGINAL: "99"})["errors"]
    assert refused
    assert desk.ticket(2).status is Status.NEW


@pytest.mark.parametrize("is_offered", [True, False])
def test_what_continues_it_goes_to_its_team_or_has_no_word_of_it(desk: Desk, is_offered: bool) -> None:
    camille = desk.person("camille")
    file_for_network(camille)
    mark(desk, 1)
    with desk.sessions.begin() as session:
        ticket = session.get_one(Ticket, 1)
        ticket.status, ticket.ending, ticket.closed_at = Status.CLOSED, Ending.APPROVED, desk.now
        session.get_one(Service, "vpn").archived = not is_offered
    desk.ahead += timedelta(days=60)
    camille.forge_click(ids.DETAIL, 1)
    camille.press("Ouvrir un ticket de suite")
    assert camille.modal["values"]["Titre"] == (TITLE if is_offered else None)
    camille.submit({} if is_offered else {"Titre": "Une suite"})
    followed = desk.ticket(2)
    assert followed.follows_id == 1
    assert followed.team_id == ("reseau" if is_offered else "assistance")
    assert TITLE not in "".join(desk.person("karim").reads(TRIAGE))
