"""What Slack adds to what it was given, when it gives it back."""

import http.client
from urllib.parse import urlsplit

import pytest

from playground.block_kit import with_defaults
from tests.playground.web_api_calls import BAD_BLOCKS, modal, refusal, trigger
from tests.playground.workspace_events.conftest import Json, RecordingApp

BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Aller"}, "value": "1"}
OPTION = {"text": {"type": "plain_text", "text": "IUT"}, "value": "iut"}


def view(slack: RecordingApp) -> Json:
    menu = {"type": "static_select", "action_id": "site", "options": [OPTION], "initial_option": OPTION}
    blocks = [
        *modal()["blocks"],
        {"type": "section", "text": {"type": "mrkdwn", "text": "*Bonjour*"}, "accessory": menu},
        {"type": "actions", "elements": [BUTTON]},
    ]
    trigger_id = trigger(slack.playground)
    return dict(slack.client.views_open(trigger_id=trigger_id, view=modal(blocks=blocks))["view"])


def test_an_input_comes_back_with_its_defaults(slack: RecordingApp) -> None:
    block = view(slack)["blocks"][0]
    assert (block["optional"], block["dispatch_action"]) == (False, False)
    config = {"trigger_actions_on": ["on_enter_pressed"]}
    assert block["element"]["dispatch_action_config"] == config
    assert block["label"]["emoji"] is True


def test_every_text_comes_back_with_its_defaults(slack: RecordingApp) -> None:
    shown = view(slack)
    assert (shown["title"]["emoji"], shown["submit"]["emoji"]) == (True, True)
    assert shown["blocks"][1]["text"]["verbatim"] is False
    assert shown["blocks"][1]["accessory"]["options"][0]["text"]["emoji"] is True


def test_a_submission_and_a_click_have_them_too(slack: RecordingApp) -> None:
    view(slack)
    slack.do("click", user="camille", text="Aller")
    assert slack.bodies[-1]["actions"][0]["text"] == {"type": "plain_text", "text": "Aller", "emoji": True}
    slack.do("submit", user="camille", values={"Titre": "x"})
    site = next(
        each["site"] for each in slack.bodies[-1]["view"]["state"]["values"].values() if "site" in each
    )
    assert site["selected_option"]["text"]["emoji"] is True


def test_what_was_said_stays() -> None:
    said = {"type": "plain_text", "text": "x", "emoji": False}
    assert with_defaults(said) == said
    block = {"type": "input", "optional": True, "dispatch_action": True, "element": {"type": "datepicker"}}
    assert with_defaults(block) == block


@pytest.mark.parametrize(
    ("subject", "given"),
    [("blocks", BAD_BLOCKS), ("view", {"type": "modal"}), ("message", {"blocks": BAD_BLOCKS})],
)
def test_a_validation_names_what_it_refuses(slack: RecordingApp, subject: str, given: object) -> None:
    slack.client.base_url = slack.playground.api_url
    answer = refusal(slack.playground, slack.client, "blocks.validate", **{subject: given})
    assert answer["error"] == f"invalid_{subject}"
    assert answer["errors"]
    slack.playground.slack.workspace.violations.clear()  # asked on purpose


def test_an_answer_names_the_scopes_held_and_accepted(slack: RecordingApp) -> None:
    connection = http.client.HTTPConnection(urlsplit(slack.playground.base_url).netloc)
    connection.request("POST", "/api/users.info", "", {"Authorization": "Bearer xoxb-playground"})
    response = connection.getresponse()
    response.read()
    connection.close()
    assert "users:read" in response.getheader("x-oauth-scopes", "")
    assert response.getheader("x-accepted-oauth-scopes") == "users:read"
    slack.playground.slack.workspace.violations.clear()  # the call named no user
