"""The teams' channels as the database has them, and what becomes of what waited for one."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.services.channels import Conversation, note, note_all, refuse
from models.catalogue import ChannelProblem, Team
from models.outbox.message_reference import MessageReference
from tests.support.factories import NOW, create_message_reference
from tests.support.use_case_desk import SmallDesk

OLD, NEW = "C0RESEAU", "C0NOUVEAU"
OTHER = Conversation("C0ASSIST", "dnum-assistance")


@pytest.fixture
def desk(small_desk: SmallDesk) -> SmallDesk:
    """Slack has said which the teams' channels are."""
    for name in ("assistance", "reseau"):
        change(small_desk, name, channel_read_at=NOW)
    return small_desk


def change(desk: SmallDesk, team_id: str, **values: Any) -> None:
    with desk.sessions.begin() as session:
        for name, value in values.items():
            setattr(session.get_one(Team, team_id), name, value)


def team(desk: SmallDesk, team_id: str = "reseau") -> Team:
    with desk.sessions() as session:
        return session.get_one(Team, team_id)


def rename(desk: SmallDesk, channel: str = "#nouveau") -> None:
    """The file names another channel of the network team's."""
    change(desk, "reseau", channel=channel, channel_read_at=None)


def read_all(desk: SmallDesk, *seen: Conversation) -> list[str]:
    """Slack says of these channels, and the default team's; the teams without theirs."""
    with desk.sessions.begin() as session:
        return [team.id for team in note_all(session, [OTHER, *seen], now=NOW)]


@pytest.mark.parametrize("named", ["#nouveau", NEW])
def test_the_next_reading_gives_a_team_the_channel_that_the_file_names_now(
    desk: SmallDesk, named: str
) -> None:
    rename(desk, named)
    old, new = Conversation(OLD, "dnum-reseau"), Conversation(NEW, "nouveau", ChannelProblem.PUBLIC)
    assert read_all(desk, old, new) == []
    network = team(desk)
    assert (network.channel_id, network.channel_problem) == (NEW, ChannelProblem.PUBLIC)
    assert not network.awaits_channel


@pytest.mark.parametrize("named", ["#nouveau", NEW])
def test_until_the_bot_is_there_the_team_keeps_its_channel_and_is_missed(desk: SmallDesk, named: str) -> None:
    rename(desk, named)
    for _time in range(2):
        assert read_all(desk, Conversation(OLD, "dnum-reseau")) == ["reseau"]
        with desk.sessions.begin() as session:
            note(session, Conversation(OLD, "dnum-reseau"), now=NOW)
            refuse(session, OLD, now=NOW)
    network = team(desk)
    assert (network.channel_id, network.awaits_channel) == (OLD, True)


def test_messages_stay_in_the_channel_that_the_file_named_before(desk: SmallDesk) -> None:
    ticket = desk.open(desk.draft(service_id="wifi"))
    with desk.sessions.begin() as session:
        create_message_reference(session, ticket.id, channel=OLD)
    rename(desk)
    read_all(desk, Conversation(NEW, "nouveau"))
    with desk.sessions() as session:
        assert session.scalars(select(MessageReference.channel)).one() == OLD


def test_a_name_that_the_file_has_not_said_anew_moves_nobody(desk: SmallDesk) -> None:
    renamed, taken = Conversation(OLD, "renomme"), Conversation(NEW, "dnum-reseau")
    assert read_all(desk, renamed, taken) == ["reseau"]
    assert team(desk).channel_id == OLD


def test_the_channel_of_an_archived_team_is_read_and_not_missed(desk: SmallDesk) -> None:
    change(desk, "reseau", archived=True)
    assert read_all(desk) == []
    read_all(desk, Conversation(OLD, "dnum-reseau", ChannelProblem.PUBLIC))
    assert team(desk).channel_problem is ChannelProblem.PUBLIC, "who comes in as they like may do nothing"


def test_nobody_takes_the_place_of_an_archived_teams_channel_by_its_name(desk: SmallDesk) -> None:
    change(desk, "reseau", archived=True)
    read_all(desk, Conversation(NEW, "dnum-reseau"))
    with desk.sessions.begin() as session:
        assert note(session, Conversation(NEW, "dnum-reseau"), now=NOW) == []
    assert team(desk).channel_id == OLD
