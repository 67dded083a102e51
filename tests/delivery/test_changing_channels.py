"""Conversations that get another id, and channels that become unfit for tickets."""

import json
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from sqlalchemy import select

from blocks import ids
from bot.delivery import periodic
from bot.http.server import create_wsgi
from bot.observability.metrics import exposition
from models.catalogue import Team
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.message_reference import MessageReference
from models.person import Person as PersonRow
from models.tickets.comment import Comment
from tests.support.doctor import examined
from tests.support.help_desk import DIRECT, FORM, TAKE, TRIAGE, Desk, file
from tests.support.outbox_rows import bot_leaves, deliveries, delivery, forgive, wait

NETWORK = "#dnum-reseau"
NOT_YOURS = "Seuls les membres de l’équipe de ce ticket peuvent faire cela."


def network_ticket(desk: Desk) -> None:
    """Camille reports a problem to the team Réseau."""
    camille = desk.person("camille")
    camille.command("/catalogue", "VPN")
    camille.press("Ouvrir le service Accès distant (VPN)")
    camille.press("Signaler un problème")
    camille.submit(FORM)


def channel(desk: Desk, place: str, /, **changes: Any) -> None:
    """An administrator changes a channel; the bot hears what Slack tells of it, and its worker works."""
    answer = desk.slack.control.post("channel", channel=place, **changes)
    assert answer["ok"], answer
    desk.deliver()


def silently_moved(desk: Desk, name: str) -> str:
    """A channel has another id, and the bot was not told; the new one."""
    workspace = desk.slack.slack.workspace

    def move() -> str:
        place = workspace.channel(name)
        assert place is not None
        workspace.altered.add(place.id)
        del workspace.channels[place.id]
        place.id = "C0MOVED0000"
        workspace.channels[place.id] = place
        for message in place.messages.values():
            message.channel = place.id
        return place.id

    return desk.slack.run(move)


def made_public(desk: Desk, name: str) -> None:
    """A channel becomes public: nobody tells the bot, the hourly look finds it."""
    channel(desk, name, private=False)
    look(desk)


def look(desk: Desk) -> None:
    """The worker's hourly look at the channels."""
    periodic.run_due(desk.sessions, now=desk.now)
    periodic.run_due(desk.sessions, now=desk.now)
    desk.deliver()


def ready(desk: Desk) -> tuple[str, list[str]]:
    environ: dict[str, Any] = {"PATH_INFO": "/readyz"}
    setup_testing_defaults(environ)
    said: list[str] = []
    body = create_wsgi(desk.parts)(environ, lambda status, _headers: said.append(status))
    return said[0][:3], json.loads(b"".join(body))["warnings"]


def notes(desk: Desk) -> list[str]:
    """What was written under cards."""
    with desk.sessions() as session:
        return [comment.text for comment in session.scalars(select(Comment)) if comment.is_internal]


# A direct message


def test_a_direct_message_that_slack_refuses_is_opened_anew(desk: Desk) -> None:
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket("La première")
    old = desk.slack.control.post("stale_dm", user="camille")["old"]
    camille.file_ticket("La seconde")
    karim.take()
    karim.resolve()
    texts = camille.reads(DIRECT)
    assert any("La seconde" in text and "Résolu" in text for text in texts)
    assert any(
        "Est-ce que cela fonctionne pour vous" in text or "Voici la solution" in text for text in texts
    )
    assert desk.undelivered() == []
    with desk.sessions() as session:
        row = session.scalars(select(PersonRow).where(PersonRow.slack_id == camille.slack_id)).one()
        assert row.dm_channel != old
        assert session.scalars(select(MessageReference).where(MessageReference.channel == old)).all() == []


def test_a_card_of_the_old_direct_message_is_posted_in_the_new_one(desk: Desk) -> None:
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket()
    desk.slack.control.post("stale_dm", user="camille")
    karim.take()
    forgive_updates(desk)
    assert ["En charge : @Karim Benali" in text for text in camille.reads(DIRECT)] == [True]


def forgive_updates(desk: Desk) -> None:
    """The new conversation has none of the old one's messages, which only trying shows."""
    forgive(desk, "message_not_found")


# A team's channel


@pytest.mark.parametrize("told", [True, False])
def test_a_teams_cards_and_threads_follow_its_channels_new_id(desk: Desk, told: bool) -> None:
    network_ticket(desk)
    if told:
        channel(desk, NETWORK, new_id=True)
    else:
        silently_moved(desk, NETWORK)
    marc = desk.person("marc")
    marc.press(TAKE, NETWORK)
    root = marc.messages(NETWORK)[-1]["ts"]
    marc.write("Switch à changer.", NETWORK, thread_ts=root)
    desk.deliver()
    assert len(marc.messages(NETWORK)) == 1, "the card is edited where it stands"
    assert "En charge : @Marc Petit" in marc.reads(NETWORK)[-1]
    assert notes(desk) == ["Switch à changer."]
    assert desk.person("karim").messages(TRIAGE) == []
    desk.slack.run(desk.slack.slack.workspace.violations.clear)


def test_the_worker_finds_a_channel_that_moved_without_a_word(desk: Desk) -> None:
    new = silently_moved(desk, NETWORK)
    network_ticket(desk)
    assert len(desk.person("marc").messages(NETWORK)) == 1
    assert desk.person("karim").messages(TRIAGE) == []
    with desk.sessions() as session:
        assert session.get_one(Team, "reseau").channel_id == new


def test_a_note_under_a_card_that_moved_without_a_word_is_kept(desk: Desk) -> None:
    network_ticket(desk)
    silently_moved(desk, NETWORK)
    marc = desk.person("marc")
    root = marc.messages(NETWORK)[-1]["ts"]
    marc.write("Switch à changer.", NETWORK, thread_ts=root)
    desk.deliver()
    assert notes(desk) == ["Switch à changer."]


def take_the_name(desk: Desk, who: str) -> None:
    """Somebody makes a channel, gives it the name that the team Réseau's had, and lets the bot in."""
    control = desk.slack.control
    assert control.post("new_channel", name="autre", private=True, members=[who])["ok"]
    assert control.post("channel", channel="#autre", name=NETWORK.removeprefix("#"))["ok"]
    assert control.post("invite", user="guichet", channel=NETWORK, by=who)["ok"]
    desk.deliver()


def test_nobody_takes_the_place_of_a_renamed_channel_by_its_old_name(desk: Desk) -> None:
    camille = desk.person("camille")
    channel(desk, NETWORK, name="reseau-et-telephonie")
    take_the_name(desk, "camille")
    look(desk)
    network_ticket(desk)
    assert camille.reads(NETWORK) == []
    assert "Accès distant (VPN)" in desk.person("marc").reads("#reseau-et-telephonie")[0]
    camille.forge_click(ids.TAKE, 1)
    assert camille.ephemeral_messages() == [NOT_YOURS]


def test_a_channel_of_the_same_name_takes_the_place_of_one_that_the_bot_left(desk: Desk) -> None:
    channel(desk, NETWORK, name="reseau-et-telephonie")
    assert desk.slack.control.post("kick", user="guichet", channel="#reseau-et-telephonie")["ok"]
    take_the_name(desk, "karim")
    network_ticket(desk)
    assert "Accès distant (VPN)" in desk.person("karim").reads(NETWORK)[0]


def test_a_catalogue_that_names_the_old_id_goes_on_with_the_new_one(desk: Desk) -> None:
    with desk.sessions.begin() as session:
        team = session.get_one(Team, "reseau")
        team.channel = str(team.channel_id)
    channel(desk, NETWORK, new_id=True)
    assert desk.parts.worker_directory.resolve_channels() == []
    network_ticket(desk)
    assert len(desk.person("marc").messages(NETWORK)) == 1


# Unfit channels


def test_a_public_channel_gets_no_card_and_gives_no_rights(desk: Desk) -> None:
    network_ticket(desk)
    made_public(desk, NETWORK)
    marc, karim = desk.person("marc"), desk.person("karim")
    network_ticket(desk)
    assert len(marc.messages(NETWORK)) == 1, "the one from before"
    assert "Pour Réseau et téléphonie, dont le canal est injoignable" in karim.reads(TRIAGE)[-1]
    marc.press(TAKE, NETWORK)
    assert marc.ephemeral_messages()[-1] == NOT_YOURS
    karim.press(TAKE, TRIAGE)
    assert desk.ticket(2).assignee is not None
    assert ready(desk) == (
        "200",
        [f"{NETWORK} (reseau) is public: everybody could read its tickets: the default team gets its cards"],
    )


@pytest.mark.parametrize("change", [{"shared": True}, {"private": False}])
def test_once_it_is_mended_cards_go_there_again(desk: Desk, change: dict[str, bool]) -> None:
    channel(desk, NETWORK, **change)
    look(desk)
    network_ticket(desk)
    assert desk.person("marc").messages(NETWORK) == []
    channel(desk, NETWORK, **{name: not value for name, value in change.items()})
    network_ticket(desk)
    assert len(desk.person("marc").messages(NETWORK)) == 1
    assert ready(desk) == ("200", [])


def test_a_shared_channel_is_known_from_the_event(desk: Desk) -> None:
    channel(desk, NETWORK, shared=True)
    assert ready(desk)[1] == [
        "#dnum-reseau (reseau) is shared with another organisation: the default team gets its cards"
    ]


@pytest.mark.parametrize("posting", ["admins", "nobody", "threads_only"])
def test_a_channel_that_refuses_a_card_lets_it_fall_back(desk: Desk, posting: str) -> None:
    channel(desk, NETWORK, posting=posting)
    network_ticket(desk)
    assert desk.person("marc").messages(NETWORK) == []
    assert "Pour Réseau et téléphonie" in desk.person("karim").reads(TRIAGE)[-1]
    assert ready(desk)[1] == [
        "#dnum-reseau (reseau) does not let the bot or the team write: the default team gets its cards"
    ]


@pytest.mark.parametrize("posting", ["nobody", "no_threads"])
def test_words_that_a_channel_refuses_follow_the_card_to_the_default_teams(desk: Desk, posting: str) -> None:
    camille, karim = desk.person("camille"), desk.person("karim")
    network_ticket(desk)
    channel(desk, NETWORK, posting=posting)
    root = camille.messages()[-1]["ts"]
    camille.write("Toujours rien.", thread_ts=root, files=[file("ecran.png", b"\x89PNG")])
    desk.deliver()
    assert karim.reads_thread(TRIAGE)[0] == "Message de Camille Bernard\nToujours rien.\n[Répondre]"
    assert karim.thread_files() == ["ecran.png"]
    assert desk.undelivered() == []


def test_when_the_default_teams_is_unfit_tickets_are_kept_and_posted_once_it_is_mended(desk: Desk) -> None:
    made_public(desk, TRIAGE)
    desk.person("camille").file_ticket()
    assert desk.count_tickets() == 1
    assert desk.person("karim").messages(TRIAGE) == []
    assert delivery(desk, DeliveryKind.TRIAGE_CARD).state is DeliveryState.DEAD
    unfit = "#dnum-assistance (assistance) is public: everybody could read its tickets: no card is posted"
    assert ready(desk) == (
        "200",
        [unfit, "ticket 1 is in no channel", "deliveries given up: 1; see `guichet deliveries list`"],
    )
    assert unfit in [finding.text for finding in examined(desk.settings) if not finding.ok]
    figures = exposition(desk.sessions, now=desk.now).decode()
    assert "guichet_default_channel_unfit 1.0" in figures
    assert 'guichet_teams_channel_unfit{reason="public"} 1.0' in figures
    channel(desk, TRIAGE, private=True)
    assert len(desk.person("karim").messages(TRIAGE)) == 1
    assert ready(desk) == ("200", [])


def test_the_bot_reads_the_channel_that_it_joined_and_no_other_by_its_worker(desk: Desk) -> None:
    bot_leaves(desk, NETWORK)
    before = len(desk.calls("users.conversations"))
    desk.slack.control.post("invite", user="guichet", channel=NETWORK)
    assert desk.calls("conversations.info") == [], "nothing was waited for"
    desk.deliver()
    [call] = desk.calls("conversations.info")
    assert call["answer"]["channel"]["name"] == "dnum-reseau"
    assert len(desk.calls("users.conversations")) == before
    assert desk.calls("conversations.list") == []


def test_the_workers_look_is_tried_again_when_slack_fails(desk: Desk) -> None:
    desk.fault("conversations.info", 503)
    channel(desk, NETWORK, archived=False)
    [row] = deliveries(desk, kind=DeliveryKind.CHANNEL)
    assert row.state is DeliveryState.PENDING
    wait(desk)
    assert delivery(desk, DeliveryKind.CHANNEL).state is DeliveryState.SENT


# Scopes


def test_a_missing_scope_stops_one_method_and_not_the_sender(desk: Desk) -> None:
    camille = desk.person("camille")
    camille.visit_home()
    desk.fault("views.publish", 0, error="missing_scope")
    camille.file_ticket()
    assert len(desk.person("karim").messages(TRIAGE)) == 1
    assert len(desk.person("camille").messages(DIRECT)) == 1


def test_a_scope_that_the_sender_lacks_is_said_by_readyz(desk: Desk) -> None:
    desk.fault("conversations.open", 0, error="missing_scope")
    desk.person("camille").file_ticket()
    assert len(desk.person("karim").messages(TRIAGE)) == 1
    assert desk.person("camille").messages(DIRECT) == []
    assert ready(desk)[1] == ["sending by conversations.open is stopped: conversations.open: missing_scope"]
