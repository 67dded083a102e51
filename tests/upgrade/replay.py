"""A help desk as an earlier version left it: its rows, what stands in Slack, what people have before them.

`tests/upgrade/from_0_1/README.md` says what was recorded, and how.
"""

import json
from base64 import b64decode
from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from slack_bolt import BoltRequest
from sqlalchemy import select

from models.tickets.event import Event
from models.tickets.outage import OutageEvent
from playground.client.payloads import new_response_url, new_trigger
from playground.state.slack import Slack
from playground.state.workspace import Channel, File, Message, Person, View
from tests.support.help_desk import Desk, Json

RECORDED = Path(__file__).parent / "from_0_1"
SHOWN = ("type", "callback_id", "title", "submit", "close", "blocks", "private_metadata")
VIEWS = {"views.open": "opens", "views.update": "shows", "views.publish": "draws"}


@cache
def recorded(name: str) -> Json:
    """What a file of the recording says."""
    return dict(json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8")))


def restore_slack(slack: Slack, now: datetime) -> None:
    """Let the messages, files and App Homes stand in Slack that stood there, and let it be `now`."""
    there, state = slack.workspace, deepcopy(recorded("slack"))
    there.clock.advance(now.timestamp() - there.clock.now())
    for raw in state["files"]:
        content, channels = b64decode(raw["content"]), set(raw["shared_in"])
        there.files[raw["id"]] = File(**{**raw, "content": content, "shared_in": channels})
    for raw in state["messages"]:
        there.channels[raw["channel"]].messages[raw["ts"]] = Message(**raw)
    for raw in state["homes"]:
        there.views[raw["id"]] = View(**raw, hash="1.recorded", root_id=raw["id"])
        there.homes[raw["user"]] = raw["id"]


def restore_store(folder: Path) -> None:
    """Put the kept attachments where the desk looks for them."""
    for name, content in recorded("slack")["store"].items():
        folder.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        folder.joinpath(name).write_bytes(b64decode(content))


def send(desk: Desk, name: str) -> list[str]:
    """Send a payload that somebody's client had ready; what comes of it, before any worker works."""
    body = deepcopy(recorded("payloads")[name])
    desk.slack.run(_bring_up_to_date, desk.slack.slack, body)
    calls, told, before = len(_calls(desk)), len(_ephemeral(desk)), history(desk)
    answer = desk.parts.app.dispatch(BoltRequest(body=body, mode="socket_mode"))
    assert answer.status == 200, answer.body
    return [
        *(history(desk) - before),
        *(_shown(VIEWS[call["method"]], call["arguments"]["view"]) for call in _calls(desk)[calls:]),
        *_answered(json.loads(answer.body or "{}")),
        *(f"tells {words}" for words in _ephemeral(desk)[told:]),
    ]


def key_of(message: Json) -> str:
    """The delivery that a message of the bot carries; nothing for any other."""
    return str((message["metadata"] or {}).get("event_payload", {}).get("key", ""))


def plain(blocks: Any) -> str:
    """What blocks say, without the ids that Slack gives them."""
    if isinstance(blocks, dict):
        return plain([value for key, value in blocks.items() if key != "block_id"])
    return " ".join(map(plain, blocks)) if isinstance(blocks, list) else str(blocks)


def _bring_up_to_date(slack: Slack, body: Json) -> None:
    """Let the modal stand on the screen that the payload comes from; its trigger and its address are new."""
    if body.get("type") == "event_callback":
        return
    who = body.get("user_id") or body["user"]["id"]
    person, view = slack.workspace.people[who], body.get("view")
    if view and view["type"] == "modal":
        payload = {name: view[name] for name in SHOWN if view.get(name)}
        state = deepcopy(view["state"]["values"])
        slack.workspace.views[view["id"]] = View(
            view["id"], person.id, payload, "1.recorded", state, view["id"]
        )
        slack.workspace.modals[person.id] = [view["id"]]
    if "trigger_id" in body:
        body["trigger_id"] = new_trigger(slack, person, view["id"] if view else None)
    if "response_url" in body:
        body["response_url"] = new_response_url(slack, "actions", person, _channel_name(slack, person, body))


def _channel_name(slack: Slack, person: Person, body: Json) -> Channel:
    channel = body.get("channel_id") or (body.get("channel") or {}).get("id")
    return slack.workspace.channels.get(str(channel)) or slack.workspace.direct_message(person.id)


def _calls(desk: Desk) -> list[Json]:
    return [call for call in desk.slack.control.get("calls")["calls"] if call["method"] in VIEWS]


def _ephemeral(desk: Desk) -> list[str]:
    there = desk.slack.slack.workspace.ephemerals
    return [message.text for messages in there.values() for message in messages]


def history(desk: Desk) -> Counter[str]:
    """What was done to tickets and to outages, and how often."""
    with desk.sessions() as session:
        tickets = session.execute(select(Event.ticket_id, Event.action).order_by(Event.id)).all()
        outages = session.execute(select(OutageEvent.outage_id, OutageEvent.action).order_by(OutageEvent.id))
        return Counter(
            [
                *(f"outage {number}: {action}" for number, action in outages),
                *(f"{number}: {action}" for number, action in tickets),
            ]
        )


def _shown(verb: str, view: Mapping[str, Any]) -> str:
    """A view as text: its kind and its view state."""
    given = json.loads(view) if isinstance(view, str) else view
    place = json.loads(given.get("private_metadata") or "{}")
    place.pop("submission", None)  # random
    return " ".join(filter(None, (verb, given["callback_id"], _words(place))))


def _words(place: Any) -> str:
    """A view state as text, without default values."""
    if isinstance(place, dict):
        told = ((key, _words(value)) for key, value in sorted(place.items()))
        return ", ".join(f"{key}={words}" for key, words in told if words)
    if isinstance(place, list):
        return "[" + "; ".join(map(_words, place)) + "]"
    return str(place) if place else ""


def _answered(answer: Mapping[str, Any]) -> list[str]:
    """An acknowledgement as text."""
    if answer.get("response_action") == "update":
        return [_shown("shows", answer["view"])]
    if "options" in answer:
        return [f"offers {len(answer['options'])}"]
    return [f"refuses {block}: {words}" for block, words in answer.get("errors", {}).items()]
