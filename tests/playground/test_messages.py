"""Posting, updating and reading messages in the playground."""

import json
from dataclasses import replace
from typing import Any
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient

from playground.state.workspace import BOT_TOKEN
from playground.testing import Playground
from tests.playground.web_api_calls import HOME, SECTION, call, events, find, refusal


@pytest.mark.parametrize("verb", ["GET", "form", "json"])
def test_takes_arguments_however_they_come(playground: Playground, verb: str) -> None:
    arguments = {"channel": find(playground, "#general"), "blocks": json.dumps([SECTION])}
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
    url, body = f"{playground.api_url}chat.postMessage", None
    if verb == "GET":
        url += "?channel=" + arguments["channel"] + "&text=salut"
    elif verb == "form":
        url += "?blocks=" + arguments["blocks"].replace(" ", "%20").replace('"', "%22")
        body = f"token={BOT_TOKEN}&channel={arguments['channel']}".encode()
        headers = {}
    else:
        headers["Content-Type"] = "application/json"
        body = json.dumps(arguments).encode()
    with urlopen(Request(url, body, headers)) as response:
        answer = json.load(response)
    assert answer["ok"], answer
    (recorded,) = playground.slack.workspace.calls
    assert "token" not in recorded.arguments


def test_posts_by_id_by_name_and_to_a_person(playground: Playground, client: WebClient) -> None:
    channel = find(playground, "#dnum-assistance")
    assert client.chat_postMessage(channel=channel, text="a")["channel"] == channel
    assert client.chat_postMessage(channel="#dnum-assistance", text="b")["channel"] == channel
    camille = find(playground, "@camille")
    assert client.chat_postMessage(channel=camille, text="c")["channel"] == find(playground, "dm:camille")


def test_hides_private_channels_and_guards_public_ones(
    playground: Playground, client: WebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = {"channel": "#annonces", "text": "x"}
    assert call(playground, client, "chat.postMessage", **arguments)["ok"]
    manifest = playground.slack.manifest
    scopes = manifest.bot_scopes - {"chat:write.public"}
    monkeypatch.setattr(playground.slack, "manifest", replace(manifest, bot_scopes=scopes))
    assert refusal(playground, client, "chat.postMessage", **arguments)["error"] == "not_in_channel"
    playground.control.post("kick", user="guichet", channel="#dnum-reseau")
    arguments["channel"] = "#dnum-reseau"
    assert refusal(playground, client, "chat.postMessage", **arguments)["error"] == "channel_not_found"


def test_fills_in_block_ids_and_echoes_the_message(
    playground: Playground, client: WebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    emitted = events(playground, monkeypatch)
    block = {key: value for key, value in SECTION.items() if key != "block_id"}
    message = call(playground, client, "chat.postMessage", channel="#dnum-reseau", blocks=[block])["message"]
    assert message["blocks"][0]["block_id"]
    (event,) = emitted
    assert (event["type"], event["channel_type"], event["bot_id"]) == ("message", "group", message["bot_id"])
    assert event["ts"] == event["event_ts"] == message["ts"]


def test_cuts_a_long_text_when_posting_and_refuses_it_when_updating(
    playground: Playground, client: WebClient
) -> None:
    posted = call(playground, client, "chat.postMessage", channel="#general", text="x" * 40_001)
    assert len(posted["message"]["text"]) == 40_000
    where = {"channel": "#general", "ts": posted["ts"]}
    assert refusal(playground, client, "chat.update", **where, text="x" * 4_001)["error"] == "msg_too_long"
    assert call(playground, client, "chat.update", **where, text="x" * 4_000)["ok"]


def test_refuses_blocks_of_more_than_12000_characters(playground: Playground, client: WebClient) -> None:
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}
    assert call(playground, client, "chat.postMessage", channel="#general", blocks=[block] * 4)["ok"]
    blocks = [block] * 4 + [SECTION]
    answer = refusal(playground, client, "chat.postMessage", channel="#general", blocks=blocks)
    assert answer["error"] == "msg_blocks_too_long"


def test_refuses_a_second_table(playground: Playground, client: WebClient) -> None:
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
    assert call(playground, client, "chat.postMessage", channel="#general", blocks=[table])["ok"]
    answer = refusal(playground, client, "chat.postMessage", channel="#general", blocks=[table] * 2)
    assert answer["error"] == "invalid_attachments"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] only_one_table_allowed [json-pointer:/blocks/1]"
    ]
    answer = refusal(playground, client, "chat.postMessage", channel="#general", blocks=[table, table, {}])
    assert answer["error"] == "invalid_blocks"


def test_an_update_with_text_alone_takes_the_blocks_away(
    playground: Playground, client: WebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    metadata = {"event_type": "ticket", "event_payload": {"key": "k"}}
    posted = call(
        playground, client, "chat.postMessage", channel="dm:camille", blocks=[SECTION], metadata=metadata
    )
    emitted = events(playground, monkeypatch)
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    updated = call(playground, client, "chat.update", **where, text="Fini")
    assert (updated["text"], updated["message"]["blocks"]) == ("Fini", [])
    assert updated["message"]["metadata"] == metadata
    (event,) = emitted
    assert (event["subtype"], event["hidden"]) == ("message_changed", True)
    assert event["previous_message"]["blocks"] == posted["message"]["blocks"]
    message = playground.slack.workspace.channels[posted["channel"]].messages[posted["ts"]]
    assert message.versions == [posted["message"]["blocks"]]


def test_only_the_author_changes_or_deletes_a_message(playground: Playground, client: WebClient) -> None:
    playground.control.post("message", user="camille", channel="#general", text="Bonjour")
    channel = playground.slack.workspace.channel("general")
    assert channel is not None
    (ts,) = channel.messages
    where = {"channel": channel.id, "ts": ts}
    assert refusal(playground, client, "chat.update", **where, text="x")["error"] == "cant_update_message"
    assert refusal(playground, client, "chat.delete", **where)["error"] == "cant_delete_message"
    own = call(playground, client, "chat.postMessage", channel="#general", text="x")["ts"]
    assert call(playground, client, "chat.delete", channel="#general", ts=own)["ok"]
    assert list(channel.messages) == [ts]


def test_an_ephemeral_message_is_seen_by_one_and_in_no_history(
    playground: Playground, client: WebClient
) -> None:
    arguments = {"channel": "#general", "user": "@camille", "text": "Rien que pour vous"}
    ts = call(playground, client, "chat.postEphemeral", **arguments)["message_ts"]
    assert call(playground, client, "conversations.history", channel="#general")["messages"] == []
    error = refusal(playground, client, "chat.update", channel="#general", ts=ts, text="x")["error"]
    assert error == "message_not_found"
    camille = find(playground, "@camille")
    (seen,) = playground.slack.workspace.ephemerals[camille]
    assert (seen.ts, seen.text) == (ts, "Rien que pour vous")


def test_an_archived_channel_is_silent(playground: Playground, client: WebClient) -> None:
    channel = playground.slack.workspace.channel("general")
    assert channel is not None
    ts = call(playground, client, "chat.postMessage", channel="#general", text="x")["ts"]
    channel.archived = True
    for method, more, error in [
        ("chat.postMessage", {}, "is_archived"),
        ("chat.postEphemeral", {"user": "@camille"}, "is_archived"),
        ("chat.update", {"ts": ts}, "is_inactive"),
        ("conversations.join", {}, "is_archived"),
    ]:
        answer = refusal(playground, client, method, channel="#general", text="x", **more)
        assert answer["error"] == error


def test_direct_messages_need_the_messages_tab(
    playground: Playground, client: WebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    off = replace(playground.slack.manifest, messages_tab=False, home_tab=False)
    monkeypatch.setattr(playground.slack, "manifest", off)
    answer = refusal(playground, client, "chat.postMessage", channel="@camille", text="x")
    assert answer["error"] == "messages_tab_disabled"
    answer = refusal(playground, client, "views.publish", user_id="@camille", view=HOME)
    assert answer["error"] == "not_enabled"


def test_a_reply_belongs_to_a_root(playground: Playground, client: WebClient) -> None:
    def post(text: str, **more: Any) -> str:
        return str(call(playground, client, "chat.postMessage", channel="#general", text=text, **more)["ts"])

    root = post("racine")
    replies = [post("un", thread_ts=root), post("deux", thread_ts=root)]
    answer = refusal(
        playground, client, "chat.postMessage", channel="#general", text="x", thread_ts=replies[0]
    )
    assert answer["error"] == "cannot_reply_to_message"
    (seen,) = call(playground, client, "conversations.history", channel="#general")["messages"]
    assert (seen["ts"], seen["reply_count"], seen["latest_reply"]) == (root, 2, replies[1])
    thread = call(playground, client, "conversations.replies", channel="#general", ts=root)["messages"]
    assert [message["ts"] for message in thread] == [root, *replies]
    link = call(playground, client, "chat.getPermalink", channel="#general", message_ts=replies[0])
    assert f"?thread_ts={root}" in link["permalink"]


def test_metadata_is_shown_to_who_asks(playground: Playground, client: WebClient) -> None:
    metadata = {"event_type": "delivery", "event_payload": {"key": "42"}}
    where = {"channel": "#dnum-reseau"}
    call(playground, client, "chat.postMessage", **where, text="x", metadata=metadata)
    (message,) = call(playground, client, "conversations.history", **where)["messages"]
    assert "metadata" not in message
    answer = call(playground, client, "conversations.history", **where, include_all_metadata=True)
    assert answer["messages"][0]["metadata"] == metadata


def test_history_comes_in_pages_newest_first(playground: Playground, client: WebClient) -> None:
    where = {"channel": "#general"}
    sent = [call(playground, client, "chat.postMessage", **where, text=str(n))["ts"] for n in range(5)]
    channel = find(playground, "#general")
    pages = [page["messages"] for page in client.conversations_history(channel=channel, limit=2)]
    assert [[message["text"] for message in page] for page in pages] == [["4", "3"], ["2", "1"], ["0"]]
    between = {"oldest": sent[1], "latest": sent[3]}
    answer = call(playground, client, "conversations.history", **where, **between)
    assert [message["text"] for message in answer["messages"]] == ["2"]
    answer = call(playground, client, "conversations.history", **where, **between, inclusive=True)
    assert [message["text"] for message in answer["messages"]] == ["3", "2", "1"]


def test_reacts_once(playground: Playground, client: WebClient) -> None:
    ts = call(playground, client, "chat.postMessage", channel="#general", text="x")["ts"]
    arguments = {"channel": "#general", "timestamp": ts, "name": "eyes"}
    assert call(playground, client, "reactions.add", **arguments)["ok"]
    assert refusal(playground, client, "reactions.add", **arguments)["error"] == "already_reacted"
