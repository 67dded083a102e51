"""What the tests of the playground's Web API share: small views, and calls by people's names."""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from playground.client.payloads import new_trigger
from playground.testing import Playground

SECTION = {"type": "section", "block_id": "words", "text": {"type": "plain_text", "text": "Bonjour"}}
TEXT_INPUT = {
    "type": "input",
    "block_id": "title",
    "label": {"type": "plain_text", "text": "Titre"},
    "element": {"type": "plain_text_input", "action_id": "value"},
}
BAD_BLOCKS = [{"type": "section", "text": {"type": "plain_text", "text": "x" * 3001}}]
HOME = {"type": "home", "blocks": [SECTION]}


def modal(title: str = "Formulaire", **more: Any) -> dict[str, Any]:
    """A small valid modal."""
    words = {"title": title, "submit": "Envoyer"}
    texts = {key: {"type": "plain_text", "text": text} for key, text in words.items()}
    return {"type": "modal", "blocks": [TEXT_INPUT], **texts, **more}


def find(playground: Playground, key: str) -> str:
    """The id behind "@camille", "#general" or "dm:camille"; anything else stays as it is."""
    workspace = playground.slack.workspace
    if key.startswith("dm:"):
        return workspace.direct_message(find(playground, f"@{key[3:]}")).id
    found = workspace.person(key) if key.startswith("@") else workspace.channel(key)
    return found.id if found and key[0] in "@#" else key


def call(playground: Playground, client: WebClient, method: str, **arguments: Any) -> SlackResponse:
    """Call a method, "@name" and "#name" among its arguments standing for ids."""
    found = {k: find(playground, v) if isinstance(v, str) else v for k, v in arguments.items()}
    answer: SlackResponse = client.api_call(method, json=found)
    return answer


def refusal(playground: Playground, client: WebClient, method: str, **arguments: Any) -> SlackResponse:
    """The answer to a call that must be refused."""
    with pytest.raises(SlackApiError) as caught:
        call(playground, client, method, **arguments)
    response: SlackResponse = caught.value.response
    return response


def rules(playground: Playground) -> list[str]:
    return [violation.rule for violation in playground.slack.workspace.violations]


def trigger(playground: Playground, name: str = "camille", view_id: str | None = None) -> str:
    person = playground.slack.workspace.person(name)
    assert person is not None
    return playground.run(new_trigger, playground.slack, person, view_id)


def events(playground: Playground, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is emitted from here on."""
    emitted: list[dict[str, Any]] = []
    monkeypatch.setattr(playground.slack.delivery, "emit", emitted.append)
    return emitted
