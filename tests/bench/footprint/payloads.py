"""What Slack sends when somebody of the simulated desk clicks, types or sends a form."""

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from tests.bench.acknowledgement.load import Request, interaction, sealed, signed
from tests.bench.acknowledgement.requests import CARD, head

Json = dict[str, Any]
Filled = Mapping[str, str]
"""Values by the ids of blocks."""
ELSE = "Depuis ce matin, plus rien n’en sort."


def home_opened(who: str) -> Request:
    """Somebody opens the App Home."""
    event = {"type": "app_home_opened", "user": who, "channel": f"D{who[1:]}", "tab": "home"}
    about = {"token": "x", "team_id": "T0BENCH", "api_app_id": "A0BENCH", "type": "event_callback"}
    body = {**about, "event": event, "event_id": f"Ev{uuid4().hex[:12]}", "event_time": int(time.time())}
    return sealed(json.dumps(body).encode(), "application/json")


def typed(who: str, command: str, text: str, trigger: str) -> Request:
    """Somebody types a slash command."""
    where = {"channel_id": "C0BENCH", "channel_name": "general", "response_url": "http://127.0.0.1:9/"}
    person = {"user_id": who, "user_name": "bench", "team_id": "T0BENCH", "api_app_id": "A0BENCH"}
    return signed({"command": command, "text": text, "trigger_id": trigger, **where, **person})


def pressed(who: str, button: str, ticket: int, trigger: str) -> Request:
    """Somebody presses a button of a ticket's message."""
    action = {
        "type": "button",
        "action_id": button,
        "block_id": "b",
        "value": str(ticket),
        "action_ts": CARD["ts"],
        "text": {"type": "plain_text", "text": button},
    }
    container = {"type": "message", "channel_id": "C0BENCH", "message_ts": CARD["ts"]}
    return interaction(
        {
            **head("block_actions", who),
            "trigger_id": trigger,
            "response_url": "http://127.0.0.1:9/",
            "container": container,
            "channel": {"id": "C0BENCH", "name": "bench"},
            "message": CARD,
            "actions": [action],
        }
    )


def sent(who: str, view: Json, filled: Filled) -> Request:
    """Somebody sends the form that they were shown."""
    values: dict[str, Json] = {}
    for block in view["blocks"]:
        if state := _state(block, filled):
            values[block["block_id"]] = state
    shown = {**view, "state": {"values": values}}
    return interaction({**head("view_submission", who), "view": shown, "response_urls": []})


def _state(block: Json, filled: Filled) -> Json:
    given = filled.get(str(block.get("block_id")).partition(":")[0])
    return {
        element["action_id"]: entered(element, given, is_optional=bool(block.get("optional")))
        for element in _elements(block)
        if "action_id" in element and element["type"] != "button"
    }


def _elements(block: Json) -> Iterator[Json]:
    yield from filter(None, (block.get("element"), block.get("accessory")))
    if block["type"] == "actions":
        yield from block["elements"]


def entered(element: Json, given: str | None, *, is_optional: bool) -> Json:
    """The state of an element: what is given, or what it has, or as little as the form takes."""
    kind = element["type"]
    if kind == "plain_text_input":
        written = None if is_optional and not element.get("multiline") else ELSE
        value = given or element.get("initial_value") or written
        return {"type": kind, "value": value}
    if kind in {"static_select", "radio_buttons"}:
        chosen = {"value": given} if given else element.get("initial_option")
        if chosen is None and not is_optional and kind == "static_select":
            chosen = (element.get("options") or element["option_groups"][0]["options"])[0]
        return {"type": kind, "selected_option": chosen}
    if kind == "checkboxes":
        every = element["options"] if given else element.get("initial_options", [])
        return {"type": kind, "selected_options": every}
    return {"type": kind}
