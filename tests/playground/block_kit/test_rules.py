"""Rules between fields, between blocks, about the app: a payload just inside and one just outside each."""

from typing import Any

import pytest

from playground.block_kit import Problem, check_blocks, check_view
from tests.playground.block_kit.examples import (
    DOMAINS,
    IMAGE,
    MODAL,
    RICH_TEXT,
    SCOPES,
    Json,
    block,
    check,
    element,
    holder,
    mrkdwn,
    option,
    options,
    plain,
)

GROUPS = [{"label": plain(), "options": options(2)}]


def element_problems(kind: str, drop: str = "", **changes: Any) -> list[Problem]:
    """The problems of a changed element, their pointers beginning at the element."""
    surface, blocks, at = holder(kind)
    broken = element(kind, **changes)
    for key in drop.split():
        del broken[key]
    key = at.split("/")[1]
    blocks[key] = [broken] if isinstance(blocks[key], list) else broken
    return [Problem(one.message, one.pointer.removeprefix(f"/0{at}")) for one in check(surface, blocks)]


# -- one field or another ------------------------------------------------------------------------------


def test_a_section_has_text_or_fields_or_both() -> None:
    assert check("message", {"type": "section", "text": mrkdwn()}) == []
    assert check("message", {"type": "section", "fields": [mrkdwn()]}) == []
    assert check("message", {"type": "section"}) == [
        Problem("must define either `text` or `fields`", "/0/type")
    ]


@pytest.mark.parametrize("kind", ["image block", "image element"])
def test_a_picture_has_a_url_or_a_slack_file(kind: str) -> None:
    url, file = {"image_url": IMAGE["image_url"]}, {"slack_file": {"id": "F0CAT"}}

    def problems(**source: Any) -> list[Problem]:
        picture = {"type": "image", "alt_text": "A cat", **source}
        wrapped = picture if kind == "image block" else {"type": "context", "elements": [picture]}
        return check("message", wrapped)

    at = "/0" if kind == "image block" else "/0/elements/0"
    assert problems(**url) == problems(**file) == []
    assert problems() == [Problem("missing required field: image_url", at)]
    assert problems(**url, **file) == [Problem("invalid additional property: slack_file", at)]
    assert problems(slack_file={"url": "https://files.slack.com/F0"}) == []
    assert problems(slack_file={"id": "cat.png"}) == [
        Problem("must match the expected format", f"{at}/slack_file/id")
    ]
    assert problems(slack_file={"url": "x" * 3001}) == [
        Problem("must be less than 3001 characters", f"{at}/slack_file/url")
    ]
    assert problems(slack_file={}) == [Problem("missing required field: id", f"{at}/slack_file")]
    both = {"id": "F0CAT", "url": "https://files.slack.com/F0"}
    assert problems(slack_file=both) == [Problem("invalid additional property: url", f"{at}/slack_file")]


@pytest.mark.parametrize("kind", ["static_select", "multi_static_select"])
def test_a_static_menu_has_options_or_groups(kind: str) -> None:
    def problems(**choices: Any) -> list[Problem]:
        menu = {"type": kind, "action_id": "act", **choices}
        return check("message", {"type": "section", "text": plain(), "accessory": menu})

    assert problems(options=options(2)) == problems(option_groups=GROUPS) == []
    assert problems() == [Problem("missing required field: options", "/0/accessory")]
    assert problems(options=options(2), option_groups=GROUPS) == [
        Problem("invalid additional property: option_groups", "/0/accessory")
    ]


def test_a_card_shows_something() -> None:
    card = {"type": "card"}
    for key, value in (
        ("title", mrkdwn()),
        ("body", plain()),
        ("hero_image", IMAGE),
        ("actions", [{"type": "button", "text": plain()}]),
    ):
        assert check("message", {**card, key: value}) == []
    assert check("message", {**card, "subtitle": plain(), "icon": IMAGE}) == [
        Problem("missing required field: title", "/0")
    ]
    both = block("card", icon=IMAGE)
    assert check("message", both) == [Problem("invalid additional property: slack_icon", "/0")]


def test_a_container_has_a_title_and_folds_or_has_a_divider() -> None:
    inner = {"type": "container", "child_blocks": [{"type": "divider"}]}
    for title in ({"title": plain()}, {"rich_text_title": RICH_TEXT}):
        assert check("message", {**inner, **title}) == []
    assert check("message", inner) == [Problem("missing required field: title", "/0")]
    titled = {**inner, "title": plain()}
    assert check("message", {**titled, "is_collapsible": True, "default_collapsed": True}) == []
    assert check("message", {**titled, "default_collapsed": True}) == [
        Problem("must define `is_collapsible` to use `default_collapsed`", "/0/default_collapsed")
    ]
    assert check("message", {**titled, "has_header_divider": True}) == []
    assert check("message", {**titled, "has_header_divider": True, "is_collapsible": True}) == [
        Problem("must not define `has_header_divider` with `is_collapsible`", "/0/has_header_divider")
    ]


def test_a_style_and_a_filter_say_something() -> None:
    text = {"type": "text", "text": "a", "style": {}}
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [text]}]}
    assert check("message", rich) == [
        Problem("must define at least one property", "/0/elements/0/elements/0/style")
    ]
    assert element_problems("conversations_select", filter={}) == [
        Problem("must define at least one property", "/filter")
    ]


@pytest.mark.parametrize(
    ("kind", "pointer", "item"),
    [
        ("rich_text_list", "/0/elements/0/elements/0", {"type": "text", "text": "no section"}),
        ("rich_text_preformatted", "/0/elements/0/elements/0", {"type": "user", "user_id": "U0"}),
        ("rich_text_quote", "/0/elements/0/elements/0", {"type": "rich_text_list"}),
        ("rich_text_section", "/0/elements/0/elements/0", {"type": "mrkdwn", "text": "no leaf"}),
    ],
)
def test_each_part_of_a_rich_text_takes_its_own_parts_only(kind: str, pointer: str, item: Json) -> None:
    part = {"type": kind, "elements": [item], **({"style": "bullet"} if kind == "rich_text_list" else {})}
    rich = {"type": "rich_text", "elements": [part]}
    assert check("message", rich) == [Problem(f"unsupported type: {item['type']}", f"{pointer}/type")]


def test_a_rich_text_may_be_empty() -> None:
    assert check("message", {"type": "rich_text", "elements": []}) == []
    empty = {"type": "rich_text_section", "elements": []}
    assert check("message", {"type": "rich_text", "elements": [empty]}) == []


# -- options -------------------------------------------------------------------------------------------

NOT_AN_OPTION = "must be one of the provided options"


@pytest.mark.parametrize(
    "almost",
    [
        option("value 2"),
        {**option("value 1"), "text": plain("Another")},
        {**option("value 1"), "text": {"type": "plain_text", "text": "value 1"}},  # without `emoji`
        {"text": plain("value 1"), "value": "value 1"},  # without `description`
    ],
)
def test_the_initial_option_equals_one_of_the_options_key_by_key(almost: Json) -> None:
    for kind in ("static_select", "radio_buttons"):
        assert element_problems(kind, options=options(2), initial_option=option("value 1")) == []
        assert element_problems(kind, options=options(2), initial_option=almost) == [
            Problem(NOT_AN_OPTION, "/initial_option")
        ]


def test_the_initial_option_may_stand_in_a_group() -> None:
    chosen = option("value 1")
    assert element_problems("static_select", "options", option_groups=GROUPS, initial_option=chosen) == []
    assert element_problems("multi_static_select", initial_options=[chosen]) == []


@pytest.mark.parametrize("kind", ["checkboxes", "multi_static_select"])
def test_the_initial_options_are_among_the_options(kind: str) -> None:
    refused = [Problem(NOT_AN_OPTION, "/initial_options")]
    assert element_problems(kind, initial_options=options(1)) == []
    assert element_problems(kind, initial_options=[*options(1), option("other")]) == refused
    assert element_problems(kind, initial_options=[]) == refused


def test_the_initial_options_of_an_external_menu_are_free_but_not_empty() -> None:
    assert element_problems("multi_external_select", initial_options=options(2)) == []
    assert element_problems("multi_external_select", initial_options=[]) == [
        Problem(NOT_AN_OPTION, "/initial_options")
    ]


def test_two_options_never_share_a_value() -> None:
    twice = Problem('`value` "value 0" already exists', "/options/1/value")
    assert element_problems("static_select", "initial_option", options=options(1) * 2) == [twice]
    assert element_problems("checkboxes", options=options(1) * 2) == [twice]
    assert element_problems("radio_buttons", "initial_option", options=options(1) * 2) == [twice]
    assert element_problems("overflow", options=options(1) * 2) == [twice]
    menu = {"type": "multi_static_select", "options": options(1) * 2}
    assert check("message", {"type": "section", "text": plain(), "accessory": menu}) == [
        Problem(twice.message, "/0/accessory/options/1/value")
    ]
    group = {"label": plain(), "options": options(1) * 2}
    assert element_problems("multi_static_select", option_groups=[group]) == [
        Problem(twice.message, "/option_groups/0/options/1/value")
    ]


def test_an_element_has_no_more_initial_options_than_options() -> None:
    assert element_problems("multi_external_select", initial_options=options(100)) == []
    assert element_problems("multi_external_select", initial_options=options(101)) == [
        Problem("no more than 100 items allowed", "/initial_options")
    ]
    ten, eleven = options(10), [*options(10), option("value 0")]
    assert element_problems("checkboxes", options=ten, initial_options=ten) == []
    assert element_problems("checkboxes", options=ten, initial_options=eleven) == [
        Problem("no more than 10 items allowed", "/initial_options")
    ]


# -- minimum and maximum -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "low", "high", "inside", "outside"),
    [
        ("plain_text_input", "min_length", "max_length", (5, 5), (6, 5)),
        ("rich_text_input", "min_lines", "max_lines", (2, 2), (3, 2)),
        ("number_input", "min_value", "max_value", ("9", "10"), ("10.5", "10")),
        ("number_input", "min_value", "max_value", ("-10", "-9"), ("-9", "-10")),
    ],
)
def test_a_minimum_is_not_above_its_maximum(
    kind: str, low: str, high: str, inside: tuple[Any, Any], outside: tuple[Any, Any]
) -> None:
    assert element_problems(kind, **dict(zip((low, high), inside, strict=True))) == []
    assert element_problems(kind, **dict(zip((low, high), outside, strict=True))) == [
        Problem(f"`{low}` must not be greater than `{high}`", f"/{low}")
    ]


# -- tables and charts ---------------------------------------------------------------------------------


def cell(text: str = "a") -> Json:
    return {"type": "raw_text", "text": text}


def test_the_rows_of_a_data_table_are_equally_long() -> None:
    assert check("message", block("data_table", rows=[[cell()], [cell()]])) == []
    assert check("message", block("data_table", rows=[[cell()], [cell(), cell()]])) == [
        Problem("must have as many cells as the first row", "/0/rows/1")
    ]


def test_the_header_of_a_data_table_is_not_rich_text() -> None:
    assert check("message", block("data_table", rows=[[RICH_TEXT], [RICH_TEXT]])) == [
        Problem("unsupported type: rich_text", "/0/rows/0/0/type")
    ]


def test_a_data_table_has_at_most_10_000_characters() -> None:
    half = cell("x" * 5000)
    assert check("message", block("data_table", rows=[[half], [half]])) == []
    assert check("message", block("data_table", rows=[[half], [half], [cell()]])) == [
        Problem("must be less than 10001 characters", "/0/rows")
    ]


@pytest.mark.parametrize("kind", ["line", "bar", "area"])
def test_the_series_of_a_chart_have_names_of_their_own_and_the_labels_of_the_axis(kind: str) -> None:
    def chart(*series: Json) -> Json:
        axes = {"categories": ["Mon", "Tue"]}
        return block("data_visualization", chart={"type": kind, "series": list(series), "axis_config": axes})

    def series(name: str, *labels: str) -> Json:
        return {"name": name, "data": [{"label": label, "value": 1} for label in labels]}

    assert check("message", chart(series("a", "Mon", "Tue"), series("b", "Mon", "Tue"))) == []
    assert check("message", chart(series("a", "Mon", "Tue"), series("a", "Mon", "Tue"))) == [
        Problem('`name` "a" already exists', "/0/chart/series/1/name")
    ]
    for labels in (["Mon"], ["Mon", "Wed"]):
        assert check("message", chart(series("a", *labels))) == [
            Problem("must have the labels of `axis_config/categories`", "/0/chart/series/0/data")
        ]


# -- between blocks ------------------------------------------------------------------------------------


def test_a_block_id_stands_once_containers_included() -> None:
    def divider(block_id: str) -> Json:
        return {"type": "divider", "block_id": block_id}

    assert check("message", divider("a"), divider("b")) == []
    assert check("message", divider("a"), divider("b"), divider("a")) == [
        Problem('`block_id` "a" already exists', "/2/block_id")
    ]
    container = block("container", child_blocks=[divider("a")])
    assert check("message", divider("a"), container) == [
        Problem('`block_id` "a" already exists', "/1/child_blocks/0/block_id")
    ]


def test_an_action_id_stands_once_in_its_block() -> None:
    def buttons(*ids: str) -> Json:
        return {
            "type": "actions",
            "elements": [{"type": "button", "text": plain(), "action_id": one} for one in ids],
        }

    assert check("message", buttons("a", "b"), buttons("a")) == []
    assert check("message", {"type": "divider"}, buttons("trigger", "trigger")) == [
        Problem('`action_id` "trigger" already exists', "/1/elements/1/action_id")
    ]


def test_one_element_takes_the_focus() -> None:
    def field(**more: Any) -> Json:
        typed = {"type": "plain_text_input", **more}
        return {"type": "input", "label": plain(), "element": typed}

    assert check("modal", field(focus_on_load=True), field(focus_on_load=False), field()) == []
    assert check("modal", field(focus_on_load=True), field(), field(focus_on_load=True)) == [
        Problem("only one element may set `focus_on_load`", "/2/element/focus_on_load")
    ]


@pytest.mark.parametrize("kind", ["conversations_select", "channels_select"])
def test_a_response_url_comes_with_an_input_of_a_modal_only(kind: str) -> None:
    asking = element(kind, response_url_enabled=True)
    text = "`response_url_enabled` works in `input` blocks in modals only"
    assert check("modal", block("input", element=asking)) == []
    assert check("message", block("input", element=asking)) == [
        Problem(text, "/0/element/response_url_enabled")
    ]
    assert check("modal", block("section", accessory=asking)) == [
        Problem(text, "/0/accessory/response_url_enabled")
    ]
    assert check("modal", block("section", accessory=element(kind, response_url_enabled=False))) == []


def test_the_markdown_of_a_message_has_at_most_12_000_characters_in_all() -> None:
    def markdown(count: int) -> Json:
        return {"type": "markdown", "text": "x" * count}

    assert check("message", markdown(6000), markdown(6000)) == []
    assert check("message", markdown(6000), {"type": "divider"}, markdown(6001), markdown(1)) == [
        Problem("must be less than 12001 characters", "/2/text")
    ]


@pytest.mark.parametrize(
    ("kind", "most", "text"),
    [
        ("table", 1, "only_one_table_allowed"),
        ("data_table", 1, "only_one_table_allowed"),
        ("plan", 1, "only one `plan` block allowed"),
        ("data_visualization", 2, "no more than 2 `data_visualization` blocks allowed"),
    ],
)
def test_a_message_has_few_tables_plans_and_charts(kind: str, most: int, text: str) -> None:
    def several(count: int) -> list[Json]:
        blocks = [block(kind, block_id=f"{kind} {number}") for number in range(count)]
        return [{key: value for key, value in one.items() if key != "tasks"} for one in blocks]

    assert check("message", *several(most)) == []
    assert check("message", *several(most + 1)) == [Problem(text, f"/{most}")]


def test_a_table_in_a_container_counts() -> None:
    inside = block("container", child_blocks=[block("table", block_id="inner")])
    assert check("message", inside) == []
    assert check("message", block("data_table"), inside) == [
        Problem("only_one_table_allowed", "/1/child_blocks/0")
    ]


# -- what the app may use ------------------------------------------------------------------------------


def test_an_app_without_files_read_cannot_ask_for_files() -> None:
    _, asking, _ = holder("file_input")
    view = {**MODAL, "blocks": [asking]}
    assert check_view(view, scopes=["files:read"]) == []
    refused = Problem(
        "must have the `files:read` scope to use a `file_input` element", "/view/blocks/0/element"
    )
    assert refused in check_view(view, scopes=["files:write"])


def test_a_file_input_sends_no_action() -> None:
    _, asking, _ = holder("file_input")
    assert check("modal", {**asking, "dispatch_action": True}) == [
        Problem("must not define `dispatch_action` with a `file_input` element", "/0/dispatch_action")
    ]


def test_a_video_needs_its_scope_and_a_domain_of_the_app() -> None:
    video = block("video")

    def problems(scopes: tuple[str, ...], domains: tuple[str, ...]) -> list[Problem]:
        return check_blocks([video], scopes=scopes, unfurl_domains=domains)

    assert problems(SCOPES, DOMAINS) == []
    assert problems((), DOMAINS) == [
        Problem("must have the `links.embed:write` scope to use a `video` block", "/blocks/0")
    ]
    for domains in ((), ("niv.example",), ("video.univ.example.org",)):
        assert problems(SCOPES, domains) == [
            Problem("must match one of the unfurl domains of the app", "/blocks/0/video_url")
        ]
    broken = {**video, "video_url": "https://["}
    assert check("message", broken) == [
        Problem("must match one of the unfurl domains of the app", "/0/video_url")
    ]
