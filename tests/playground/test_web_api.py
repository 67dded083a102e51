"""The playground's Web API: who may call it, and what it refuses in Slack's own words."""

import json
from dataclasses import replace
from typing import Any
from urllib.request import Request, urlopen

import httpx
import pytest
from slack_sdk import WebClient

from playground.state.workspace import APP_TOKEN, BOT_TOKEN, BOT_USER_ID
from playground.testing import Playground
from tests.playground.web_api_calls import BAD_BLOCKS, HOME, SECTION, call, modal, refusal, rules


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        (None, "auth.test", "not_authed"),
        ("xoxb-other", "auth.test", "invalid_auth"),
        (APP_TOKEN, "auth.test", "not_allowed_token_type"),
        (BOT_TOKEN, "apps.connections.open", "not_allowed_token_type"),
    ],
)
def test_refuses_other_tokens(playground: Playground, token: str | None, method: str, error: str) -> None:
    client = WebClient(token, base_url=playground.api_url)
    assert refusal(playground, client, method)["error"] == error


def test_tells_the_tokens_identity_and_scopes(client: WebClient) -> None:
    answer = client.auth_test()
    assert answer["user_id"] == BOT_USER_ID
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


def test_gives_an_address_for_one_connection(playground: Playground) -> None:
    url = WebClient(base_url=playground.api_url).apps_connections_open(app_token=APP_TOKEN)["url"]
    assert url.startswith(playground.base_url.replace("http", "ws") + "/socket/link/?ticket=")


@pytest.mark.parametrize(
    ("missing", "method", "arguments", "needed"),
    [
        ("chat:write", "chat.postMessage", {"channel": "#general", "text": "x"}, "chat:write"),
        ("users:read", "users.info", {"user": "@camille"}, "users:read"),
        ("users:read.email", "users.lookupByEmail", {"email": "x"}, "users:read.email"),
        ("groups:history", "conversations.history", {"channel": "#dnum-reseau"}, "groups:history"),
        ("groups:read", "conversations.members", {"channel": "#dnum-reseau"}, "groups:read"),
        ("groups:read", "users.conversations", {"types": "private_channel"}, "groups:read"),
        ("im:write", "conversations.open", {"users": "@camille"}, "im:write,mpim:write"),
        ("files:read", "files.info", {"file": "F1"}, "files:read"),
    ],
)
def test_names_the_missing_scope(
    playground: Playground,
    client: WebClient,
    monkeypatch: pytest.MonkeyPatch,
    missing: str,
    method: str,
    arguments: dict[str, Any],
    needed: str,
) -> None:
    manifest = playground.slack.manifest
    without = replace(manifest, bot_scopes=manifest.bot_scopes - {missing})
    monkeypatch.setattr(playground.slack, "manifest", without)
    answer = refusal(playground, client, method, **arguments)
    assert (answer["error"], answer["needed"]) == ("missing_scope", needed)
    assert missing not in answer["provided"].split(",")
    assert rules(playground) == ["missing_scope"]


REFUSALS: list[tuple[str, dict[str, Any], str]] = [
    ("chat.shout", {}, "unknown_method"),
    ("chat.postMessage", {"text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C0NOWHERE0", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "@paul", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "#general"}, "no_text"),
    ("chat.postMessage", {"channel": "#general", "text": "x", "thread_ts": "1.000000"}, "thread_not_found"),
    ("chat.postMessage", {"channel": "#general", "blocks": {"blocks": []}}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": "#general", "blocks": '"[]"'}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": "#general", "blocks": "[{"}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": "#general", "blocks": BAD_BLOCKS}, "invalid_blocks"),
    (
        "chat.postMessage",
        {"channel": "#general", "text": "x", "markdown_text": "y"},
        "markdown_text_conflict",
    ),
    ("chat.postMessage", {"channel": "#general", "attachments": [{}] * 101}, "too_many_attachments"),
    (
        "chat.postMessage",
        {"channel": "#general", "text": "x", "metadata": {}, "blocks": 3},
        "invalid_blocks_format",
    ),
    (
        "chat.postMessage",
        {"channel": "#general", "text": "x", "metadata": {"a": 1}},
        "invalid_metadata_format",
    ),
    ("chat.postEphemeral", {"channel": "#annonces", "user": "@camille", "text": "x"}, "not_in_channel"),
    ("chat.postEphemeral", {"channel": "#general", "user": "@invite", "text": "x"}, "user_not_in_channel"),
    ("chat.postEphemeral", {"channel": "#general", "user": "U0NOBODY00", "text": "x"}, "user_not_found"),
    ("chat.update", {"channel": "@camille", "ts": "1.000000", "text": "x"}, "channel_not_found"),
    ("chat.update", {"channel": "#general", "ts": "1.000000", "text": "x"}, "message_not_found"),
    ("chat.delete", {"channel": "#general", "ts": "1.000000"}, "message_not_found"),
    ("chat.getPermalink", {"channel": "#general"}, "invalid_arguments"),
    ("conversations.open", {}, "users_list_not_supplied"),
    ("conversations.open", {"users": "U0NOBODY00"}, "user_not_found"),
    ("conversations.open", {"users": "@paul"}, "user_not_visible"),
    ("conversations.open", {"users": ",".join("abcdefghi")}, "too_many_users"),
    ("conversations.open", {"channel": "#general"}, "method_not_supported_for_channel_type"),
    ("conversations.info", {"channel": "general"}, "channel_not_found"),
    ("conversations.history", {"channel": "#annonces"}, "not_in_channel"),
    ("conversations.history", {"channel": "#general", "limit": 1000}, "invalid_limit"),
    ("conversations.history", {"channel": "#general", "cursor": "x"}, "invalid_cursor"),
    ("conversations.history", {"channel": "#general", "oldest": "x"}, "invalid_ts_oldest"),
    ("conversations.replies", {"channel": "#general", "ts": "1.000000"}, "thread_not_found"),
    ("conversations.list", {"types": "public"}, "invalid_types"),
    ("users.conversations", {"types": "public"}, "invalid_types"),
    ("users.conversations", {"user": "U0NOBODY00"}, "user_not_found"),
    ("users.conversations", {"limit": 1000}, "invalid_limit"),
    ("users.conversations", {"cursor": "x"}, "invalid_cursor"),
    ("conversations.join", {"channel": "#dnum-reseau"}, "method_not_supported_for_channel_type"),
    ("conversations.invite", {"channel": "#annonces", "users": "@karim"}, "not_in_channel"),
    ("conversations.invite", {"channel": "#general", "users": BOT_USER_ID}, "cant_invite_self"),
    ("users.info", {}, "user_not_found"),
    ("usergroups.users.list", {"usergroup": "S0NOBODY00"}, "no_such_subteam"),
    ("bots.info", {"bot": "B0OTHER000"}, "bot_not_found"),
    ("files.info", {"file": "F0NOTHING0"}, "file_not_found"),
    ("files.delete", {"file": "F0NOTHING0"}, "file_not_found"),
    ("files.getUploadURLExternal", {"filename": "a.txt", "length": 0}, "missing_argument"),
    ("files.completeUploadExternal", {"files": [{"id": "F0NOTHING0"}]}, "file_not_found"),
    ("reactions.add", {"channel": "#general", "name": "eyes"}, "no_item_specified"),
    ("reactions.add", {"channel": "#general", "name": "eyes", "timestamp": "x"}, "bad_timestamp"),
    ("reactions.add", {"channel": "#general", "name": "É", "timestamp": "1.000000"}, "invalid_name"),
    ("reactions.add", {"channel": "#general", "name": "eyes", "timestamp": "1.000000"}, "message_not_found"),
    ("views.open", {"view": modal()}, "invalid_arguments"),
    ("views.open", {"trigger_id": "1.2.a"}, "invalid_arguments"),
    ("views.open", {"view": modal(), "trigger_id": "nonsense"}, "invalid_arguments"),
    ("views.open", {"view": modal(), "trigger_id": "1.2.abcdef"}, "invalid_trigger_id"),
    ("views.open", {"view": HOME, "trigger_id": "1.2.abcdef"}, "invalid_arguments"),
    ("views.update", {"view": modal()}, "invalid_arguments"),
    ("views.publish", {"view": HOME, "user_id": "U0NOBODY00"}, "invalid_arguments"),
    ("blocks.validate", {}, "invalid_arguments"),
    ("blocks.validate", {"blocks": [SECTION], "view": modal()}, "invalid_arguments"),
]


@pytest.mark.parametrize(("method", "arguments", "error"), REFUSALS)
def test_refuses_and_records_the_violation(
    playground: Playground, client: WebClient, method: str, arguments: dict[str, Any], error: str
) -> None:
    answer = refusal(playground, client, method, **arguments)
    assert answer.status_code == 200
    assert answer["error"] == error
    assert rules(playground) == [error]
    (recorded,) = playground.slack.workspace.calls
    assert (recorded.method, recorded.answer["error"]) == (method, error)


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("users.lookupByEmail", {"email": "personne@univ.example"}, "users_not_found"),
        ("conversations.invite", {"channel": "#general", "users": "@karim"}, "already_in_channel"),
        ("views.update", {"view": modal(), "view_id": "V0CLOSED00"}, "not_found"),
    ],
)
def test_does_not_blame_the_app_for_what_it_could_not_know(
    playground: Playground, client: WebClient, method: str, arguments: dict[str, Any], error: str
) -> None:
    assert refusal(playground, client, method, **arguments)["error"] == error
    assert rules(playground) == []


@pytest.mark.parametrize(("body", "error"), [(b"{", "invalid_json"), (b"[]", "json_not_object")])
def test_refuses_a_body_that_is_no_object(playground: Playground, body: bytes, error: str) -> None:
    headers = {"Authorization": f"Bearer {BOT_TOKEN}", "Content-Type": "application/json; charset=utf-8"}
    with urlopen(Request(f"{playground.api_url}auth.test", body, headers)) as response:
        assert json.load(response) == {"ok": False, "error": error}


def test_names_every_problem_of_blocks_twice(playground: Playground, client: WebClient) -> None:
    answer = refusal(playground, client, "chat.postMessage", channel="#general", blocks=BAD_BLOCKS * 2)
    problem = "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    assert problem in answer["errors"]
    assert f"[ERROR] {problem}" in answer["response_metadata"]["messages"]
    assert any("/blocks/1/" in error for error in answer["errors"])


def test_names_the_problems_of_a_view_under_view(playground: Playground, client: WebClient) -> None:
    answer = refusal(playground, client, "views.open", view=modal("x" * 25), trigger_id="1.2.abcdef")
    assert "errors" not in answer
    problem = "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    assert problem in answer["response_metadata"]["messages"]


def test_validates_blocks_without_sending_them(playground: Playground, client: WebClient) -> None:
    assert call(playground, client, "blocks.validate", blocks=[SECTION])["ok"]
    assert call(playground, client, "blocks.validate", view=modal())["ok"]
    assert call(playground, client, "blocks.validate", message={"blocks": [SECTION]})["ok"]
    answer = refusal(playground, client, "blocks.validate", blocks=BAD_BLOCKS)
    assert answer["error"] == "invalid_blocks"
    error = {"code": "failed_constraint", "message": "must be less than 3001 characters"}
    assert {**error, "pointer": "/0/text/text"} in answer["errors"]


def test_validation_names_what_would_have_done(playground: Playground, client: WebClient) -> None:
    shouting = [{"type": "section", "text": {"type": "shout", "text": "x"}}]
    answer = refusal(playground, client, "blocks.validate", blocks=shouting)
    assert {
        "code": "failed_constraint",
        "message": "unsupported type: shout",
        "pointer": "/0/text/type",
        "constraint": {"type": "enum", "expected": ["plain_text", "mrkdwn"]},
    } in answer["errors"]


def test_a_message_to_validate_may_be_text_alone(playground: Playground, client: WebClient) -> None:
    assert call(playground, client, "blocks.validate", message={"text": "x"})["ok"]


def test_a_permalink_leads_to_its_channel(playground: Playground, client: WebClient) -> None:
    workspace = client.auth_test()["url"]
    answer = httpx.get(f"{workspace}archives/C0GENERAL/p1764000000000100")
    assert (answer.status_code, answer.headers["location"]) == (307, "/?channel=C0GENERAL")
