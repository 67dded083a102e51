"""People and channels of the playground, as its Web API tells of them."""

from dataclasses import replace

import pytest
from slack_sdk import WebClient

from playground.state.people import MANAGER_FIELD
from playground.state.workspace import BOT_USER_ID
from playground.testing import Playground
from tests.playground.web_api_calls import call, events, find, refusal, rules


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
        "habilitations": True,
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
    assert names(types="private_channel") == {"dnum-assistance", "dnum-reseau", "habilitations"}
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


def test_a_profile_names_the_manager_and_a_user_object_does_not(
    playground: Playground, client: WebClient
) -> None:
    (field,) = client.team_profile_get()["profile"]["fields"]
    assert (field["id"], field["type"]) == (MANAGER_FIELD, "user")
    profile = call(playground, client, "users.profile.get", user="@camille")["profile"]
    assert profile["fields"] == {MANAGER_FIELD: {"value": find(playground, "@aurelie"), "alt": ""}}
    assert call(playground, client, "users.info", user="@camille")["user"]["profile"]["fields"] == {}
    assert call(playground, client, "users.profile.get", user="@aurelie")["profile"]["fields"] == {}


def test_a_user_group_lists_its_members_until_it_is_disabled_or_deleted(
    playground: Playground, client: WebClient
) -> None:
    made = playground.control.post("usergroup", handle="achats", members=["lea", "aurelie"])["usergroup"]
    group = made["id"]
    members = [find(playground, name) for name in ("@lea", "@aurelie")]
    assert client.usergroups_users_list(usergroup=group)["users"] == members
    playground.control.post("usergroup", handle="achats", members=["lea"], disabled=True)
    assert refusal(playground, client, "usergroups.users.list", usergroup=group)["error"] == "no_such_subteam"
    assert client.usergroups_users_list(usergroup=group, include_disabled=True)["users"] == members[:1]
    playground.control.post("usergroup", handle="achats", deleted=True)
    gone = refusal(playground, client, "usergroups.users.list", usergroup=group, include_disabled=True)
    assert (gone["error"], rules(playground)) == ("no_such_subteam", [])


def test_an_optional_scope_that_was_declined_is_refused_without_a_violation(
    playground: Playground, client: WebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = playground.slack.manifest
    declined = replace(given, bot_scopes=given.bot_scopes - {"usergroups:read"})
    for optional, expected in ((frozenset({"usergroups:read"}), []), (frozenset(), ["missing_scope"])):
        monkeypatch.setattr(playground.slack, "manifest", replace(declined, optional_scopes=optional))
        answer = refusal(playground, client, "usergroups.users.list", usergroup="S0NOBODY00")
        assert (answer["error"], rules(playground)) == ("missing_scope", expected)
