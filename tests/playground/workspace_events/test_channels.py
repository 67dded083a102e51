"""Channels that change under the app's feet, and ids that do not last."""

import pytest
from slack_sdk.errors import SlackApiError

from tests.playground.workspace_events.conftest import Json, RecordingApp

DESK = "#dnum-assistance"


def info(slack: RecordingApp, channel: str = DESK) -> Json:
    return dict(slack.client.conversations_info(channel=slack.id_of(channel))["channel"])


def test_a_channel_object_has_slacks_fields(slack: RecordingApp) -> None:
    fields = (
        "creator unlinked previous_names shared_team_ids updated is_pending_ext_shared parent_conversation"
    )
    assert set(fields.split()) <= info(slack).keys()


def test_a_private_channel_becomes_public_and_its_messages_another_event(slack: RecordingApp) -> None:
    slack.do("channel", channel=DESK, private=False)
    assert not info(slack)["is_private"]
    assert slack.of("channel_convert_to_public")[0]["channel_type"] == "channel"
    slack.write("une note", user="karim", channel=DESK)
    assert slack.events[-1]["channel_type"] == "channel"
    slack.do("channel", channel=DESK, private=True)
    assert slack.of("channel_convert_to_private")[0]["channel_type"] == "group"


def test_a_channel_is_archived_and_comes_back(slack: RecordingApp) -> None:
    slack.do("channel", channel="#general", archived=True)
    assert slack.of("channel_archive")[0]["channel"] == slack.id_of("#general")
    with pytest.raises(SlackApiError, match="is_archived"):
        slack.client.chat_postMessage(channel=slack.id_of("#general"), text="x")
    slack.do("channel", channel="#general", archived=False)
    assert slack.events[-1]["type"] == "channel_unarchive"
    slack.do("channel", channel=DESK, archived=True)
    assert slack.events[-1]["type"] == "group_archive"


def test_a_channel_is_renamed(slack: RecordingApp) -> None:
    slack.do("channel", channel=DESK, name="dnum-aide")
    event = slack.of("group_rename")[0]
    assert (event["channel"]["name"], event["channel"]["id"]) == ("dnum-aide", slack.id_of("#dnum-aide"))
    assert info(slack, "#dnum-aide")["previous_names"] == ["dnum-assistance"]


@pytest.mark.parametrize(
    ("posting", "root", "reply"),
    [
        ("admins", "restricted_action", "restricted_action"),
        ("nobody", "restricted_action_read_only_channel", "restricted_action_read_only_channel"),
        ("threads_only", "restricted_action_thread_only_channel", ""),
        ("no_threads", "", "restricted_action_non_threadable_channel"),
        ("everybody", "", ""),
    ],
)
def test_a_channel_lets_only_some_post(slack: RecordingApp, posting: str, root: str, reply: str) -> None:
    channel = slack.id_of(DESK)
    ts = slack.client.chat_postMessage(channel=channel, text="x")["ts"]
    slack.do("channel", channel=DESK, posting=posting)

    def refusal(**where: str) -> str:
        try:
            slack.client.chat_postMessage(channel=channel, text="x", **where)
        except SlackApiError as error:
            return str(error.response["error"])
        return ""

    assert (refusal(), refusal(thread_ts=ts)) == (root, reply)


def test_a_channel_gets_another_id_and_the_old_one_is_refused(slack: RecordingApp) -> None:
    old = slack.id_of(DESK)
    ts = slack.client.chat_postMessage(channel=old, text="une carte")["ts"]
    slack.do("channel", channel=DESK, new_id=True)
    new = slack.id_of(DESK)
    (event,) = slack.of("channel_id_changed")
    assert (event["old_channel_id"], event["new_channel_id"]) == (old, new)
    assert new != old
    with pytest.raises(SlackApiError, match="channel_not_found"):
        slack.client.chat_update(channel=old, ts=ts, text="une autre")
    assert slack.client.chat_update(channel=new, ts=ts, text="une autre")["ok"]
    slack.write("une note", user="karim", channel=DESK, thread_ts=ts)
    assert slack.events[-1]["channel"] == new


def test_a_private_channel_that_is_shared_moves_first(slack: RecordingApp) -> None:
    slack.do("channel", channel=DESK, shared=True)
    moved, shared = slack.events
    assert (moved["type"], shared["type"]) == ("channel_id_changed", "channel_shared")
    assert shared["channel"] == moved["new_channel_id"] == slack.id_of(DESK)
    assert info(slack)["is_ext_shared"]
    slack.write("bonjour", user="karim", channel=DESK)
    assert slack.bodies[-1]["is_ext_shared_channel"]


def test_a_direct_messages_id_goes_stale_without_a_word(slack: RecordingApp) -> None:
    old = slack.id_of("dm:camille")
    slack.client.chat_postMessage(channel=old, text="une carte")
    assert slack.do("stale_dm", user="camille")["old"] == old
    with pytest.raises(SlackApiError, match="channel_not_found"):
        slack.client.chat_postMessage(channel=old, text="une autre")
    new = slack.client.conversations_open(users=slack.id_of("@camille"))["channel"]["id"]
    assert new != old
    assert slack.client.chat_postMessage(channel=new, text="une autre")["ok"]
    assert slack.write("merci")["channel"] == new


def test_there_may_be_thousands_of_channels(slack: RecordingApp) -> None:
    slack.do("new_channel", name="projet", count=2500)
    sizes = [len(page["channels"]) for page in slack.client.conversations_list(limit=1000)]
    assert sizes == [1000, 1000, 502]
    made = slack.do("new_channel", name="crise", private=True, members=["karim"], app=True)["channel"]
    assert (made["is_private"], made["is_member"]) == (True, True)


def test_an_outsider_hears_what_becomes_of_a_public_channel(slack: RecordingApp) -> None:
    slack.do("channel", channel="#annonces", archived=True)
    assert [event["type"] for event in slack.events] == ["channel_archive"]


def test_of_a_channel_only_what_is_known_can_change(slack: RecordingApp) -> None:
    assert slack.refused("channel", channel=DESK, colour="blue") == "bad_request"
    assert slack.refused("channel", channel="@camille", archived=True) == "bad_request"
    assert slack.refused("channel", channel="#nulle-part", archived=True) == "channel_not_found"
    assert slack.refused("channel", channel=DESK, posting="friends") == "bad_request"
    assert slack.refused("new_channel", name="x", members=["nobody"]) == "user_not_found"


def test_a_mistake_in_a_channel_that_changed_is_still_one(slack: RecordingApp) -> None:
    slack.do("channel", channel=DESK, topic="Tickets")
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        slack.client.chat_postMessage(channel=slack.id_of(DESK), blocks=[{"type": "nonsense"}], text="x")
    (violation,) = slack.playground.control.get("violations")["violations"]
    assert violation["rule"] == "invalid_blocks"
    slack.playground.slack.workspace.violations.clear()  # made on purpose
