"""Threads of the playground: replies of people and of the app, their files, edits, deletions, tombstones."""

from typing import Any

import pytest
from slack_sdk import WebClient

from playground.delivery import Acknowledgement
from playground.testing import Playground
from tests.playground.web_api_calls import call, events, find, refusal

Json = dict[str, Any]
FILE = {"name": "journal.txt", "content_base64": "ZXJyZXVyIDQy"}


@pytest.fixture(params=["#dnum-assistance", "@guichet"], ids=["private channel", "direct message"])
def channel(request: pytest.FixtureRequest) -> str:
    """A triage channel, or karim's direct message with the app."""
    return str(request.param)


def id_of(playground: Playground, channel: str) -> str:
    return find(playground, "dm:karim" if channel == "@guichet" else channel)


def as_karim(playground: Playground, gesture: str, **fields: Any) -> Json:
    answer: Json = playground.control.post(gesture, user="karim", **fields)
    assert answer["ok"], answer
    return answer


def say(playground: Playground, channel: str, text: str, **more: Any) -> str:
    return str(as_karim(playground, "message", channel=channel, text=text, **more)["message"]["ts"])


def root_of_the_app(playground: Playground, client: WebClient, channel: str) -> str:
    posted = client.chat_postMessage(channel=id_of(playground, channel), text="n° 1042")
    return str(posted["ts"])


def seen(playground: Playground, channel: str) -> list[Json]:
    """The channel as karim sees it."""
    return list(playground.control.get("screen", user="karim")["channels"][channel])


def test_a_reply_names_its_root_and_its_author(
    playground: Playground, client: WebClient, monkeypatch: pytest.MonkeyPatch, channel: str
) -> None:
    root = root_of_the_app(playground, client, channel)
    heard = events(playground, monkeypatch)
    say(playground, channel, "Je regarde", thread_ts=root)
    (event,) = heard
    assert event["channel_type"] == ("im" if channel == "@guichet" else "group")
    assert (event["thread_ts"], event["parent_user_id"]) == (root, client.auth_test()["user_id"])
    assert event["user"] == find(playground, "@karim")
    assert "subtype" not in event


def test_a_file_in_a_reply_comes_with_the_message(
    playground: Playground, client: WebClient, monkeypatch: pytest.MonkeyPatch, channel: str
) -> None:
    root = root_of_the_app(playground, client, channel)
    heard = events(playground, monkeypatch)
    say(playground, channel, "le journal", thread_ts=root, files=[FILE])
    event, shared = heard
    assert (event["subtype"], event["thread_ts"], event["text"]) == ("file_share", root, "le journal")
    (file,) = event["files"]
    assert (file["name"], file["size"], file["user"]) == ("journal.txt", 9, find(playground, "@karim"))
    assert client.files_info(file=file["id"])["file"]["url_private_download"] == file["url_private_download"]
    assert (shared["type"], shared["file_id"]) == ("file_shared", file["id"])


def test_a_shortcut_sends_the_message_whole(
    playground: Playground, client: WebClient, monkeypatch: pytest.MonkeyPatch, channel: str
) -> None:
    root = root_of_the_app(playground, client, channel)
    reply = say(playground, channel, "le journal", thread_ts=root, files=[FILE])
    sent: list[Json] = []

    async def interact(_kind: str, payload: Json) -> Acknowledgement:
        sent.append(payload)
        return Acknowledgement(True)

    monkeypatch.setattr(playground.slack.delivery, "interact", interact)
    for ts in (root, reply):
        as_karim(playground, "shortcut", callback_id="x", channel=channel, ts=ts)
    of_root, of_reply = sent
    assert of_root["message"]["reply_count"] == 1
    assert of_root["message"]["bot_id"]
    message = of_reply["message"]
    assert (message["ts"], message["text"], message["thread_ts"]) == (reply, "le journal", root)
    assert [file["name"] for file in message["files"]] == ["journal.txt"]
    name = "directmessage" if channel == "@guichet" else "privategroup"
    assert of_reply["channel"] == {"id": id_of(playground, channel), "name": name}
    assert of_reply["team"]["domain"]
    assert of_reply["response_url"]
    assert of_reply["trigger_id"]


def test_editing_and_deleting_a_reply_keep_its_thread(
    playground: Playground, client: WebClient, monkeypatch: pytest.MonkeyPatch, channel: str
) -> None:
    root = root_of_the_app(playground, client, channel)
    reply = say(playground, channel, "Je regarde", thread_ts=root)
    heard = events(playground, monkeypatch)
    as_karim(playground, "edit", channel=channel, ts=reply, text="C’est réparé")
    as_karim(playground, "delete", channel=channel, ts=reply)
    changed, deleted = heard
    assert (changed["subtype"], changed["hidden"]) == ("message_changed", True)
    for part in (changed["message"], changed["previous_message"], deleted["previous_message"]):
        assert (part["ts"], part["thread_ts"]) == (reply, root)
    assert changed["previous_message"]["text"] == "Je regarde"
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", reply)
    assert deleted["previous_message"]["text"] == "C’est réparé"
    assert seen(playground, channel)[0]["replies"] == []


def test_a_deleted_root_leaves_a_tombstone_until_its_last_reply_goes(
    playground: Playground, client: WebClient, monkeypatch: pytest.MonkeyPatch, channel: str
) -> None:
    root = say(playground, channel, "Plus de wifi")
    where: Json = {"channel": id_of(playground, channel)}
    reply = client.chat_postMessage(**where, text="Lequel ?", thread_ts=root)["ts"]
    heard = events(playground, monkeypatch)
    as_karim(playground, "delete", channel=channel, ts=root)
    (event,) = heard
    stone = event["message"]
    assert (event["subtype"], stone["subtype"], stone["user"]) == (
        "message_changed",
        "tombstone",
        "USLACKBOT",
    )
    assert (stone["ts"], stone["thread_ts"], stone["reply_count"]) == (root, root, 1)
    assert event["previous_message"]["text"] == "Plus de wifi"
    (thread,) = seen(playground, channel)
    assert (thread["text"], thread["from"]) == ("This message was deleted.", "Slackbot")
    assert [one["text"] for one in thread["replies"]] == ["Lequel ?"]
    first, second = client.conversations_replies(**where, ts=root)["messages"]
    assert (first["subtype"], second["parent_user_id"]) == ("tombstone", "USLACKBOT")
    client.chat_delete(**where, ts=reply)
    assert seen(playground, channel) == []


def test_a_tombstone_can_be_answered_and_nothing_else(playground: Playground, client: WebClient) -> None:
    where: Json = {"channel": "#dnum-assistance"}
    root = call(playground, client, "chat.postMessage", **where, text="n° 1042")["ts"]
    say(playground, where["channel"], "Je regarde", thread_ts=root)
    assert call(playground, client, "chat.delete", **where, ts=root)["ok"]
    assert (
        refusal(playground, client, "chat.update", **where, ts=root, text="x")["error"] == "message_not_found"
    )
    shortcut: Json = {"user": "karim", "callback_id": "x", **where, "ts": root}
    assert playground.control.post("shortcut", **shortcut)["error"] == "not_visible"
    say(playground, where["channel"], "Encore là", thread_ts=root)
    (thread,) = seen(playground, where["channel"])
    assert [one["text"] for one in thread["replies"]] == ["Je regarde", "Encore là"]


def test_the_app_changes_and_deletes_its_own_reply(
    playground: Playground, client: WebClient, channel: str
) -> None:
    root = say(playground, channel, "Plus de wifi")
    where: Json = {"channel": id_of(playground, channel)}
    reply = client.chat_postMessage(**where, text="Vu", thread_ts=root)["ts"]
    assert client.chat_update(**where, ts=reply, text="Pris en charge")["message"]["thread_ts"] == root
    (thread,) = seen(playground, channel)
    assert [one["text"] for one in thread["replies"]] == ["Pris en charge"]
    client.chat_delete(**where, ts=reply)
    (thread,) = seen(playground, channel)
    assert (thread["text"], thread["replies"]) == ("Plus de wifi", [])


def test_the_app_shares_a_file_in_a_thread(playground: Playground, client: WebClient, channel: str) -> None:
    root = say(playground, channel, "Plus de wifi")
    where: Json = {"channel": id_of(playground, channel), "thread_ts": root}
    client.files_upload_v2(**where, content="erreur 42", filename="journal.txt", initial_comment="Voici")
    (thread,) = seen(playground, channel)
    (reply,) = thread["replies"]
    assert (reply["text"], reply["files"], reply["user"]) == ("Voici", ["journal.txt"], "guichet")


def test_a_file_is_shared_in_no_thread_that_is_not_there(playground: Playground, client: WebClient) -> None:
    asked = client.files_getUploadURLExternal(filename="a.txt", length=1)
    file = playground.slack.workspace.files[asked["file_id"]]
    file.content = b"a"
    where: Json = {"channel_id": find(playground, "#general"), "thread_ts": "1.000000"}
    answer = refusal(playground, client, "files.completeUploadExternal", files=[{"id": file.id}], **where)
    assert answer["error"] == "thread_not_found"
    assert not file.complete


def test_replies_of_others_are_unread_until_the_channel_is_read(
    playground: Playground, client: WebClient, channel: str
) -> None:
    root = say(playground, channel, "Plus de wifi")
    where: Json = {"channel": id_of(playground, channel), "thread_ts": root}
    for text in ("Lequel ?", "Et où ?"):
        client.chat_postMessage(**where, text=text)
    assert playground.control.get("screen", user="karim")["unread"] == {channel: 2}
    as_karim(playground, "read", channel=channel)
    assert playground.control.get("screen", user="karim")["unread"] == {}
