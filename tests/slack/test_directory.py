"""People and channels of Slack: cached, and read within the time budget."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import select

from bot.slack.client import ListenerClient
from bot.slack.directory import Directory
from bot.slack.people.profiles import DirectoryDefaults
from models.catalogue import ChannelProblem, Team
from models.errors import AccountNotSupported, SlackUnavailable
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.person import ChannelMember, Person
from playground.state.workspace import BOT_TOKEN, BOT_USER_ID, Channel
from playground.state.workspace import Person as SlackPerson
from tests.support.help_desk import TRIAGE, Desk
from tests.support.outbox_rows import bot_leaves, deliveries, forgive

SECOND, DAY = timedelta(seconds=1), timedelta(hours=24)
SOON = 20  # seconds: a listener waits 2.5; the machine may have much else to do


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Its time passes when the test says so."""
    desk.stop_clock()
    return desk


@pytest.fixture
def directory(desk: Desk) -> Directory:
    return desk.parts.directory


def in_slack(desk: Desk, name: str) -> SlackPerson:
    person = desk.slack.slack.workspace.person(name)
    assert person is not None
    return person


def slack_id(desk: Desk, name: str) -> str:
    return in_slack(desk, name).id


def triage(desk: Desk) -> Channel:
    channel = desk.slack.slack.workspace.channel(TRIAGE.removeprefix("#"))
    assert channel is not None
    return channel


def known(desk: Desk, name: str) -> Person:
    with desk.sessions() as session:
        return session.scalars(select(Person).where(Person.slack_id == slack_id(desk, name))).one()


def silent(desk: Desk, method: str, times: int = 1) -> None:
    """Slack takes the calls of a method and never answers."""
    desk.fault(method, "timeout", times=times)


# People


def test_a_person_has_the_data_of_their_profile(desk: Desk, directory: Directory) -> None:
    actor = directory.actor(slack_id(desk, "oliver"))
    assert (actor.name, actor.locale, actor.time_zone) == ("Oliver Smith", "en-GB", "Europe/London")
    assert actor.teams == frozenset()
    person = known(desk, "oliver")
    assert (person.id, person.email, person.is_guest) == (actor.id, "oliver.smith@univ.example", False)


def test_a_guest_is_a_person_like_any_other(desk: Desk, directory: Directory) -> None:
    assert directory.actor(slack_id(desk, "invite")).name == "Inès Invitée"
    assert known(desk, "invite").is_guest


@pytest.mark.parametrize("who", ["paul", "guichet"])
def test_a_stranger_and_a_bot_are_refused_each_time(desk: Desk, directory: Directory, who: str) -> None:
    for _time in range(2):
        with pytest.raises(AccountNotSupported):
            directory.actor(slack_id(desk, who))
    assert len(desk.calls("users.info")) == 1, "and asked about once"


def test_a_profile_is_read_once_a_day(desk: Desk, directory: Directory) -> None:
    camille = slack_id(desk, "camille")
    before = directory.actor(camille)
    desk.slack.run(setattr, in_slack(desk, "camille"), "real_name", "Camille Bernard-Petit")
    desk.ahead = DAY
    assert directory.actor(camille).name == "Camille Bernard"
    assert len(desk.calls("users.info")) == 1
    desk.ahead = DAY + SECOND
    after = directory.actor(camille)
    assert (after.name, after.id) == ("Camille Bernard-Petit", before.id)
    assert len(desk.calls("users.info")) == 2


def test_a_profile_without_a_language_gets_the_desks_own(desk: Desk) -> None:
    desk.slack.run(setattr, in_slack(desk, "camille"), "locale", "")
    client = ListenerClient(BOT_TOKEN, desk.settings.slack_api_url, 2.5)
    english = Directory(desk.sessions, client, lambda: desk.now, defaults=DirectoryDefaults(locale="en"))
    assert english.actor(slack_id(desk, "camille")).locale == "en"


def test_somebody_unknown_is_refused_soon_when_slack_is_silent(desk: Desk, directory: Directory) -> None:
    silent(desk, "users.info")
    start = monotonic()
    with pytest.raises(SlackUnavailable):
        directory.actor(slack_id(desk, "camille"))
    assert monotonic() - start < SOON


@pytest.mark.parametrize("status", [500, "reset", 429])
def test_yesterdays_profile_serves_while_slack_fails(
    desk: Desk, directory: Directory, status: int | str
) -> None:
    directory.actor(slack_id(desk, "camille"))
    desk.ahead = DAY + SECOND
    desk.fault("users.info", status)
    assert directory.actor(slack_id(desk, "camille")).name == "Camille Bernard"
    assert directory.actor(slack_id(desk, "camille")).name == "Camille Bernard"
    assert len(desk.calls("users.info")) == 3, "and is read as soon as Slack answers"


def test_a_first_click_twice_at_once_makes_one_person(desk: Desk, directory: Directory) -> None:
    start = Barrier(3)

    def click(_time: int) -> int:
        start.wait()
        return directory.actor(slack_id(desk, "camille")).id

    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(click, range(3)))) == 1
    assert known(desk, "camille").name == "Camille Bernard"


# Channels


def is_member(desk: Desk, name: str) -> bool:
    return desk.parts.directory.is_member(triage(desk).id, slack_id(desk, name))


def test_a_channels_members_are_read_once_a_minute(desk: Desk) -> None:
    assert [is_member(desk, name) for name in ("karim", "lea", "marc", "camille")] == [
        True,
        True,
        False,
        False,
    ]
    assert len(desk.calls("conversations.members")) == 1
    desk.slack.run(triage(desk).members.discard, slack_id(desk, "karim"))  # and no event of it came
    desk.ahead = 60 * SECOND
    assert is_member(desk, "karim")
    desk.ahead = 61 * SECOND
    assert not is_member(desk, "karim")
    assert len(desk.calls("conversations.members")) == 2


def test_coming_and_going_count_at_once(desk: Desk) -> None:
    assert is_member(desk, "karim")
    desk.person("karim").leave(TRIAGE)
    desk.person("camille").join(TRIAGE)
    assert not is_member(desk, "karim")
    assert is_member(desk, "camille")
    assert len(desk.calls("conversations.members")) == 1


def test_joining_a_teams_channel_that_was_never_read_counts_and_it_is_read_all_the_same(desk: Desk) -> None:
    desk.person("camille").join(TRIAGE)
    with desk.sessions() as session:
        assert [row.slack_id for row in session.scalars(select(ChannelMember))] == [slack_id(desk, "camille")]
    assert is_member(desk, "camille")
    assert is_member(desk, "karim")
    assert len(desk.calls("conversations.members")) == 1


def test_members_of_other_channels_are_not_saved(desk: Desk, directory: Directory) -> None:
    directory.members.joined("C0OTHER", slack_id(desk, "camille"))
    with desk.sessions() as session:
        assert session.scalars(select(ChannelMember)).all() == []


def test_joining_twice_is_joining(desk: Desk, directory: Directory) -> None:
    assert is_member(desk, "karim")
    directory.members.joined(triage(desk).id, slack_id(desk, "karim"))
    assert is_member(desk, "karim")


def test_a_channel_of_many_is_read_to_the_end(desk: Desk) -> None:
    crowd = {f"U0FOULE{number:03}" for number in range(450)}
    desk.slack.run(triage(desk).members.update, crowd)
    assert all(desk.parts.directory.is_member(triage(desk).id, member) for member in sorted(crowd))
    assert len(desk.calls("conversations.members")) == 3


def test_membership_is_not_guessed_when_slack_is_silent(desk: Desk) -> None:
    silent(desk, "conversations.members")
    start = monotonic()
    with pytest.raises(SlackUnavailable):
        is_member(desk, "karim")
    assert monotonic() - start < SOON


def test_a_fresh_reading_holds_without_slack(desk: Desk) -> None:
    assert is_member(desk, "karim")
    desk.fault("conversations.members", 500)
    assert is_member(desk, "lea")


def test_a_stale_reading_is_not_trusted_without_slack(desk: Desk) -> None:
    assert is_member(desk, "karim")
    desk.ahead = 61 * SECOND
    desk.fault("conversations.members", 500)
    with pytest.raises(SlackUnavailable):
        is_member(desk, "karim")


def test_a_channel_that_the_bot_has_left_has_no_known_members(desk: Desk) -> None:
    bot_leaves(desk, TRIAGE)
    assert not is_member(desk, "karim")
    forgive(desk, "channel_not_found")
    desk.slack.control.post("invite", user="guichet", channel=TRIAGE)
    assert is_member(desk, "karim"), "at once, when it is back"


# Teams


def team(desk: Desk, team_id: str = "assistance") -> Team:
    with desk.sessions() as session:
        return session.get_one(Team, team_id)


@pytest.mark.parametrize(("name", "teams"), [("karim", {"assistance"}), ("marc", set()), ("camille", set())])
def test_somebody_is_of_a_tickets_team_when_they_are_in_its_channel(
    desk: Desk, directory: Directory, name: str, teams: set[str]
) -> None:
    desk.person("camille").file_ticket()
    actor = directory.with_team_of(directory.actor(slack_id(desk, name)), 1)
    assert actor.teams == teams


def test_a_channel_that_anybody_can_join_gives_no_team_whoever_is_known_to_be_in_it(
    desk: Desk, directory: Directory
) -> None:
    desk.person("camille").file_ticket()
    karim = directory.actor(slack_id(desk, "karim"))
    assert directory.with_team_of(karim, 1).teams == {"assistance"}
    with desk.sessions.begin() as session:
        session.get_one(Team, "assistance").channel_problem = ChannelProblem.PUBLIC
    assert directory.with_team_of(karim, 1) == karim


def test_a_stale_reading_gives_no_team_without_slack(desk: Desk) -> None:
    desk.person("camille").file_ticket()
    directory = desk.parts.directory
    karim = directory.actor(slack_id(desk, "karim"))
    assert directory.with_team_of(karim, 1).teams == {"assistance"}
    desk.ahead = 61 * SECOND
    desk.fault("conversations.members", 500)
    with pytest.raises(SlackUnavailable):
        directory.with_team_of(karim, 1)


def test_a_ticket_that_does_not_exist_gives_no_team(desk: Desk, directory: Directory) -> None:
    karim = directory.actor(slack_id(desk, "karim"))
    assert directory.with_team_of(karim, 404) == karim


def test_a_team_with_an_unknown_channel_has_no_members(desk: Desk, directory: Directory) -> None:
    bot_leaves(desk, TRIAGE)
    with desk.sessions.begin() as session:
        session.get_one(Team, "assistance").channel_id = None
    desk.person("camille").file_ticket()
    karim = directory.actor(slack_id(desk, "karim"))
    assert directory.with_team_of(karim, 1) == karim


def test_where_a_card_had_to_go_its_readers_may_act(desk: Desk, directory: Directory) -> None:
    bot_leaves(desk, "#dnum-reseau")
    with desk.sessions.begin() as session:
        session.get_one(Team, "reseau").channel_id = None
    camille = desk.person("camille")
    camille.command("/catalogue", "VPN")
    camille.press("Ouvrir le service Accès distant (VPN)")
    camille.press("Signaler un problème")
    camille.submit({"Impact utilisateur": "Moi seul·e", "Urgence utilisateur": "Haute", "Site": "IUT"})
    karim = directory.actor(slack_id(desk, "karim"))
    assert directory.with_team_of(karim, 1).teams == {"reseau"}
    desk.person("karim").press("Je prends", TRIAGE)
    assert "En charge : @Karim Benali" in desk.person("karim").reads(TRIAGE)[0]


def teams(desk: Desk, name: str) -> set[str]:
    """All the teams that somebody is in."""
    directory = desk.parts.directory
    return set(directory.with_teams(directory.actor(slack_id(desk, name))).teams)


def asked_of_people(desk: Desk) -> int:
    """How often Slack was asked for somebody's channels; the start asks for the bot's own."""
    return len([call for call in desk.calls("users.conversations") if call["arguments"].get("user")])


def test_all_teams_of_somebody_are_read_by_one_call_a_minute(desk: Desk) -> None:
    for _time in range(2):
        assert teams(desk, "karim") == {"assistance", "identites", "infrastructures"}
        assert teams(desk, "camille") == set()
    assert asked_of_people(desk) == 2
    desk.ahead = 60 * SECOND
    assert teams(desk, "camille") == set()
    assert asked_of_people(desk) == 2
    desk.ahead = 61 * SECOND
    assert teams(desk, "camille") == set()
    assert asked_of_people(desk) == 3


def test_coming_and_going_change_the_teams_at_once(desk: Desk) -> None:
    teams(desk, "karim")
    teams(desk, "camille")
    desk.person("karim").leave(TRIAGE)
    desk.person("camille").join(TRIAGE)
    assert teams(desk, "karim") == {"identites", "infrastructures"}
    assert teams(desk, "camille") == {"assistance"}
    assert asked_of_people(desk) == 2


def test_the_latest_reading_of_a_channel_or_of_a_person_holds_for_both(desk: Desk) -> None:
    assert is_member(desk, "karim")
    desk.slack.run(triage(desk).members.discard, slack_id(desk, "karim"))  # and no event of it came
    assert "assistance" not in teams(desk, "karim")
    assert not is_member(desk, "karim")
    desk.slack.run(triage(desk).members.add, slack_id(desk, "karim"))
    desk.ahead = 59 * SECOND
    assert not is_member(desk, "karim")
    desk.ahead = 61 * SECOND
    assert is_member(desk, "karim")


def test_in_more_channels_than_a_page_holds_all_teams_are_found(desk: Desk) -> None:
    def crowd(channels: dict[str, Channel]) -> None:
        for number in range(1000):
            name = f"projet-{number:04}"
            channels[f"C0AAA{number:04}"] = Channel(
                id=f"C0AAA{number:04}", name=name, kind="public", members={karim}
            )

    karim = slack_id(desk, "karim")
    desk.slack.run(crowd, desk.slack.slack.workspace.channels)
    assert teams(desk, "karim") == {"assistance", "identites", "infrastructures"}
    assert asked_of_people(desk) == 2


def test_an_archived_team_is_that_of_its_channels_members(desk: Desk) -> None:
    with desk.sessions.begin() as session:
        session.get_one(Team, "assistance").archived = True
    assert teams(desk, "karim") == {"assistance", "identites", "infrastructures"}
    desk.person("karim").leave(TRIAGE)
    assert teams(desk, "karim") == {"identites", "infrastructures"}


@pytest.mark.parametrize("status", ["timeout", 500, 429])
def test_teams_are_not_guessed_when_slack_fails(desk: Desk, directory: Directory, status: int | str) -> None:
    assert "assistance" in teams(desk, "karim")
    karim = directory.actor(slack_id(desk, "karim"))
    desk.ahead = 61 * SECOND
    desk.fault("users.conversations", status, times=2)
    with pytest.raises(SlackUnavailable):
        directory.with_teams(karim)
    assert directory.with_teams_if_known(karim).teams == frozenset()
    assert "assistance" in teams(desk, "karim"), "as soon as Slack answers"


def test_the_teams_channels_are_found_by_name(desk: Desk, directory: Directory) -> None:
    with desk.sessions.begin() as session:
        session.get_one(Team, "assistance").channel_id = None
    assert directory.resolve_channels() == []
    assert team(desk).channel_id == triage(desk).id


def test_the_teams_channels_are_found_by_id(desk: Desk, directory: Directory) -> None:
    with desk.sessions.begin() as session:
        row = session.get_one(Team, "assistance")
        row.channel = row.channel_id = triage(desk).id
    assert directory.resolve_channels() == []


@pytest.mark.parametrize("spoil", ["kick", "rename", "archive"])
def test_a_channel_that_is_missing_is_named(desk: Desk, directory: Directory, spoil: str) -> None:
    def change(channel: Channel) -> Any:
        match spoil:
            case "kick":
                channel.members.discard(BOT_USER_ID)
            case "rename":
                channel.name = "autre-nom"
            case "archive":
                channel.archived = True

    desk.slack.run(change, triage(desk))
    assert directory.resolve_channels() == [TRIAGE]


def test_what_was_given_up_leaves_once_its_channel_is_found(desk: Desk, directory: Directory) -> None:
    bot_leaves(desk, TRIAGE)
    desk.person("camille").file_ticket()
    forgive(desk, "channel_not_found")
    (dead,) = deliveries(desk, state=DeliveryState.DEAD)
    assert dead.kind is DeliveryKind.TRIAGE_CARD
    desk.slack.run(triage(desk).members.add, BOT_USER_ID)
    directory.resolve_channels()
    desk.deliver()
    assert len(desk.person("karim").messages(TRIAGE)) == 1
