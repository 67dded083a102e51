"""What holds for every object of Block Kit: no unknown key, no null, every required key there."""

from typing import Any

import pytest

from playground.block_kit import Problem, check_blocks
from tests.playground.block_kit.examples import EXAMPLES, Json, changed, check, found, pointers

NAMES = [f"{name} ({'element' if at else 'block'})" for name, _, _, at in EXAMPLES]
KINDS = {
    dict: "an object",
    str: "a string",
    list: "an array",
    bool: "a boolean",
    int: "an integer",
    float: "a number",
}
# A column left as it is, and a value that Slack compares to a workflow we do not have.
MAY_BE_NULL = ("/column_settings/0", "/column_settings/1", "/customizable_input_parameters/0/value")

# Keys without which each example is refused. `text` of a section and the like have their own rule.
REQUIRED = {
    "section": ["/type", "/text/type", "/text/text", "/fields/0/text"],
    "header": ["/type", "/text"],
    "divider": ["/type"],
    "context": ["/elements", "/elements/0/alt_text", "/elements/1/text"],
    "actions": ["/elements", "/elements/0/type"],
    "input": ["/label", "/element"],
    "image": ["/alt_text"],
    "rich_text": [
        "/elements",
        *(f"/elements/{index}/elements" for index in range(4)),
        "/elements/0/elements/0/text",
        "/elements/0/elements/1/url",
        "/elements/0/elements/2/name",
        "/elements/0/elements/3/user_id",
        "/elements/0/elements/4/usergroup_id",
        "/elements/0/elements/5/channel_id",
        "/elements/0/elements/6/team_id",
        "/elements/0/elements/7/range",
        "/elements/0/elements/8/value",
        "/elements/0/elements/9/timestamp",
        "/elements/0/elements/9/format",
        "/elements/1/style",
    ],
    "video": ["/alt_text", "/title", "/thumbnail_url", "/video_url"],
    "markdown": ["/text"],
    "context_actions": ["/elements"],
    "alert": ["/text"],
    "card": ["/slack_icon/name", "/slack_icon/type", "/hero_image/alt_text"],
    "carousel": ["/elements"],
    "container": ["/child_blocks"],
    "task_card": ["/task_id", "/title", "/status", "/sources/0/url", "/sources/0/text"],
    "plan": ["/title", "/tasks/0/task_id"],
    "table": ["/rows", "/rows/0/0/text", "/rows/0/1/value", "/rows/0/1/text"],
    "data_table": ["/rows", "/caption"],
    "data_visualization": [
        "/title",
        "/chart",
        "/chart/type",
        "/chart/series",
        "/chart/axis_config",
        "/chart/axis_config/categories",
        "/chart/series/0/name",
        "/chart/series/0/data",
        "/chart/series/0/data/0/label",
        "/chart/series/0/data/0/value",
    ],
    "button": ["/text", *(f"/confirm/{key}" for key in ("title", "text", "confirm", "deny"))],
    "workflow_button": [
        "/text",
        "/action_id",
        "/workflow",
        "/workflow/trigger",
        "/workflow/trigger/url",
        "/workflow/trigger/customizable_input_parameters/0/name",
        "/workflow/trigger/customizable_input_parameters/0/value",
    ],
    "overflow": ["/options", "/options/0/text", "/options/0/value"],
    "feedback_buttons": ["/positive_button", "/negative_button", "/positive_button/text"],
    "icon_button": ["/icon", "/text"],
    "multi_static_select": ["/option_groups/0/label", "/option_groups/0/options"],
    "checkboxes": ["/options"],
    "radio_buttons": ["/options"],
    "number_input": ["/is_decimal_allowed"],
    "rich_text_input": ["/action_id"],
}

NEEDED = {"text": ["type", "text"], "option": ["text", "value"]}


@pytest.mark.parametrize(("name", "surface", "example", "at"), EXAMPLES, ids=NAMES)
def test_the_full_example_is_accepted(name: str, surface: str, example: Json, at: str) -> None:
    assert check(surface, example) == []


@pytest.mark.parametrize(("name", "surface", "example", "at"), EXAMPLES, ids=NAMES)
def test_an_unknown_key_is_refused_wherever_it_stands(
    name: str, surface: str, example: Json, at: str
) -> None:
    for pointer in pointers(found(example, at), at):
        if isinstance(found(example, pointer), dict):
            problems = check(surface, changed(example, f"{pointer}/surprise", "x"))
            expected = Problem("invalid additional property: surprise", f"/0{pointer}")
            assert expected in problems, (pointer, problems)


@pytest.mark.parametrize(("name", "surface", "example", "at"), EXAMPLES, ids=NAMES)
def test_null_is_refused_wherever_it_stands(name: str, surface: str, example: Json, at: str) -> None:
    for pointer in pointers(found(example, at), at):
        if pointer and not pointer.endswith(MAY_BE_NULL):
            problems = check(surface, changed(example, pointer, None))
            expected = Problem(f"must provide {KINDS[type(found(example, pointer))]}", f"/0{pointer}")
            assert expected in problems, (pointer, problems)


@pytest.mark.parametrize(("name", "surface", "example", "at"), EXAMPLES, ids=NAMES)
def test_a_required_key_cannot_be_left_out(name: str, surface: str, example: Json, at: str) -> None:
    for pointer in REQUIRED.get(name, []):
        parent, _, key = f"{at}{pointer}".rpartition("/")
        without = {k: v for k, v in found(example, parent).items() if k != key}
        broken = changed(example, parent, without) if parent else without
        assert Problem(f"missing required field: {key}", f"/0{parent}") in check(surface, broken)


@pytest.mark.parametrize(("name", "surface", "example", "at"), EXAMPLES, ids=NAMES)
def test_a_text_needs_its_text_and_an_option_its_text_and_value(
    name: str, surface: str, example: Json, at: str
) -> None:
    for pointer in pointers(found(example, at), at):
        one = found(example, pointer)
        for key in NEEDED.get(_part(one), ()):
            broken = changed(example, pointer, {k: v for k, v in one.items() if k != key})
            assert Problem(f"missing required field: {key}", f"/0{pointer}") in check(surface, broken)


def _part(value: Any) -> str:
    """Which part of Block Kit an object is, as far as `NEEDED` knows."""
    if not isinstance(value, dict):
        return ""
    if value.get("type") in ("plain_text", "mrkdwn"):
        return "text"
    return "option" if set(value) >= {"text", "value"} and "type" not in value else ""


@pytest.mark.parametrize("wrong", [None, "divider", 7, True, []])
def test_a_block_is_an_object(wrong: Any) -> None:
    assert check("message", wrong) == [Problem("must provide an object", "/0")]


def test_blocks_are_an_array() -> None:
    assert check_blocks({"blocks": []}) == [Problem("must provide an array", "/blocks")]
