"""Identifiers filled in, and the state of untouched blocks."""

import copy
from typing import Any

import pytest

from playground.block_kit import complete_ids, initial_state, value_key
from tests.playground.block_kit.examples import (
    CARD,
    RICH_TEXT,
    Json,
    block,
    element,
    holder,
    option,
    options,
    plain,
)


def test_missing_identifiers_are_drawn_and_given_ones_kept() -> None:
    blocks = [
        {"type": "divider"},
        {
            "type": "actions",
            "block_id": "mine",
            "elements": [{"type": "button", "text": plain()}, {"type": "button", "action_id": "go"}],
        },
        {"type": "section", "text": plain(), "accessory": {"type": "users_select"}},
        {"type": "input", "label": plain(), "element": {"type": "plain_text_input"}},
    ]
    before = copy.deepcopy(blocks)
    divider, actions, section, field = complete_ids(blocks)
    assert blocks == before
    assert actions["block_id"] == "mine"
    assert actions["elements"][1]["action_id"] == "go"
    drawn = [divider["block_id"], section["block_id"], field["block_id"]]
    drawn += [one["action_id"] for one in (actions["elements"][0], section["accessory"], field["element"])]
    assert all(len(one) == 5 and one.isalnum() for one in drawn)
    assert len(set(drawn)) == len(drawn)


def test_inner_blocks_get_identifiers_too() -> None:
    card = {key: value for key, value in CARD.items() if key != "block_id"}
    container = block("container", child_blocks=[{"type": "divider"}])
    completed = complete_ids([{"type": "carousel", "elements": [card]}, container])
    assert completed[0]["elements"][0]["block_id"]
    assert completed[1]["child_blocks"][0]["block_id"]


def test_completed_blocks_stay_as_they_are() -> None:
    once = complete_ids([{"type": "divider"}, block("actions"), block("section", accessory=element("image"))])
    assert complete_ids(once) == once
    assert "action_id" not in once[2]["accessory"]


UNTOUCHED: list[tuple[str, str, Any]] = [
    ("static_select", "selected_option", None),
    ("multi_static_select", "selected_options", []),
    ("external_select", "selected_option", None),
    ("multi_external_select", "selected_options", []),
    ("users_select", "selected_user", None),
    ("multi_users_select", "selected_users", []),
    ("conversations_select", "selected_conversation", None),
    ("multi_conversations_select", "selected_conversations", []),
    ("channels_select", "selected_channel", None),
    ("multi_channels_select", "selected_channels", []),
    ("checkboxes", "selected_options", []),
    ("radio_buttons", "selected_option", None),
    ("datepicker", "selected_date", None),
    ("timepicker", "selected_time", None),
    ("datetimepicker", "selected_date_time", None),
    ("plain_text_input", "value", None),
    ("email_text_input", "value", None),
    ("url_text_input", "value", None),
    ("number_input", "value", None),
    ("rich_text_input", "rich_text_value", None),
    ("file_input", "files", []),
]
FIRST: dict[str, Any] = {
    "static_select": option("value 1"),
    "multi_static_select": options(1),
    "external_select": option(),
    "multi_external_select": [option()],
    "users_select": "U0CAMILLE0",
    "multi_users_select": ["U0CAMILLE0", "W0KARIM000"],
    "conversations_select": "C0GENERAL0",
    "multi_conversations_select": ["D0CAMILLE0"],
    "channels_select": "C0GENERAL0",
    "multi_channels_select": ["C0GENERAL0"],
    "checkboxes": options(1),
    "radio_buttons": option("value 0"),
    "datepicker": "2026-11-30",
    "timepicker": "23:59",
    "datetimepicker": 1628633820,
    "plain_text_input": "Hi",
    "email_text_input": "camille@univ.example",
    "url_text_input": "https://univ.example",
    "number_input": "7",
    "rich_text_input": RICH_TEXT,
    "file_input": [],
}


@pytest.mark.parametrize(("kind", "key", "empty"), UNTOUCHED)
def test_an_untouched_element_has_an_empty_value(kind: str, key: str, empty: Any) -> None:
    bare = {"type": kind, "action_id": "act"}
    blocks = [{"type": "input", "block_id": "b", "label": plain(), "element": bare}]
    assert initial_state(blocks) == {"b": {"act": {"type": kind, key: empty}}}
    assert value_key(kind) == key


@pytest.mark.parametrize(("kind", "key", "empty"), UNTOUCHED)
def test_an_untouched_element_has_its_initial_value(kind: str, key: str, empty: Any) -> None:
    _, held, _ = holder(kind)
    value = initial_state([held])["input"]["act"]
    assert value[key] == FIRST[kind]
    assert value.get("timezone") == ("Europe/Paris" if kind == "timepicker" else None)


def test_selects_outside_inputs_have_a_state_and_buttons_have_none() -> None:
    blocks: list[Json] = [
        block("section", block_id="s", accessory=element("users_select")),
        block("actions", block_id="a", elements=[element("button"), element("overflow", action_id="more")]),
        block("divider"),
        block("context_actions"),
    ]
    assert initial_state(blocks) == {
        "s": {"act": {"type": "users_select", "selected_user": "U0CAMILLE0"}},
    }
    assert value_key("button") is None


def test_the_state_is_no_part_of_the_blocks() -> None:
    blocks = [block("input", element=element("checkboxes"))]
    initial_state(blocks)["input"]["act"]["selected_options"].clear()
    assert blocks[0]["element"]["initial_options"] == options(1)
    bare = [block("input", element={"type": "file_input", "action_id": "act"})]
    initial_state(bare)["input"]["act"]["files"].append("F0")
    assert initial_state(bare)["input"]["act"]["files"] == []
