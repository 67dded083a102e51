"""Blocks that need something of the manifest: videos, wherever the app may put blocks."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from playground.client.payloads import new_response_url
from playground.delivery import acknowledgement
from playground.manifest import Manifest, parse_manifest
from playground.testing import Playground
from tests.playground.web_api_calls import call, refusal

VIDEO = {
    "type": "video",
    "alt_text": "Une minute",
    "title": {"type": "plain_text", "text": "Une minute"},
    "thumbnail_url": "https://univ.example/minute.png",
    "video_url": "https://video.univ.example/minute",
}
ALLOWING = Manifest(unfurl_domains=frozenset({"univ.example"}))
WITHOUT_SCOPE = replace(ALLOWING, bot_scopes=ALLOWING.bot_scopes - {"links.embed:write"})
NEEDS_EMBED = "must have the `links.embed:write` scope to use a `video` block"


@pytest.fixture(params=[ALLOWING, WITHOUT_SCOPE], ids=["allowed", "without scope"])
def manifest(playground: Playground, request: pytest.FixtureRequest) -> Iterator[Manifest]:
    before, playground.slack.manifest = playground.slack.manifest, request.param
    yield request.param
    playground.slack.manifest = before


def test_in_a_message(playground: Playground, client: WebClient, manifest: Manifest) -> None:
    message: dict[str, Any] = {"channel": "#general", "text": "x", "blocks": [VIDEO]}
    if manifest is ALLOWING:
        assert call(playground, client, "chat.postMessage", **message)["ok"]
    else:
        errors = refusal(playground, client, "chat.postMessage", **message)["errors"]
        assert errors == [f"{NEEDS_EMBED} [json-pointer:/blocks/0]"]


def test_behind_a_response_url(playground: Playground, manifest: Manifest) -> None:
    slack = playground.slack
    person, channel = slack.workspace.person("camille"), slack.workspace.channel("general")
    assert person is not None
    assert channel is not None
    url = playground.run(new_response_url, slack, "commands", person, channel)
    answer = WebhookClient(url).send(text="x", blocks=[VIDEO])
    assert answer.body == ("ok" if manifest is ALLOWING else "invalid_blocks")


def test_in_the_reply_to_a_command(manifest: Manifest) -> None:
    reply = {"text": "x", "blocks": [VIDEO]}
    problems = list(acknowledgement.problems(manifest, "slash_command", reply))
    assert problems == ([] if manifest is ALLOWING else [f"{NEEDS_EMBED} [json-pointer:/blocks/0]"])


def test_in_a_view(playground: Playground, client: WebClient, manifest: Manifest) -> None:
    home = {"user_id": "@camille", "view": {"type": "home", "blocks": [VIDEO]}}
    if manifest is ALLOWING:
        assert call(playground, client, "views.publish", **home)["ok"]
    else:
        assert refusal(playground, client, "views.publish", **home)["error"] == "invalid_arguments"


def test_the_domains_are_those_of_the_manifest() -> None:
    raw = {"display_information": {"name": "Guichet"}, "features": {"unfurl_domains": ["univ.example"]}}
    assert parse_manifest(raw).unfurl_domains == {"univ.example"}
