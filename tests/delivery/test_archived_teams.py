"""The cards of a team that left the catalogue, with tickets that are not closed."""

import pytest

from models.catalogue import Team
from tests.support.help_desk import FORM, TAKE, TRIAGE, Desk
from tests.support.outbox_rows import bot_leaves, forgive

NETWORK = "#dnum-reseau"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """With a ticket of the network team's, whose card stands in its channel."""
    camille = desk.person("camille")
    camille.command("/catalogue", "VPN")
    camille.press("Ouvrir le service Accès distant (VPN)")
    camille.press("Signaler un problème")
    camille.submit(FORM)
    return desk


def archive(desk: Desk, team_id: str = "reseau", *, successor: str | None = None) -> None:
    """Take a team out of the catalogue, as a load does; another may be the default one then."""
    with desk.sessions.begin() as session:
        session.get_one(Team, team_id).archived = True
        if successor:
            session.get_one(Team, successor).is_default = True


def test_its_technicians_act_on_them_in_its_channel_and_hand_them_over(desk: Desk) -> None:
    archive(desk)
    marc = desk.person("marc")
    marc.press(TAKE, NETWORK)
    assert "En charge : @Marc Petit" in marc.reads(NETWORK)[-1]
    marc.menu("Requalifier, passer à une équipe…", NETWORK)
    marc.submit({"Équipe": "Assistance de proximité", "Pourquoi, pour l’autre équipe": "Réorganisation."})
    assert "Accès distant (VPN)" in desk.person("karim").reads(TRIAGE)[-1]
    assert desk.undelivered() == []


def test_once_its_channel_is_out_of_reach_they_go_to_the_default_teams(desk: Desk) -> None:
    archive(desk)
    bot_leaves(desk, NETWORK)
    camille = desk.person("camille")
    camille.write("Toujours rien.", thread_ts=camille.messages()[-1]["ts"])
    desk.deliver()
    forgive(desk, "channel_not_found")
    assert "Pour Réseau et téléphonie" in desk.person("karim").reads(TRIAGE)[-1]
    assert "Toujours rien." in desk.person("karim").reads_thread(TRIAGE)[-1]


def test_those_of_a_former_default_team_go_to_the_one_that_is_it_now(desk: Desk) -> None:
    camille = desk.person("camille")
    camille.file_ticket()
    archive(desk, "assistance", successor="reseau")
    bot_leaves(desk, TRIAGE)
    camille.write("Toujours rien.", thread_ts=camille.messages()[-1]["ts"])
    desk.deliver()
    forgive(desk, "channel_not_found")
    assert "Pour Assistance de proximité" in desk.person("marc").reads(NETWORK)[-1]
