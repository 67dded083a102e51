"""People who change, leave, belong elsewhere, or are no people."""

from dataclasses import replace

import pytest
from slack_sdk.errors import SlackApiError

from playground.state.workspace import TEAM_ID
from tests.playground.workspace_events.conftest import Json, RecordingApp

GRID = "E0UNIVERS0"


def user(slack: RecordingApp, name: str = "@camille") -> Json:
    answer = slack.client.users_info(user=slack.id_of(name), include_locale=True)
    return dict(answer["user"])


def test_a_change_of_a_person_is_told_with_the_whole_user(slack: RecordingApp) -> None:
    changes = {"real_name": "Camille Durand", "email": "camille.durand@univ.example"}
    slack.do("person", user="camille", **changes)
    (event,) = slack.of("user_change")
    assert event["user"] == user(slack)
    assert event["user"]["real_name"] == "Camille Durand"
    assert event["user"]["profile"]["email"] == "camille.durand@univ.example"


def test_somebody_deactivated_does_nothing_more(slack: RecordingApp) -> None:
    direct = slack.id_of("dm:camille")
    slack.do("person", user="camille", deleted=True)
    assert slack.of("user_change")[0]["user"]["deleted"]
    assert "tz" not in user(slack)
    assert slack.refused("message", user="camille", channel="@guichet", text="x") == "account_inactive"
    with pytest.raises(SlackApiError, match="user_disabled"):
        slack.client.conversations_open(users=slack.id_of("@camille"))
    assert slack.client.chat_postMessage(channel=direct, text="une carte")["ok"]
    slack.do("person", user="camille", deleted=False)
    assert slack.write("de retour")["text"] == "de retour"


def test_slackbot_is_a_member_and_says_that_it_is_no_bot(slack: RecordingApp) -> None:
    slackbot = slack.client.users_info(user="USLACKBOT")["user"]
    assert (slackbot["is_bot"], slackbot["deleted"]) == (False, False)
    assert slackbot["profile"]["real_name"] == "Slackbot"
    assert "USLACKBOT" in [member["id"] for member in slack.client.users_list()["members"]]


def test_slackbot_cannot_be_written_to(slack: RecordingApp) -> None:
    slack.playground.slack.workspace.altered.add("USLACKBOT")  # a test that asks on purpose breaks no rule
    with pytest.raises(SlackApiError, match="cannot_dm_bot"):
        slack.client.conversations_open(users="USLACKBOT")


@pytest.mark.parametrize("zone", [None, "Europe/Nulle_Part", ""])
def test_a_time_zone_may_be_missing_or_unknown(slack: RecordingApp, zone: str | None) -> None:
    slack.do("person", user="camille", tz=zone, locale=None)
    assert (user(slack)["tz"], user(slack)["locale"], user(slack)["tz_offset"]) == (zone, None, 0)
    assert slack.playground.control.get("screen", user="camille")["ok"]


def test_fields_may_be_missing_altogether(slack: RecordingApp) -> None:
    without = ["tz", "locale", "real_name", "profile.email", "profile.display_name"]
    slack.do("person", user="camille", without=without)
    found = user(slack)
    assert not {"tz", "locale", "real_name"} & found.keys()
    assert not {"email", "display_name"} & found["profile"].keys()


def test_a_display_name_may_be_empty(slack: RecordingApp) -> None:
    slack.do("person", user="camille", display_name="")
    assert user(slack)["profile"]["display_name"] == ""


def test_a_profile_has_pictures(slack: RecordingApp) -> None:
    assert {f"image_{size}" for size in (24, 32, 48, 72, 192, 512)} <= user(slack)["profile"].keys()


def test_a_workflow_bot_says_so(slack: RecordingApp) -> None:
    slack.do("new_person", name="accueil", is_bot=True, is_workflow_bot=True)
    assert user(slack, "@accueil")["is_workflow_bot"]
    assert "is_workflow_bot" not in user(slack)


@pytest.mark.parametrize("home", ["T0SCIENCES", GRID])
def test_a_colleague_of_the_grid_is_told_by_enterprise_user(slack: RecordingApp, home: str) -> None:
    slack.do("grid", enterprise_id=GRID)
    joined = {"real_name": "Noé Lambert", "team_id": home, "teams": ["T0SCIENCES", TEAM_ID]}
    slack.do("new_person", name="noe", email="noe@univ.example", **joined)
    found = user(slack, "@noe")
    assert (found["team_id"], found["enterprise_user"]["teams"]) == (home, ["T0SCIENCES", TEAM_ID])
    assert found["enterprise_user"]["enterprise_id"] == GRID
    assert "is_stranger" not in found
    assert found["profile"]["email"] == "noe@univ.example"
    assert slack.client.conversations_open(users=found["id"])["ok"]
    slack.write("bonjour", user="noe")
    assert slack.events[-1]["user"] == found["id"]
    assert slack.client.auth_test()["enterprise_id"] == GRID


def test_an_organisations_app_is_told_no_team(slack: RecordingApp) -> None:
    slack.do("grid", enterprise_id=GRID, org_install=True)
    slack.do("shortcut", user="camille", callback_id="new")
    body = slack.bodies[-1]
    assert (body["team"], body["enterprise"]["id"], body["is_enterprise_install"]) == (None, GRID, True)
    slack.do("command", user="camille", command="/ticket")
    assert slack.bodies[-1]["is_enterprise_install"] == "true"
    assert slack.bodies[-1]["enterprise_id"] == GRID
    slack.write("bonjour")
    assert slack.bodies[-1]["authorizations"][0]["is_enterprise_install"]


def test_of_a_person_only_what_is_known_can_change(slack: RecordingApp) -> None:
    assert slack.refused("person", user="camille", shoe_size=41) == "bad_request"
    assert slack.refused("person", user="camille", id="U0") == "bad_request"
    assert slack.refused("new_person", name="camille") == "name_taken"
    assert slack.refused("new_person", real_name="Sans Nom") == "bad_request"


def test_what_the_manifest_does_not_ask_for_is_not_told(
    slack: RecordingApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = slack.playground.slack.delivery
    manifest = replace(delivery.manifest, bot_events=frozenset({"message.im"}))
    monkeypatch.setattr(delivery, "manifest", manifest)
    slack.do("person", user="camille", real_name="Camille Durand")
    slack.do("channel", channel="#general", archived=True)
    assert slack.events == []
