"""People and channels of the playground, as its Web API tells of them."""

from dataclasses import replace

import pytest
from slack_sdk import WebClient

from playground.state.workspace import BOT_USER_ID
from playground.testing import Playground
from tests.playground.web_api_calls import call, events, find, refusal


def test_the_fixed_workspace_is_as_documented(playground: Playground, client: WebClient) -> None:
    members = {member["name"]: member for member in client.users_list()["members"]}
    assert set(members) == {"camille", "oliver", "aurelie", "karim", "lea", "marc", "invite"} | {
        "guichet",
        "slackbot",
    }
    assert members["invite"]["is_restricted"]
    assert "locale" not in members["camille"]
    camille = call(playground, client, "users.info", user="@camille", include_locale=True)["user"]
    assert (camille["real_name"], camille["locale"]) == ("Camille Bernard", "fr-FR")
    assert camille["profile"]["email"] == "camille.bernard@univ.example"
    channels = client.conversations_list(types="public_channel,private_channel")["channels"]
    assert {channel["name"]: channel["is_member"] for channel in channels} == {
        "general": True,
        "annonces": False,
        "dnum-assistance": True,
        "dnum-reseau": True,
    }


def test_a_stranger_shows_neither_email_nor_among_the_members(
    playground: Playground, client: WebClient
) -> None:
    paul = call(playground, client, "users.info", user="@paul")["user"]
    assert paul["is_stranger"]
    assert paul["team_id"] != call(playground, client, "users.info", user="@camille")["user"]["team_id"]
    assert "email" not in paul["profile"]
    answer = refusal(playground, client, "users.lookupByEmail", email="paul.partenaire@univ.example")
    assert answer["error"] == "users_not_found"


def test_emails_need_their_scope_and_are_found_in_any_case(
    playground: Playground, client: WebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = client.users_lookupByEmail(email="Camille.Bernard@UNIV.example")["user"]
    assert found["name"] == "camille"
    manifest = playground.slack.manifest
    scopes = manifest.bot_scopes - {"users:read.email"}
    monkeypatch.setattr(playground.slack, "manifest", replace(manifest, bot_scopes=scopes))
    assert "email" not in client.users_profile_get(user=found["id"])["profile"]


def test_opens_one_direct_message_per_person(playground: Playground, client: WebClient) -> None:
    opened = call(playground, client, "conversations.open", users="@camille")["channel"]
    assert opened == {"id": find(playground, "dm:camille")}
    again = call(playground, client, "conversations.open", users="@camille", return_im=True)
    assert again["channel"]["user"] == find(playground, "@camille")


def test_joins_public_channels_once(
    playground: Playground, client: WebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    emitted = events(playground, monkeypatch)
    joined = call(playground, client, "conversations.join", channel="#annonces")
    assert joined["channel"]["is_member"]
    (event,) = emitted
    assert (event["type"], event["user"]) == ("member_joined_channel", BOT_USER_ID)
    again = call(playground, client, "conversations.join", channel="#annonces")
    assert again["warning"] == "already_in_channel"


def test_members_come_in_pages(playground: Playground, client: WebClient) -> None:
    channel = find(playground, "#general")
    pages = [page["members"] for page in client.conversations_members(channel=channel, limit=3)]
    members = [member for page in pages for member in page]
    assert len(members) == len(set(members)) == 8
    invited = call(playground, client, "conversations.invite", channel="#general", users="@invite")
    assert invited["ok"]
    counted = client.conversations_info(channel=channel, include_num_members=True)
    assert counted["channel"]["num_members"] == 9


def test_tells_where_a_person_is_as_far_as_the_app_may_know(
    playground: Playground, client: WebClient
) -> None:
    def names(**arguments: str) -> set[str]:
        channels = call(playground, client, "users.conversations", **arguments)["channels"]
        assert not any("is_member" in channel or "num_members" in channel for channel in channels)
        return {channel.get("name") or channel["user"] for channel in channels}

    every = {"types": "public_channel,private_channel,im"}
    assert names() == {"general"}
    assert names(types="private_channel") == {"dnum-assistance", "dnum-reseau"}
    assert names(user="@camille") == {"general", "annonces"}
    assert names(user="@karim", **every) == {"general", "dnum-assistance", find(playground, "@karim")}
    playground.control.post("kick", user="guichet", channel="#dnum-assistance")
    assert names(user="@karim", **every) == {"general", find(playground, "@karim")}


def test_where_a_person_is_comes_in_pages_without_the_archives(
    playground: Playground, client: WebClient
) -> None:
    camille = find(playground, "@camille")
    pages = [page["channels"] for page in client.users_conversations(user=camille, limit=1)]
    assert [len(page) for page in pages] == [1, 1]
    playground.slack.workspace.channels[find(playground, "#annonces")].archived = True
    (only,) = client.users_conversations(user=camille, exclude_archived=True)["channels"]
    assert only["name"] == "general"
