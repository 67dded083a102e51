"""Cards of teams whose channel is unknown: looked up, sent to the default team, or kept until it is found."""

import pytest

from bot.delivery.errors import ChannelMoved, ChannelUnreachable
from bot.observability.health import not_sending_reasons
from models.catalogue import Team
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.reasons import Reason
from tests.support.help_desk import FORM, TRIAGE, Desk
from tests.support.outbox_rows import bot_leaves, deliveries, delivery
from tests.support.use_case_desk import MINUTE, at_once

NETWORK = "#dnum-reseau"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Its time passes when the test says so."""
    desk.stop_clock()
    return desk


def delete_channel(desk: Desk, *teams: str) -> None:
    """Nobody has said yet which the channels of these teams are."""
    with desk.sessions.begin() as session:
        for team_id in teams:
            team = session.get_one(Team, team_id)
            team.channel_id = team.channel_read_at = None


def network_ticket(desk: Desk, *, deliver: bool = True) -> None:
    """Camille reports a problem to the team Réseau."""
    camille = desk.person("camille")
    camille.command("/catalogue", "VPN")
    camille.press("Ouvrir le service Accès distant (VPN)", deliver=deliver)
    camille.press("Signaler un problème", deliver=deliver)
    camille.submit(FORM, deliver=deliver)


def looks(desk: Desk) -> int:
    """How often Slack was asked for all channels that the bot is in."""
    return len([call for call in desk.calls("users.conversations") if not call["arguments"].get("user")])


def cards(desk: Desk, who: str, channel: str) -> int:
    return len(desk.person(who).messages(channel))


def test_it_is_looked_up_and_gets_the_card(desk: Desk) -> None:
    delete_channel(desk, "reseau", "assistance")
    before = looks(desk)
    network_ticket(desk)
    desk.person("camille").file_ticket()
    assert (cards(desk, "marc", NETWORK), cards(desk, "karim", TRIAGE)) == (1, 1)
    assert looks(desk) == before + 1


def test_while_it_is_not_to_be_had_the_default_team_gets_the_card(desk: Desk) -> None:
    bot_leaves(desk, NETWORK)
    delete_channel(desk, "reseau")
    before = looks(desk)
    for number in (1, 2):
        network_ticket(desk)
        assert cards(desk, "karim", TRIAGE) == number
    assert looks(desk) == before + 1, "not again within a minute"
    desk.ahead += MINUTE
    network_ticket(desk)
    assert looks(desk) == before + 2
    assert desk.undelivered() == []


@pytest.mark.parametrize("refusal", ["missing_scope", "internal_error"])
def test_a_look_that_slack_refuses_keeps_no_card_back(desk: Desk, refusal: str) -> None:
    delete_channel(desk, "reseau")
    desk.fault("users.conversations", 0, error=refusal, times=9)
    network_ticket(desk)
    desk.ahead += MINUTE / 4
    desk.deliver()
    assert cards(desk, "karim", TRIAGE) == 1


def test_the_default_teams_own_card_waits_and_leaves_once_the_bot_is_there(desk: Desk) -> None:
    bot_leaves(desk, TRIAGE)
    delete_channel(desk, "assistance")
    desk.person("camille").file_ticket()
    desk.ahead += 10 * MINUTE
    desk.deliver()
    card = delivery(desk, DeliveryKind.TRIAGE_CARD)
    assert (card.state, card.reason) == (DeliveryState.PENDING, Reason.UNKNOWN_CHANNEL)
    assert not_sending_reasons(desk.sessions, now=desk.now) == ["ticket 1 is in no channel"]
    assert len(desk.person("camille").messages()) == 1, "its requester is told all the same"
    desk.slack.control.post("invite", user="guichet", channel=TRIAGE)
    desk.deliver()
    assert cards(desk, "karim", TRIAGE) == 1
    assert not_sending_reasons(desk.sessions, now=desk.now) == []


@pytest.mark.parametrize(("invited", "who"), [(NETWORK, "marc"), (TRIAGE, "karim")])
def test_with_no_channel_at_all_a_card_goes_to_the_first_that_is_found(
    desk: Desk, invited: str, who: str
) -> None:
    bot_leaves(desk, TRIAGE)
    bot_leaves(desk, NETWORK)
    delete_channel(desk, "assistance", "reseau")
    network_ticket(desk)
    assert delivery(desk, DeliveryKind.TRIAGE_CARD).state is DeliveryState.PENDING
    desk.slack.control.post("invite", user="guichet", channel=invited)
    desk.deliver()
    assert cards(desk, who, invited) == 1


def test_of_two_threads_one_looks_and_both_know(desk: Desk) -> None:
    delete_channel(desk, "reseau")
    for _time in range(2):
        network_ticket(desk, deliver=False)
    readings, unknown = desk.worker._attempts._readings, ChannelUnreachable(Reason.UNKNOWN_CHANNEL)
    one, other = deliveries(desk, kind=DeliveryKind.TRIAGE_CARD)
    before = looks(desk)
    found = at_once([lambda: readings.look_again(one, unknown), lambda: readings.look_again(other, unknown)])
    assert [type(outcome) for outcome in found] == [ChannelMoved, ChannelMoved]
    assert looks(desk) == before + 1
