"""The fields of every payload as they reach an app made with Bolt, beside those that Slack documents."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from playground.state.workspace import BOT_USER_ID, SIGNING_SECRET
from playground.testing import Playground
from tests.playground.bolt_apps import over_http, over_socket_mode
from tests.playground.test_control import actions, button, modal, option, question, section
from tests.playground.web_api_calls import find

Json = dict[str, Any]


def fields(words: str) -> frozenset[str]:
    return frozenset(words.split())


PERSON = fields("type team enterprise is_enterprise_install user api_app_id token")
INTERACTION = PERSON | {"trigger_id"}
VIEW = fields(
    "id team_id type blocks private_metadata callback_id state hash title clear_on_close notify_on_close "
    "close submit previous_view_id root_view_id app_id external_id app_installed_team_id bot_id"
)
IN_MESSAGE = fields("container channel message state response_url actions")
MESSAGE = fields("type user ts text team blocks")
FROM_BOT = MESSAGE | fields("bot_id app_id bot_profile")
SPOKEN = fields("type user text ts channel event_ts team client_msg_id blocks")

# Every payload of docs.slack.dev, with exactly these fields: none is missing, none is invented.
DOCUMENTED = {
    "slash command": fields(
        "token team_id team_domain channel_id channel_name user_id user_name command text api_app_id "
        "is_enterprise_install response_url trigger_id"
    ),
    "block_actions message": INTERACTION | IN_MESSAGE,
    "block_actions ephemeral": INTERACTION | IN_MESSAGE - {"message"},
    "block_actions modal": INTERACTION | fields("container view actions"),
    "block_actions home": INTERACTION | fields("container view actions"),
    "view_submission": INTERACTION | fields("view response_urls"),
    "view_closed": PERSON | fields("view is_cleared"),
    "shortcut": INTERACTION | fields("callback_id action_ts"),
    "message_action": INTERACTION | fields("callback_id response_url channel message_ts message action_ts"),
    "block_suggestion modal": PERSON | fields("container action_id block_id value view"),
    "block_suggestion message": PERSON | fields("container action_id block_id value channel message"),
    "view of view_submission": VIEW,
    "view of block_actions home": VIEW,
    "message of block_actions message": FROM_BOT,
    "message of message_action": MESSAGE | {"client_msg_id"},
    "container of block_actions message": fields("type message_ts channel_id is_ephemeral"),
    "container of block_actions ephemeral": fields("type message_ts channel_id is_ephemeral"),
    "container of block_actions modal": fields("type view_id"),
    "event_callback": fields(
        "token team_id context_team_id context_enterprise_id api_app_id event type event_id event_time "
        "authorizations is_ext_shared_channel event_context"
    ),
    "app_home_opened": fields("type user channel tab event_ts view"),
    "message im": SPOKEN | {"channel_type"},
    "message channel": SPOKEN | {"channel_type"},
    "app_mention": SPOKEN,
    "message file_share": SPOKEN | fields("channel_type subtype files upload display_as_bot"),
    "message reply": SPOKEN | fields("channel_type thread_ts parent_user_id"),
    "file_deleted": fields("type file_id event_ts"),
    "file_shared": fields("type file_id user_id file channel_id event_ts"),
    "message message_changed": fields(
        "type subtype channel channel_type ts event_ts hidden message previous_message"
    ),
    "message message_deleted": fields(
        "type subtype channel channel_type ts event_ts hidden deleted_ts previous_message"
    ),
    "member_joined_channel": fields("type user channel channel_type team inviter event_ts"),
}
PARTS = ("view", "message", "container")


class Listener:
    """An app that answers everything and keeps what it hears, by kind."""

    def __init__(self) -> None:
        self.client = WebClient("xoxb-playground")
        self.heard: dict[str, Json] = {}
        self.app = App(client=self.client, signing_secret=SIGNING_SECRET, token_verification_enabled=False)
        everything: Any = re.compile("")
        self.app.middleware(self._hear)
        self.app.command("/form")(self._open_form)
        for listen_to in (self.app.action, self.app.view, self.app.view_closed, self.app.shortcut):
            listen_to(everything)(lambda ack: ack())
        self.app.options(everything)(lambda ack: ack(options=[option("Wifi")]))
        self.app.event(everything)(lambda: None)

    def _hear(self, body: Json, next: Any) -> None:
        kind = kind_of(body)
        self.heard[kind] = body
        self.heard |= {f"{part} of {kind}": body[part] for part in PARTS if part in body}
        if kind == "event_callback":
            self.heard[event_kind(body["event"])] = body["event"]
        next()

    def _open_form(self, ack: Any, body: Json) -> None:
        service = {"type": "external_select", "min_query_length": 0}
        blocks = actions(button("Suite", "next")), question("Service", service, optional=True)
        form = modal(*blocks, notify_on_close=True)
        self.client.views_open(trigger_id=body["trigger_id"], view=form)
        ack()


def kind_of(body: Json) -> str:
    kind = body.get("type", "slash command")
    if kind not in ("block_actions", "block_suggestion"):
        return str(kind)
    if "view" in body:
        return f"{kind} {body['view']['type']}"
    return f"{kind} ephemeral" if body["container"]["is_ephemeral"] else f"{kind} message"


def event_kind(event: Json) -> str:
    kind = str(event["type"])
    if "thread_ts" in event:
        return f"{kind} reply"
    return f"{kind} {event.get('subtype') or event['channel_type']}" if kind == "message" else kind


def do_everything(playground: Playground, client: WebClient) -> None:
    """Every gesture that makes Slack send something."""

    def person(gesture: str, **more: Any) -> Json:
        answer: Json = playground.control.post(gesture, **{"user": "camille"} | more)
        assert answer["ok"], answer
        return answer

    general, camille = find(playground, "#general"), find(playground, "@camille")
    pressed = actions(button("Suite", "next"))
    menu = section("Service", {"type": "external_select", "action_id": "menu", "min_query_length": 0})
    for _ in range(2):
        person("command", command="/form", channel="#general")
        person("click", text="Suite", **{"in": "modal"})
        person("options", label="Service", query="w")
        person("submit")
    person("command", command="/form")
    person("close")
    ts = client.chat_postMessage(channel=general, text="x", blocks=[pressed, menu])["ts"]
    person("click", text="Suite", **{"in": {"channel": "#general", "ts": ts}})
    person("options", label="Service", query="w", **{"in": {"channel": "#general", "ts": ts}})
    private = client.chat_postEphemeral(channel=general, user=camille, text="x", blocks=[pressed])
    person("click", text="Suite", **{"in": {"channel": "#general", "ts": private["message_ts"]}})
    client.views_publish(user_id=camille, view={"type": "home", "blocks": [pressed]})
    person("home")
    person("click", text="Suite", **{"in": "home"})
    person("shortcut", callback_id="new")
    ts = person("message", channel="#general", text=f"<@{BOT_USER_ID}> bonjour")["message"]["ts"]
    person("shortcut", callback_id="ticket", channel="#general", ts=ts)
    person("edit", channel="#general", ts=ts, text="bonsoir")
    person("delete", channel="#general", ts=ts)
    alone = person("message", channel="@guichet", text="bonjour")["message"]["ts"]
    person("message", channel="@guichet", text="encore", thread_ts=alone)
    file = {"name": "a.txt", "content_base64": "YQ=="}
    shared = person("message", channel="#general", text="voici", files=[file])["message"]["files"][0]
    assert playground.control.post("file", file=shared["id"], deleted=True)["ok"]
    person("kick", channel="#general", **{"user": "karim"})
    person("invite", channel="#general", **{"user": "karim", "by": "camille"})


@pytest.fixture(scope="module", params=[over_socket_mode, over_http], ids=["socket mode", "http"])
def heard(request: pytest.FixtureRequest) -> Iterator[dict[str, Json]]:
    listener = Listener()
    with request.param(listener.app) as playground:
        do_everything(playground, listener.client)
        assert playground.control.get("violations")["violations"] == []
        yield listener.heard


@pytest.mark.parametrize("kind", DOCUMENTED)
def test_carries_the_documented_fields(heard: dict[str, Json], kind: str) -> None:
    assert heard[kind].keys() == DOCUMENTED[kind]
