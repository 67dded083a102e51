"""Identifiers that Slack fills in, and the initial state of a view or message."""

import copy
import secrets
import string
from typing import Any

from playground.block_kit.schema.placement import INTERACTIVE
from playground.block_kit.schema.walk import blocks_of, elements_of
from playground.block_kit.spec import Json

DISPATCHING = ("plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input")
_ALPHABET = string.ascii_letters + string.digits


def complete_ids(blocks: list[Json]) -> list[Json]:
    """A copy of valid blocks, with Slack's defaults, every block's block_id and every element's action_id."""
    completed: list[Json] = with_defaults(blocks)
    _complete([block for block, _ in blocks_of(completed)], "block_id")
    for block, _ in blocks_of(completed):
        _complete([element for element, _ in elements_of(block)], "action_id")
    return completed


def with_defaults(value: Any) -> Any:
    """A copy of a view, of blocks or of an option with what Slack adds to them (recorded).

    `emoji` and `verbatim` in texts, `optional` and `dispatch_action` in inputs, when text inputs dispatch.
    """
    if isinstance(value, list):
        return [with_defaults(one) for one in value]
    if not isinstance(value, dict):
        return value
    inside = {key: with_defaults(one) for key, one in value.items()}
    return inside | {k: copy.deepcopy(v) for k, v in _defaults(value).items() if k not in value}


def _defaults(value: Json) -> Json:
    kind = value.get("type")
    if kind == "input":
        return {"optional": False, "dispatch_action": False}
    if kind in ("plain_text", "mrkdwn") and "text" in value:
        return {"emoji": True} if kind == "plain_text" else {"verbatim": False}
    if kind in DISPATCHING:
        return {"dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]}}
    return {}


def _complete(holders: list[Json], key: str) -> None:
    """Give an identifier to the objects that have none."""
    taken = {holder[key] for holder in holders if key in holder}
    for holder in holders:
        if key not in holder:
            holder[key] = _new_id(taken)


def _new_id(taken: set[str]) -> str:
    """A short random identifier, as Slack makes them; adds it to `taken`."""
    while (new_id := "".join(secrets.choice(_ALPHABET) for _ in range(5))) in taken:
        pass
    taken.add(new_id)
    return new_id


def initial_state(blocks: list[Json]) -> dict[str, dict[str, Json]]:
    """The initial `state.values`: by block_id and action_id, each value with its type.

    Every input and every other element that keeps a value is there. The blocks have their identifiers
    (`complete_ids`). Source: docs.slack.dev, view_submission payload.
    """
    values: dict[str, dict[str, Json]] = {}
    for block, _ in blocks_of(blocks):
        for element, _ in elements_of(block):
            value = initial_value(element)
            if value is not None:
                values.setdefault(block["block_id"], {})[element["action_id"]] = value
    return values


def initial_value(element: Json) -> Json | None:
    """The initial value of an element, with its type; None for elements without a value, such as buttons."""
    state = INTERACTIVE[element["type"]].state
    if state is None:
        return None
    first = element.get(state.initial, state.empty) if state.initial else state.empty
    value: Json = {"type": element["type"], state.key: copy.deepcopy(first)}
    if "timezone" in element:
        value["timezone"] = element["timezone"]
    return value


def value_key(element_type: str) -> str | None:
    """The key of this element's value in a payload, such as `selected_option`; None when it has none."""
    shape = INTERACTIVE.get(element_type)
    return shape.state.key if shape and shape.state else None
