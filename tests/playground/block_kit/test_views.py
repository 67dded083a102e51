"""Modals, App Homes and the blocks of a message as wholes; the exact lines of Slack's answers."""

from typing import Any

import pytest

from playground.block_kit import (
    MOST_TEXT,
    Problem,
    check_blocks,
    check_view,
    total_text,
    view_too_large,
)
from tests.playground.block_kit.examples import HOME, MODAL, SCOPES, Json, block, changed, mrkdwn, plain

DIVIDER = {"type": "divider"}
PARENT = Problem("failed to match all allowed schemas", "/view")


def problems(view: object) -> list[Problem]:
    return check_view(view, scopes=SCOPES)


def without(view: Json, *keys: str) -> Json:
    return {key: value for key, value in view.items() if key not in keys}


# -- what a view has -----------------------------------------------------------------------------------


@pytest.mark.parametrize("view", [MODAL, HOME])
def test_the_full_examples_are_accepted(view: Json) -> None:
    assert problems(view) == []


def test_a_modal_needs_a_title_and_blocks_and_little_else() -> None:
    assert problems({"type": "modal", "title": plain(), "blocks": [DIVIDER]}) == []
    assert problems({"type": "modal"}) == [
        PARENT,
        Problem("missing required field: title", "/view"),
        Problem("missing required field: blocks", "/view"),
    ]


def test_a_home_needs_blocks_only() -> None:
    assert problems({"type": "home", "blocks": [DIVIDER]}) == []
    assert problems({"type": "home"}) == [PARENT, Problem("missing required field: blocks", "/view")]


@pytest.mark.parametrize("key", ["title", "submit", "close", "clear_on_close", "notify_on_close"])
def test_a_home_has_no_part_of_a_dialog(key: str) -> None:
    assert problems({**HOME, key: MODAL[key]}) == [
        PARENT,
        Problem(f"invalid additional property: {key}", "/view"),
    ]


@pytest.mark.parametrize("key", ["submit_disabled", "id", "state", "hash", "root_view_id"])
def test_what_slack_sends_in_a_view_is_refused_when_sent_back(key: str) -> None:
    assert problems({**MODAL, key: "x"}) == [
        PARENT,
        Problem(f"invalid additional property: {key}", "/view"),
    ]


@pytest.mark.parametrize("kind", ["workflow_step", "message", ""])
def test_a_view_is_a_modal_or_a_home(kind: str) -> None:
    assert problems({**MODAL, "type": kind}) == [PARENT, Problem(f"unsupported type: {kind}", "/view/type")]


@pytest.mark.parametrize("view", [None, "modal", [], 3])
def test_a_view_is_an_object(view: Any) -> None:
    assert problems(view) == [PARENT, Problem("must provide an object", "/view")]


@pytest.mark.parametrize(
    ("pointer", "most"),
    [
        ("/title/text", 24),
        ("/submit/text", 24),
        ("/close/text", 24),
        ("/callback_id", 255),
        ("/external_id", 255),
        ("/private_metadata", 3000),
    ],
)
def test_the_texts_of_a_modal_have_at_most_so_many_characters(pointer: str, most: int) -> None:
    assert problems(changed(MODAL, pointer, "x" * most)) == []
    refused = Problem(f"must be less than {most + 1} characters", f"/view{pointer}")
    assert problems(changed(MODAL, pointer, "x" * (most + 1))) == [PARENT, refused]
    empty = [PARENT, Problem("must be more than 0 characters", f"/view{pointer}")]
    assert problems(changed(MODAL, pointer, "")) == ([] if pointer == "/private_metadata" else empty)


@pytest.mark.parametrize("key", ["title", "submit", "close"])
def test_the_words_of_a_dialog_are_plain_text(key: str) -> None:
    assert problems({**MODAL, key: mrkdwn()}) == [
        PARENT,
        Problem("unsupported type: mrkdwn", f"/view/{key}/type"),
    ]
    assert problems({**MODAL, key: {"type": "plain_text"}}) == [
        PARENT,
        Problem("missing required field: text", f"/view/{key}"),
    ]
    assert problems({**MODAL, key: None}) == [PARENT, Problem("must provide an object", f"/view/{key}")]


@pytest.mark.parametrize("view", [MODAL, HOME])
def test_a_view_has_1_to_100_blocks(view: Json) -> None:
    assert problems({**view, "blocks": [DIVIDER] * 100}) == []
    too_many = Problem("no more than 100 items allowed", "/view/blocks")
    assert problems({**view, "blocks": [DIVIDER] * 101}) == [PARENT, too_many]
    too_few = Problem("must provide at least 1 items", "/view/blocks")
    assert problems({**view, "blocks": []}) == [PARENT, too_few]


def test_a_message_has_0_to_50_blocks() -> None:
    assert check_blocks([]) == []
    assert check_blocks([DIVIDER] * 50) == []
    assert check_blocks([DIVIDER] * 51) == [Problem("no more than 50 items allowed", "/blocks")]


# -- a modal with inputs -------------------------------------------------------------------------------


def test_a_modal_with_an_input_has_a_submit_button() -> None:
    blocks = [DIVIDER, DIVIDER, block("input")]
    refused = Problem("must define `submit` to use an `input` block in modals", "/view/blocks/2/input")
    assert problems({**MODAL, "blocks": blocks}) == []
    assert problems({**without(MODAL, "submit"), "blocks": blocks}) == [refused]
    assert problems({**without(MODAL, "submit"), "blocks": [block("actions")]}) == []
    inside = block("container", child_blocks=[block("input")])
    at = "/view/blocks/0/child_blocks/0/input"
    assert problems({**without(MODAL, "submit"), "blocks": [inside]}) == [Problem(refused.message, at)]


def test_a_home_takes_inputs_without_a_submit_button() -> None:
    assert problems({**HOME, "blocks": [block("input")]}) == []


# -- the words -----------------------------------------------------------------------------------------


def test_a_problem_reads_as_in_slacks_answers() -> None:
    refused = check_blocks([{"type": "section", "text": mrkdwn("x" * 3001)}])
    assert [str(one) for one in refused] == [
        "failed to match all allowed schemas [json-pointer:/blocks/0/text]",
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ]


def test_every_problem_is_listed() -> None:
    view = {
        "type": "modal",
        "title": plain("x" * 25),
        "blocks": [
            {"type": "header", "text": mrkdwn()},
            {"type": "actions", "elements": []},
            {"type": "input", "label": plain(), "element": {"type": "number_input", "emoji": True}},
        ],
    }
    assert [str(one) for one in problems(view)] == [
        "failed to match all allowed schemas [json-pointer:/view]",
        "must be less than 25 characters [json-pointer:/view/title/text]",
        "unsupported type: mrkdwn [json-pointer:/view/blocks/0/text/type]",
        "must provide at least 1 items [json-pointer:/view/blocks/1/elements]",
        "missing required field: is_decimal_allowed [json-pointer:/view/blocks/2/element]",
        "invalid additional property: emoji [json-pointer:/view/blocks/2/element]",
        "must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/2/input]",
    ]


def test_the_pointers_begin_where_the_caller_says() -> None:
    assert check_blocks([{"type": "x"}], root="") == [Problem("unsupported type: x", "/0/type")]
    assert check_view({"type": "x"}, scopes=(), root="")[1] == Problem("unsupported type: x", "/type")


def test_a_problem_with_a_type_or_a_value_says_what_would_do() -> None:
    (wrong_type,) = check_blocks([{"type": "header", "text": mrkdwn()}])
    assert wrong_type.expected == ("plain_text",)
    (wrong_style,) = check_blocks(
        [{"type": "actions", "elements": [{"type": "button", "text": plain(), "style": "default"}]}]
    )
    assert wrong_style.expected == ("primary", "danger")


# -- sizes ---------------------------------------------------------------------------------------------


def test_the_text_of_a_message_is_counted_over_all_its_blocks() -> None:
    blocks = [
        {"type": "section", "text": mrkdwn("x" * 3000), "fields": [plain("x" * 10)]},
        {"type": "markdown", "text": "x" * 500},
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x" * 7}]}],
        },
        block("divider"),
    ]
    assert total_text(blocks) == 3517
    assert total_text([]) == total_text("text") == 0
    assert MOST_TEXT == 12_000


def test_a_view_has_at_most_250_kilobytes() -> None:
    def view(size: int) -> Json:
        empty = {"type": "home", "private_metadata": ""}
        return {**empty, "private_metadata": "x" * (size - len('{"type":"home","private_metadata":""}'))}

    assert not view_too_large(view(250_000))
    assert view_too_large(view(250_001))
    assert view_too_large({"text": "é" * 125_000})
