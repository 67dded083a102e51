"""A ticket goes to another team and comes back: what each team reads, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from models.lifecycle import Action, Status
from tests.support.help_desk import TRIAGE, Desk, Person

RESEAU = "#dnum-reseau"
REQUALIFY = "Requalifier, passer à une équipe…"
ASSISTANCE_ID, RESEAU_ID = "assistance", "reseau"


@dataclass(frozen=True)
class Words:
    """What a technician fills in and reads in forms of their own; cards are in the language of the team."""

    technician: str
    service: str
    socket: str
    why: str
    offered: str
    teams: Mapping[str, str]
    find: str
    found: str


FRENCH = Words(
    "karim",
    "Service",
    "Prise réseau et connexion filaire",
    "Pourquoi, pour l’autre équipe",
    "« Prise réseau et connexion filaire » relève de l’équipe",
    {ASSISTANCE_ID: "Assistance de proximité", RESEAU_ID: "Réseau et téléphonie"},
    "/chercher",
    "Nouveau · chez l’équipe Réseau et téléphonie",
)
ENGLISH = Words(
    "oliver",
    "Service",
    "Network socket and wired connection",
    "Reason, for the other team",
    "“Network socket and wired connection” is served by the Network",
    {ASSISTANCE_ID: "Local support", RESEAU_ID: "Network and telephony"},
    "/find-ticket",
    "New · with the Network",
)
WORDS = pytest.mark.parametrize("words", [FRENCH, ENGLISH], ids=["fr", "en"])


@pytest.fixture
def marc(desk: Desk) -> Person:
    """A technician of the team Réseau, who is not in Assistance."""
    return desk.person("marc")


def taken(desk: Desk, camille: Person, words: Words) -> Person:
    """A technician of Assistance who has a ticket of Camille's."""
    technician = desk.person(words.technician)
    if words is ENGLISH:
        technician.join(TRIAGE)
    camille.file_ticket("Plus de réseau", Description="Bureau 12.")
    technician.take()
    return technician


@WORDS
def test_choosing_a_service_of_another_team_offers_to_hand_the_ticket_over(
    desk: Desk, camille: Person, marc: Person, words: Words
) -> None:
    technician = taken(desk, camille, words)
    technician.menu(REQUALIFY)
    assert words.teams[ASSISTANCE_ID] in technician.modal["values"].values()
    technician.choose(words.service, words.socket)
    assert words.offered in technician.modal_text
    assert words.teams[RESEAU_ID] in technician.modal["values"].values()
    errors = technician.submit()["errors"]
    assert list(errors) == [words.why], "the other team is told why"
    technician.submit({words.why: "C’est le switch."})
    ticket = desk.ticket()
    assert (ticket.team_id, ticket.service_id, ticket.assignee) == (RESEAU_ID, "prise-reseau", None)
    assert [action for action, _text in desk.history()][-2:] == [Action.REQUALIFY, Action.TRANSFER]
    assert "Plus de réseau" in marc.reads(RESEAU)[-1]


@WORDS
def test_who_keeps_the_ticket_chooses_their_own_team_again(desk: Desk, camille: Person, words: Words) -> None:
    technician = taken(desk, camille, words)
    technician.menu(REQUALIFY)
    technician.choose(words.service, words.socket)
    team = next(
        label for label, value in technician.modal["values"].items() if value == words.teams[RESEAU_ID]
    )
    technician.submit({team: words.teams[ASSISTANCE_ID]})
    ticket = desk.ticket()
    assert (ticket.team_id, ticket.service_id) == (ASSISTANCE_ID, "prise-reseau")
    assert ticket.status is Status.IN_PROGRESS


@WORDS
def test_the_former_team_finds_it_by_its_number_and_no_more_of_it(
    desk: Desk, camille: Person, marc: Person, words: Words
) -> None:
    technician = taken(desk, camille, words)
    hand_over(technician, words)
    marc.press("Note interne", RESEAU)
    marc.submit({"Note": "Mot de passe du switch."})
    technician.command(words.find, "1")
    assert words.found in technician.modal_text
    for hidden in ("Plus de réseau", "Bureau 12", "Mot de passe", "Camille"):
        assert hidden not in technician.modal_text
    technician.command(words.find, "réseau")
    assert words.found not in technician.modal_text


@WORDS
def test_when_it_returns_who_had_it_is_mentioned(
    desk: Desk, camille: Person, marc: Person, words: Words
) -> None:
    technician = taken(desk, camille, words)
    hand_over(technician, words)
    marc.take(RESEAU)
    marc.menu(REQUALIFY, RESEAU)
    marc.submit({"Équipe": FRENCH.teams[ASSISTANCE_ID], FRENCH.why: "C’était le câble."})
    ticket = desk.ticket()
    assert (ticket.team_id, ticket.status, ticket.assignee) == (ASSISTANCE_ID, Status.NEW, None)
    told = technician.reads_thread(TRIAGE)[-1]
    assert "C’était le câble." in told
    assert technician.slack_id in str(technician.messages(TRIAGE)[-1]["replies"][-1]["blocks"])
    technician.take()
    assert desk.ticket().assignee is not None


def hand_over(technician: Person, words: Words) -> None:
    technician.menu(REQUALIFY)
    team = next(
        label for label, value in technician.modal["values"].items() if value == words.teams[ASSISTANCE_ID]
    )
    technician.submit({team: words.teams[RESEAU_ID], words.why: "C’est le switch."})
