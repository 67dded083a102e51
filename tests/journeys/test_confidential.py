"""A confidential ticket from the form to its sign-off: nothing that is posted or mailed has its words."""

from collections.abc import Iterator

import pytest

from bot.services import channels
from bot.services.channels import Conversation
from models.catalogue import ChannelProblem, Service, Team
from models.lifecycle import Status
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.person import ChannelMember, ChannelReading
from tests.support.help_desk import FORM, TRIAGE, Desk, Person
from tests.support.outbox_rows import delivery
from tests.support.use_case_desk import MINUTE

NETWORK = "#dnum-reseau"
TITLE, SAID, ASKED, SOLVED = "Harcèlement signalé", "Je suis visé", "Depuis quand au juste", "Accès coupés"
SECRETS = (TITLE, SAID, ASKED, SOLVED)
TITLE_LABEL = {"camille": "Titre", "oliver": "Title"}
DETAIL = {"camille": "Voir le détail", "oliver": "View details"}
APPROVE = {"camille": "C’est réparé, clore", "oliver": "It works, close"}


def mark(desk: Desk, team_id: str) -> None:
    with desk.sessions.begin() as session:
        session.get_one(Team, team_id).is_confidential = True


def posted(desk: Desk) -> Iterator[str]:
    """All that went out to Slack in messages and Homes, and in e-mails."""
    for method in ("chat.postMessage", "chat.update", "views.publish"):
        yield from (str(call["arguments"]) for call in desk.calls(method))
    for mail in desk.mails():
        yield str(mail)


def leaks(desk: Desk) -> set[str]:
    return {secret for text in posted(desk) for secret in SECRETS if secret in text}


@pytest.mark.parametrize(("name", "number"), [("camille", "n° 1"), ("oliver", "No. 1")])
def test_only_the_number_and_the_state_are_sent(desk: Desk, name: str, number: str) -> None:
    mark(desk, "assistance")
    requester, karim = desk.person(name), desk.person("karim")
    requester.visit_home()
    karim.visit_home()
    requester.file_ticket(TITLE) if name == "camille" else file_in_english(requester)
    karim.take()
    reply(karim, ASKED)
    requester.write(SAID, "@guichet", thread_ts=requester.messages()[0]["ts"])
    assert "🔒" in karim.reads_thread()[-1]
    karim.resolve(SOLVED)
    requester.press(APPROVE[name], "@guichet")
    assert desk.ticket().status is Status.CLOSED
    assert leaks(desk) == set()
    assert [mail["subject"].replace("\u00a0", " ") for mail in desk.mails()] == [number] * len(desk.mails())
    assert len(desk.mails()) >= 2
    assert all(number in text for text in requester.reads() if "🔒" in text)
    for person, where in ((requester, "@guichet"), (karim, TRIAGE)):
        person.press(DETAIL.get(person.name, "Voir le détail"), where)
        assert TITLE in person.modal_text
        assert SOLVED in person.modal_text
        person.close()


def file_in_english(requester: Person) -> None:
    requester.command("/ticket")
    requester.submit({"Title": TITLE, "User impact": "Just me", "User urgency": "Low",
                      "Site": "INSPÉ (Institute of Education)"})  # fmt: skip


def reply(karim: Person, words: str) -> None:
    karim.press("Répondre", TRIAGE)
    karim.submit({"Votre réponse": words})


def network_ticket(desk: Desk) -> None:
    camille = desk.person("camille")
    camille.command("/catalogue", "VPN")
    camille.press("Ouvrir le service Accès distant (VPN)")
    camille.press("Signaler un problème")
    camille.submit(FORM)


@pytest.mark.parametrize("problem", [ChannelProblem.READ_ONLY, ChannelProblem.PUBLIC])
def test_its_card_waits_for_its_teams_own_channel(desk: Desk, problem: ChannelProblem) -> None:
    desk.stop_clock()
    mark(desk, "reseau")
    marc = desk.person("marc")
    marc.visit_home()
    with desk.sessions.begin() as session:
        team = session.get_one(Team, "reseau")
        channel, team.channel_problem = team.channel_id, problem
        assert channel is not None
        session.merge(ChannelReading(channel=channel, read_at=desk.now))
        session.flush()
        session.merge(ChannelMember(channel=channel, slack_id=marc.slack_id))
    network_ticket(desk)
    assert desk.person("karim").messages(TRIAGE) == []
    card = delivery(desk, DeliveryKind.TRIAGE_CARD)
    assert (card.state, card.details.__class__.__name__) == (DeliveryState.PENDING, "NoDetails")
    delivery(desk, DeliveryKind.CONFIDENTIAL_WAITING)
    [told] = marc.reads()
    assert "n° 1" in told
    assert "VPN" not in told
    karim = desk.person("karim")
    karim.forge_click("ticket.detail", 1)
    assert not karim.has_modal
    with desk.sessions.begin() as session:
        channels.note(session, Conversation(channel, NETWORK[1:]), now=desk.now)
    desk.ahead += MINUTE
    desk.deliver()
    assert len(marc.messages(NETWORK)) == 1
    assert desk.person("karim").messages(TRIAGE) == []


def test_a_confidential_service_says_so_in_its_form_and_offers_no_attaching(desk: Desk) -> None:
    camille, marc = desk.person("camille"), desk.person("marc")
    network_ticket(desk)
    assert "[Rattacher…]" in marc.reads(NETWORK)[-1]
    with desk.sessions.begin() as session:
        session.get_one(Service, "vpn").is_confidential = True
    camille.command("/catalogue", "VPN")
    camille.press("Ouvrir le service Accès distant (VPN)")
    camille.press("Signaler un problème")
    assert "🔒 Confidentiel : nos messages et nos courriels" in camille.modal_text
    camille.submit(FORM)
    card = marc.reads(NETWORK)[-1]
    assert card.startswith("🔒 n° 2")
    assert "[Rattacher…]" not in card
    marc.press(DETAIL["camille"], NETWORK)
    assert "[Rattacher…]" not in marc.modal_text
    assert "[Annuler…]" in marc.modal_text


def test_a_confidential_service_marks_the_tickets_of_any_team(desk: Desk) -> None:
    with desk.sessions.begin() as session:
        session.get_one(Service, "vpn").is_confidential = True
    network_ticket(desk)
    [card] = desk.person("marc").reads(NETWORK)
    assert card.startswith("🔒 n° 1 · Nouveau")
