"""How long, how many, how much, which values: for each limit a payload just inside and one just outside."""

import copy
from typing import Any

import pytest

from playground.block_kit import Problem
from tests.playground.block_kit.examples import EXAMPLES, Json, changed, check, found, option, plain

Place = tuple[str, str]  # an example and a pointer inside it
FIND = {(name, bool(at)): (surface, example, at) for name, surface, example, at in EXAMPLES}


def place(name: str, pointer: str) -> tuple[str, Json, str]:
    """Surface, payload and full pointer. `image.` is the element, `image` the block."""
    block = FIND.get((name, False))
    surface, example, at = block if block else FIND[name.removesuffix("."), True]
    return surface, example, at + pointer


def assert_accepted(name: str, pointer: str, value: Any) -> None:
    surface, example, full = place(name, pointer)
    assert check(surface, changed(example, full, value)) == []


def assert_refused(name: str, pointer: str, value: Any, text: str) -> None:
    surface, example, full = place(name, pointer)
    assert check(surface, changed(example, full, value)) == [Problem(text, f"/0{full}")]


# -- characters ----------------------------------------------------------------------------------------

OPTION_TEXTS = [("/options/0/text/text", 75), ("/options/0/value", 150), ("/options/0/description/text", 75)]
CONFIRM_TEXTS = [
    ("/confirm/title/text", 100),
    ("/confirm/text/text", 300),
    ("/confirm/confirm/text", 30),
    ("/confirm/deny/text", 30),
]
MOST_CHARACTERS: list[tuple[str, str, int]] = [
    ("section", "/block_id", 255),
    ("section", "/text/text", 3000),
    ("section", "/fields/0/text", 2000),
    ("header", "/text/text", 150),
    ("context", "/elements/0/alt_text", 2000),
    ("context", "/elements/1/text", 3000),
    ("context", "/elements/2/text", 3000),
    ("input", "/label/text", 2000),
    ("input", "/hint/text", 2000),
    ("image", "/alt_text", 2000),
    ("image", "/title/text", 2000),
    ("video", "/title/text", 199),
    ("video", "/author_name", 49),
    ("video", "/description/text", 200),
    ("alert", "/text/text", 200),
    ("card", "/title/text", 150),
    ("card", "/subtitle/text", 150),
    ("card", "/body/text", 200),
    ("carousel", "/elements/0/body/text", 200),
    ("container", "/title/text", 150),
    ("container", "/subtitle/text", 150),
    ("data_visualization", "/title", 50),
    ("data_visualization", "/chart/series/0/name", 20),
    ("data_visualization", "/chart/axis_config/x_label", 50),
    ("data_visualization", "/chart/axis_config/y_label", 50),
    ("button", "/text/text", 75),
    ("button", "/action_id", 255),
    ("button", "/value", 2000),
    ("button", "/accessibility_label", 75),
    ("button", "/agent_prompt", 4000),
    *(("button", pointer, most) for pointer, most in CONFIRM_TEXTS),
    ("workflow_button", "/text/text", 75),
    ("workflow_button", "/accessibility_label", 75),
    ("workflow_button", "/workflow/trigger/url", 3000),
    ("feedback_buttons", "/positive_button/text/text", 75),
    ("feedback_buttons", "/negative_button/value", 2000),
    ("feedback_buttons", "/negative_button/accessibility_label", 75),
    ("icon_button", "/text/text", 75),
    ("icon_button", "/value", 2000),
    ("icon_button", "/accessibility_label", 75),
    *(("overflow", pointer, most) for pointer, most in OPTION_TEXTS),
    *(("static_select", pointer, most) for pointer, most in OPTION_TEXTS),
    *(("checkboxes", pointer, most) for pointer, most in OPTION_TEXTS),
    *(("radio_buttons", pointer, most) for pointer, most in OPTION_TEXTS),
    ("static_select", "/placeholder/text", 150),
    ("multi_static_select", "/option_groups/0/label/text", 75),
    ("plain_text_input", "/placeholder/text", 150),
    ("plain_text_input", "/initial_value", 3000),
    ("url_text_input", "/initial_value", 3000),
]
# An empty string may stand here: it clears something, or says nothing.
MAY_BE_EMPTY = {
    ("button", "/value"),
    ("icon_button", "/value"),
    ("plain_text_input", "/initial_value"),
    ("url_text_input", "/initial_value"),
}
MOST_URL_CHARACTERS = [
    ("image", "/image_url"),
    ("image.", "/image_url"),
    ("button", "/url"),
    ("overflow", "/options/0/url"),
    ("video", "/title_url"),
    ("video", "/thumbnail_url"),
    ("video", "/provider_icon_url"),
]


@pytest.mark.parametrize(("name", "pointer", "most"), MOST_CHARACTERS)
def test_a_text_has_at_most_so_many_characters_of_either_kind(name: str, pointer: str, most: int) -> None:
    surface, example, full = place(name, pointer)
    too_long = Problem(f"must be less than {most + 1} characters", f"/0{full}")
    empty = (
        [] if (name, pointer) in MAY_BE_EMPTY else [Problem("must be more than 0 characters", f"/0{full}")]
    )
    for one in in_either_kind(surface, example, full):
        assert check(surface, changed(one, full, "é" * most)) == []
        assert check(surface, changed(one, full, "é" * (most + 1))) == [too_long]
        assert check(surface, changed(one, full, "")) == empty


def in_either_kind(surface: str, example: Json, full: str) -> list[Json]:
    """The example and, where the text may be of the other kind too, the same with that kind."""
    parent = full.rpartition("/")[0]
    kind = found(example, parent).get("type")
    if kind not in ("plain_text", "mrkdwn"):
        return [example]
    other = {"type": "mrkdwn" if kind == "plain_text" else "plain_text", "text": "Words"}
    swapped = changed(example, parent, other)
    return [example] if check(surface, swapped) else [example, swapped]


@pytest.mark.parametrize(("name", "pointer"), MOST_URL_CHARACTERS)
def test_a_url_has_at_most_3000_characters_and_a_scheme(name: str, pointer: str) -> None:
    url = "https://univ.example/"
    assert_accepted(name, pointer, url.ljust(3000, "x"))
    assert_refused(name, pointer, url.ljust(3001, "x"), "must be less than 3001 characters")
    assert_refused(name, pointer, "univ.example", "invalid url")


@pytest.mark.parametrize("pointer", ["/video_url", "/title_url"])
def test_a_video_is_fetched_over_https(pointer: str) -> None:
    assert_refused("video", pointer, "http://univ.example/film", "invalid url")


# -- items ---------------------------------------------------------------------------------------------

MOST_ITEMS: list[tuple[str, str, int]] = [
    ("section", "/fields", 10),
    ("context", "/elements", 10),
    ("actions", "/elements", 25),
    ("context_actions", "/elements", 5),
    ("card", "/actions", 2),
    ("carousel", "/elements", 10),
    ("container", "/child_blocks", 10),
    ("table", "/rows", 100),
    ("table", "/rows/1", 20),
    ("table", "/column_settings", 20),
    ("data_visualization", "/chart/series", 6),
    ("overflow", "/options", 5),
    ("static_select", "/options", 100),
    ("multi_static_select", "/option_groups", 100),
    ("multi_static_select", "/option_groups/0/options", 100),
    ("checkboxes", "/options", 10),
    ("radio_buttons", "/options", 10),
    ("icon_button", "/visible_to_user_ids", 10),
    ("plain_text_input", "/dispatch_action_config/trigger_actions_on", 2),
]
MAY_HAVE_NONE = {("table", "/column_settings")}
NOT_EMPTY: list[Place] = [
    ("multi_users_select", "/initial_users"),
    ("multi_conversations_select", "/initial_conversations"),
    ("multi_channels_select", "/initial_channels"),
    ("conversations_select", "/filter/include"),
    ("file_input", "/filetypes"),
    ("button", "/visible_to_user_ids"),
    ("rich_text", "/elements/1/elements"),
    ("workflow_button", "/workflow/trigger/customizable_input_parameters"),
    ("data_visualization", "/chart/series/0/data"),
    ("data_visualization", "/chart/axis_config/categories"),
]


def several(items: list[Any], count: int) -> list[Any]:
    """The first items, then more like them; identifiers stay unique."""
    more = []
    for number in range(count):
        item = copy.deepcopy(items[min(number, len(items) - 1)])
        if isinstance(item, dict) and number >= len(items):
            for key in ("value", "action_id", "block_id", "name"):
                if key in item:
                    item[key] = f"{item[key]} {number}"
        more.append(item)
    return more


@pytest.mark.parametrize(("name", "pointer", "most"), MOST_ITEMS)
def test_a_list_has_at_most_so_many_items(name: str, pointer: str, most: int) -> None:
    _, example, full = place(name, pointer)
    items = found(example, full)
    assert_accepted(name, pointer, several(items, most))
    assert_refused(name, pointer, several(items, most + 1), f"no more than {most} items allowed")


@pytest.mark.parametrize(("name", "pointer", "most"), MOST_ITEMS)
def test_a_list_is_not_empty(name: str, pointer: str, most: int) -> None:
    surface, example, full = place(name, pointer)
    problems = check(surface, changed(example, full, []))
    empty = Problem("must provide at least 1 items", f"/0{full}")
    assert (empty in problems) is ((name, pointer) not in MAY_HAVE_NONE)


@pytest.mark.parametrize(("name", "pointer"), NOT_EMPTY)
def test_a_list_without_a_known_limit_is_not_empty_either(name: str, pointer: str) -> None:
    surface, example, full = place(name, pointer)
    empty = Problem("must provide at least 1 items", f"/0{full}")
    assert empty in check(surface, changed(example, full, []))


def test_a_data_table_has_a_header_and_up_to_100_rows() -> None:
    row = [{"type": "raw_text", "text": "a"}]
    assert_accepted("data_table", "/rows", [row] * 2)
    assert_accepted("data_table", "/rows", [row] * 101)
    assert_refused("data_table", "/rows", [row], "must provide at least 2 items")
    assert_refused("data_table", "/rows", [row] * 102, "no more than 101 items allowed")


def test_the_smallest_length_of_a_text_is_at_most_3000() -> None:
    assert_accepted("plain_text_input", "/min_length", 3000)
    assert_refused("plain_text_input", "/min_length", 2999.5, "must provide an integer")
    surface, example, full = place("plain_text_input", "/min_length")
    assert Problem("must be less than or equal to 3000", f"/0{full}") in check(
        surface, changed(example, full, 3001)
    )


@pytest.mark.parametrize("kind", ["line", "bar", "area"])
def test_a_chart_with_axes_has_1_to_6_series(kind: str) -> None:
    surface, example, _ = place("data_visualization", "")
    chart = changed(example, "/chart/type", kind)
    series = found(chart, "/chart/series")
    assert check(surface, changed(chart, "/chart/series", several(series, 6))) == []
    for count, text in ((0, "must provide at least 1 items"), (7, "no more than 6 items allowed")):
        broken = changed(chart, "/chart/series", several(series, count))
        assert check(surface, broken) == [Problem(text, "/0/chart/series")]
    for key in ("series", "axis_config"):
        without = {name: value for name, value in found(chart, "/chart").items() if name != key}
        assert Problem(f"missing required field: {key}", "/0/chart") in check(
            surface, changed(chart, "/chart", without)
        )


def test_a_series_has_at_most_20_points() -> None:
    def chart(count: int) -> Json:
        points = [{"label": f"day {number}", "value": number} for number in range(count)]
        axes = {"categories": [point["label"] for point in points]}
        return {"type": "bar", "series": [{"name": "Tickets", "data": points}], "axis_config": axes}

    surface, example, full = place("data_visualization", "/chart")
    assert check(surface, changed(example, full, chart(20))) == []
    text = "no more than 20 items allowed"
    assert check(surface, changed(example, full, chart(21))) == [
        Problem(text, "/0/chart/series/0/data"),
        Problem(text, "/0/chart/axis_config/categories"),
    ]


def test_a_pie_has_at_most_6_segments_of_positive_value() -> None:
    def pie(*values: float) -> Json:
        segments = [{"label": "x" * 20, "value": value} for value in values]
        return {"type": "pie", "segments": segments}

    assert_accepted("data_visualization", "/chart", pie(*[0.1] * 6))
    surface, example, full = place("data_visualization", "/chart")
    assert check(surface, changed(example, full, pie(*[1] * 7))) == [
        Problem("no more than 6 items allowed", "/0/chart/segments")
    ]
    assert check(surface, changed(example, full, pie(0))) == [
        Problem("must be greater than 0", "/0/chart/segments/0/value")
    ]
    assert check(surface, changed(example, full, pie())) == [
        Problem("must provide at least 1 items", "/0/chart/segments")
    ]
    assert check(surface, changed(example, full, {"type": "pie"})) == [
        Problem("missing required field: segments", "/0/chart")
    ]
    assert check(surface, changed(example, full, {"type": "pie", "segments": [{}]})) == [
        Problem("missing required field: label", "/0/chart/segments/0"),
        Problem("missing required field: value", "/0/chart/segments/0"),
    ]
    broken = changed(example, full, changed(pie(1), "/segments/0/label", "x" * 21))
    assert check(surface, broken) == [Problem("must be less than 21 characters", "/0/chart/segments/0/label")]


# -- numbers -------------------------------------------------------------------------------------------

NUMBERS: list[tuple[str, str, int, int]] = [
    ("header", "/level", 1, 4),
    ("rich_text", "/elements/1/indent", 0, 8),
    ("rich_text", "/elements/1/border", 0, 1),
    ("rich_text", "/elements/3/border", 0, 1),
    ("rich_text", "/elements/0/elements/2/skin_tone", 1, 6),
    ("data_table", "/page_size", 1, 100),
    ("data_table", "/row_header_column_index", 0, 19),
    ("plain_text_input", "/max_length", 1, 3000),
    ("rich_text_input", "/max_lines", 1, 100),
    ("file_input", "/max_files", 1, 10),
    ("datetimepicker", "/initial_date_time", 1_000_000_000, 9_999_999_999),
]
SMALLEST: list[tuple[str, str, int]] = [
    ("multi_static_select", "/max_selected_items", 1),
    ("multi_users_select", "/max_selected_items", 1),
    ("external_select", "/min_query_length", 0),
    ("rich_text", "/elements/1/offset", 0),
    ("plain_text_input", "/min_length", 0),
]


@pytest.mark.parametrize(("name", "pointer", "low", "high"), NUMBERS)
def test_a_number_stands_between_its_bounds(name: str, pointer: str, low: int, high: int) -> None:
    assert_accepted(name, pointer, low)
    assert_accepted(name, pointer, high)
    assert_refused(name, pointer, low - 1, f"must be greater than or equal to {low}")
    assert_refused(name, pointer, high + 1, f"must be less than or equal to {high}")
    assert_refused(name, pointer, str(low), "must provide an integer")
    assert_refused(name, pointer, True, "must provide an integer")


@pytest.mark.parametrize(("name", "pointer", "low"), SMALLEST)
def test_a_number_is_not_below_its_bound(name: str, pointer: str, low: int) -> None:
    assert_accepted(name, pointer, low)
    assert_refused(name, pointer, low - 1, f"must be greater than or equal to {low}")


# -- values --------------------------------------------------------------------------------------------

ENUMS: list[tuple[str, str, tuple[str, ...]]] = [
    ("button", "/style", ("primary", "danger")),
    ("button", "/confirm/style", ("primary", "danger")),
    ("workflow_button", "/style", ("primary", "danger")),
    ("icon_button", "/icon", ("trash",)),
    ("alert", "/level", ("default", "info", "warning", "error", "success")),
    ("container", "/width", ("narrow", "standard", "wide", "full")),
    ("task_card", "/status", ("pending", "in_progress", "complete", "error")),
    ("table", "/column_settings/0/align", ("left", "center", "right")),
    ("rich_text", "/elements/1/style", ("bullet", "ordered")),
    ("rich_text", "/elements/0/elements/7/range", ("here", "channel", "everyone")),
    ("conversations_select", "/filter/include/0", ("im", "mpim", "public")),
    (
        "plain_text_input",
        "/dispatch_action_config/trigger_actions_on/0",
        ("on_enter_pressed", "on_character_entered"),
    ),
    ("card", "/slack_icon/name", ("archive", "star-filled", "warning")),
]


@pytest.mark.parametrize(("name", "pointer", "values"), ENUMS)
def test_a_value_is_one_of_a_few(name: str, pointer: str, values: tuple[str, ...]) -> None:
    for value in values:
        assert_accepted(name, pointer, value)
    for value in ("", "default ", values[0].upper()):
        assert_refused(name, pointer, value, "must be a valid enum value")


FORMS: list[tuple[str, str, list[str], list[str], str]] = [
    (
        "datepicker",
        "/initial_date",
        ["2026-02-28", "1999-12-31"],
        ["", "2026-2-28", "2026-13-01", "28/02/2026", "2026-01-32"],
        "must match the expected format",
    ),
    (
        "timepicker",
        "/initial_time",
        ["00:00", "23:59"],
        ["24:00", "9:30", "12:60", "12:30:00"],
        "must match the expected format",
    ),
    (
        "timepicker",
        "/timezone",
        ["Europe/Paris", "UTC"],
        ["Paris", "Europe/Lille"],
        "must be a valid time zone",
    ),
    ("number_input", "/initial_value", ["-3", "3.25"], ["abc", "1e3", "1,5"], "must be a numeric string"),
    (
        "users_select",
        "/initial_user",
        ["U012AB", "W012AB"],
        ["camille", "C012AB"],
        "must match the expected format",
    ),
    ("channels_select", "/initial_channel", ["C012AB"], ["D012AB"], "must match the expected format"),
    (
        "conversations_select",
        "/initial_conversation",
        ["C012AB", "D012AB", "G012AB"],
        ["general", "U012AB"],
        "must match the expected format",
    ),
    ("image", "/image_url", ["http://univ.example/a.png"], ["ftp://univ.example/a.png"], "invalid url"),
    ("rich_text", "/elements/0/elements/3/user_id", ["W012AB"], ["@léa"], "must match the expected format"),
    (
        "rich_text",
        "/elements/0/elements/4/usergroup_id",
        ["S012AB"],
        ["T012AB"],
        "must match the expected format",
    ),
    (
        "rich_text",
        "/elements/0/elements/5/channel_id",
        ["G012AB"],
        ["S012AB"],
        "must match the expected format",
    ),
    ("rich_text", "/elements/0/elements/6/team_id", ["E012AB"], ["U012AB"], "must match the expected format"),
    ("file_input", "/filetypes/0", ["pdf"], [".pdf"], "must match the expected format"),
]


@pytest.mark.parametrize(("name", "pointer", "good", "bad", "text"), FORMS)
def test_a_value_has_the_expected_form(
    name: str, pointer: str, good: list[str], bad: list[str], text: str
) -> None:
    for value in good:
        assert_accepted(name, pointer, value)
    for value in bad:
        assert_refused(name, pointer, value, text if value else "must be more than 0 characters")


# -- kinds of text -------------------------------------------------------------------------------------

PLAIN_ONLY: list[Place] = [
    ("header", "/text"),
    ("input", "/label"),
    ("input", "/hint"),
    ("image", "/title"),
    ("video", "/title"),
    ("container", "/title"),
    ("button", "/text"),
    ("button", "/confirm/title"),
    ("button", "/confirm/confirm"),
    ("static_select", "/placeholder"),
    ("static_select", "/options/0/text"),
    ("static_select", "/options/0/description"),
    ("overflow", "/options/0/text"),
    ("multi_static_select", "/option_groups/0/label"),
    ("plain_text_input", "/placeholder"),
]
BOTH_KINDS: list[Place] = [
    ("section", "/text"),
    ("section", "/fields/0"),
    ("context", "/elements/1"),
    ("alert", "/text"),
    ("card", "/title"),
    ("card", "/subtitle"),
    ("card", "/body"),
    ("container", "/subtitle"),
    ("button", "/confirm/text"),
    ("checkboxes", "/options/0/text"),
    ("radio_buttons", "/options/0/description"),
]


@pytest.mark.parametrize(("name", "pointer"), PLAIN_ONLY)
def test_mrkdwn_is_refused_where_only_plain_text_stands(name: str, pointer: str) -> None:
    surface, example, full = place(name, pointer)
    broken = changed(example, full, {"type": "mrkdwn", "text": "*no*"})
    assert check(surface, broken) == [Problem("unsupported type: mrkdwn", f"/0{full}/type")]


@pytest.mark.parametrize(("name", "pointer"), [*PLAIN_ONLY, *BOTH_KINDS])
def test_a_bare_string_is_no_text(name: str, pointer: str) -> None:
    assert_refused(name, pointer, "Words", "must provide an object")


@pytest.mark.parametrize(("name", "pointer"), BOTH_KINDS)
@pytest.mark.parametrize("kind", ["plain_text", "mrkdwn"])
def test_a_text_of_either_kind_has_text(name: str, pointer: str, kind: str) -> None:
    assert_refused(name, pointer, {"type": kind}, "missing required field: text")


@pytest.mark.parametrize(("name", "pointer"), BOTH_KINDS)
def test_both_kinds_of_text_stand_here_each_with_its_own_keys(name: str, pointer: str) -> None:
    assert_accepted(name, pointer, {"type": "plain_text", "text": "a", "emoji": False})
    assert_accepted(name, pointer, {"type": "mrkdwn", "text": "a", "verbatim": True})
    surface, example, full = place(name, pointer)
    for kind, key in (("mrkdwn", "emoji"), ("plain_text", "verbatim")):
        broken = changed(example, full, {"type": kind, "text": "a", key: True})
        assert check(surface, broken) == [Problem(f"invalid additional property: {key}", f"/0{full}")]


def test_only_overflow_options_have_a_url() -> None:
    surface, example, full = place("static_select", "/options/0")
    broken = changed(example, full, option("value 0", url="https://univ.example"))
    assert check(surface, broken) == [Problem("invalid additional property: url", f"/0{full}")]


def test_a_confirmation_needs_its_four_texts() -> None:
    surface, example, full = place("button", "/confirm")
    broken = changed(example, full, {"title": plain(), "text": plain(), "confirm": plain()})
    assert check(surface, broken) == [Problem("missing required field: deny", f"/0{full}")]
