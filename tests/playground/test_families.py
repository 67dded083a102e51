"""One deliberate mistake of each family, made by an app with Bolt: Slack's own words, and a record of it."""

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from slack_sdk.webhook import WebhookClient

from playground.manifest import BOT_SCOPES, Manifest
from playground.testing import Playground
from tests.playground.bolt_apps import connected
from tests.playground.test_control import actions, button, modal, question, section
from tests.playground.test_delivery import rules, violations, wait_for_rules
from tests.playground.web_api_calls import find
from tests.support.help_desk import TIMEOUT

Json = dict[str, Any]
SCOPES = BOT_SCOPES - {"chat:write.public", "reactions:write"}
TEXT = question("Titre", {"type": "plain_text_input"})
STEP = modal(actions(button("Suite", "next")))


class Mistaken:
    """An app that acknowledges and keeps all that it receives; its mistakes are the tests' own."""

    def __init__(self, playground: Playground) -> None:
        self.playground = playground
        self.client = WebClient("xoxb-playground", base_url=playground.api_url, retry_handlers=[])
        self.received: list[Json] = []
        self.may_acknowledge = threading.Event()
        self.may_acknowledge.set()
        self.bolt = App(client=self.client)
        self.bolt.command("/form")(self._receive)
        self.bolt.action(re.compile(""))(self._receive)

    def _receive(self, ack: Any, body: Json) -> None:
        self.received.append(body)
        self.may_acknowledge.wait(2)
        ack()

    def command(self) -> Json:
        """What the app receives when camille types its command."""
        assert self.playground.control.post("command", user="camille", command="/form")["ok"]
        return self.received[-1]

    def click(self) -> Json:
        """What the app receives when she presses the button of the modal in front of her."""
        clicked = self.playground.control.post("click", user="camille", text="Suite", **{"in": "modal"})
        assert clicked["ok"], clicked
        return self.received[-1]

    def refused(self, method: str, **arguments: Any) -> SlackResponse:
        """Slack's answer to a call that must be refused, and is recorded as a violation."""
        with pytest.raises(SlackApiError) as caught:
            getattr(self.client, method)(**arguments)
        answer: SlackResponse = caught.value.response
        assert rules(self.playground) == [answer["error"]]
        (record,) = violations(self.playground)
        for words in (answer.get("response_metadata") or {}).get("messages", []):
            assert words in record["detail"]
        return answer


@pytest.fixture(scope="module")
def running_app() -> Iterator[Mistaken]:
    with Playground(Manifest(bot_scopes=SCOPES), rate_limits=False, ack_seconds=TIMEOUT) as playground:
        app = Mistaken(playground)
        with connected(app.bolt, playground):
            yield app


@pytest.fixture
def app(running_app: Mistaken) -> Mistaken:
    running_app.playground.reset()
    running_app.received.clear()
    return running_app


def general(app: Mistaken) -> str:
    return find(app.playground, "#general")


def test_a_button_of_76_characters(app: Mistaken) -> None:
    blocks = [actions(button("x" * 76, "go"))]
    answer = app.refused("chat_postMessage", channel=general(app), text="x", blocks=blocks)
    words = "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"
    assert (answer["error"], answer["errors"]) == ("invalid_blocks", [words])
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {words}"]


def test_a_block_id_twice(app: Mistaken) -> None:
    blocks = [section("a", block_id="title"), section("b", block_id="title")]
    answer = app.refused("chat_postMessage", channel=general(app), text="x", blocks=blocks)
    words = '`block_id` "title" already exists [json-pointer:/blocks/1/block_id]'
    assert (answer["error"], answer["errors"]) == ("invalid_blocks", [words])


def test_an_input_without_submit(app: Mistaken) -> None:
    view = {key: value for key, value in modal(TEXT).items() if key != "submit"}
    answer = app.refused("views_open", trigger_id=app.command()["trigger_id"], view=view)
    assert answer["error"] == "invalid_arguments"
    words = "must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/0/input]"
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {words}"]


def test_a_file_input_on_the_home_tab(app: Mistaken) -> None:
    home = {"type": "home", "blocks": [question("Pièces", {"type": "file_input"})]}
    answer = app.refused("views_publish", user_id=find(app.playground, "@camille"), view=home)
    assert answer["error"] == "invalid_arguments"
    words = "[ERROR] unsupported type: file_input [json-pointer:/view/blocks/0/element/type]"
    assert words in answer["response_metadata"]["messages"]


def test_a_fourth_view_on_the_stack(app: Mistaken) -> None:
    app.client.views_open(trigger_id=app.command()["trigger_id"], view=STEP)
    for _ in range(2):
        app.client.views_push(trigger_id=app.click()["trigger_id"], view=STEP)
    answer = app.refused("views_push", trigger_id=app.click()["trigger_id"], view=STEP)
    assert answer["error"] == "push_limit_reached"


def test_a_stale_hash(app: Mistaken) -> None:
    """Refused and on record as a call; no violation, for this is what a hash is for."""
    view = app.client.views_open(trigger_id=app.command()["trigger_id"], view=STEP)["view"]
    stale = {"view_id": view["id"], "hash": view["hash"], "view": STEP}
    app.client.views_update(**stale)
    with pytest.raises(SlackApiError) as caught:
        app.client.views_update(**stale)
    assert caught.value.response["error"] == "hash_conflict"
    record = app.playground.control.get("calls")["calls"][-1]
    assert (record["method"], record["answer"]["error"]) == ("views.update", "hash_conflict")
    assert rules(app.playground) == []


def test_a_late_acknowledgement(app: Mistaken, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.playground.slack.delivery.transport, "ack_seconds", 0.1)  # instead of 3 s
    app.may_acknowledge.clear()
    answer = app.playground.control.post("command", user="camille", command="/form")
    app.may_acknowledge.set()
    assert (answer["ok"], answer["error"]) == (False, "operation_timeout")
    assert wait_for_rules(app.playground, 2) == ["no_ack", "late_ack"]
    assert "operation_timeout" in app.playground.control.get("screen", user="camille")["toasts"][0]


def test_a_used_trigger(app: Mistaken) -> None:
    trigger_id = app.command()["trigger_id"]
    app.client.views_open(trigger_id=trigger_id, view=STEP)
    assert app.refused("views_open", trigger_id=trigger_id, view=STEP)["error"] == "exchanged_trigger_id"


def test_a_sixth_use_of_a_response_url(app: Mistaken) -> None:
    hook = WebhookClient(app.command()["response_url"])
    answers = [hook.send(text=str(number)) for number in range(6)]
    assert [answer.body for answer in answers] == ["ok"] * 5 + ["used_url"]
    assert answers[-1].status_code == 404
    assert rules(app.playground) == ["used_url"]


def test_a_post_where_the_bot_is_not(app: Mistaken) -> None:
    channel = find(app.playground, "#annonces")
    assert app.refused("chat_postMessage", channel=channel, text="x")["error"] == "not_in_channel"


def test_a_missing_scope(app: Mistaken) -> None:
    ts = app.client.chat_postMessage(channel=general(app), text="x")["ts"]
    answer = app.refused("reactions_add", channel=general(app), timestamp=ts, name="eyes")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "reactions:write")
    assert set(answer["provided"].split(",")) == SCOPES
