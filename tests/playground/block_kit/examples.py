"""One full example of everything Block Kit has, and ways to change one thing in it.

An example sets every field that can stand beside the others, so that a test may break any one of them.
"""

import copy
from typing import Any

from playground.block_kit import Problem, check_blocks, check_view
from playground.block_kit.problem import NO_SCHEMA

Json = dict[str, Any]
SCOPES = ("files:read", "links.embed:write")
DOMAINS = ("univ.example",)


def plain(text: str = "Words") -> Json:
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str = "*Words*") -> Json:
    return {"type": "mrkdwn", "text": text, "verbatim": False}


def option(value: str = "one", **more: Any) -> Json:
    return {"text": plain(value), "value": value, "description": plain("Why"), **more}


def options(count: int) -> list[Json]:
    return [option(f"value {number}") for number in range(count)]


CONFIRM = {
    "title": plain(),
    "text": mrkdwn(),
    "confirm": plain("Yes"),
    "deny": plain("No"),
    "style": "danger",
}
CHOOSING = {"action_id": "act", "placeholder": plain(), "focus_on_load": True, "confirm": CONFIRM}
MANY = {**CHOOSING, "max_selected_items": 2}
TYPED = {
    "action_id": "act",
    "placeholder": plain(),
    "focus_on_load": True,
    "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
}
IMAGE = {"type": "image", "alt_text": "A cat", "image_url": "https://univ.example/cat.png"}
STYLE = {"bold": True, "italic": False}
RICH_TEXT: Json = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Hello ", "style": STYLE},
                {
                    "type": "link",
                    "url": "https://univ.example",
                    "text": "site",
                    "unsafe": False,
                    "style": STYLE,
                },
                {"type": "emoji", "name": "tada", "unicode": "1f389", "skin_tone": 2, "style": STYLE},
                {"type": "user", "user_id": "U0CAMILLE0", "style": STYLE},
                {"type": "usergroup", "usergroup_id": "S0TEAM0000", "style": STYLE},
                {"type": "channel", "channel_id": "C0GENERAL0", "style": STYLE},
                {"type": "team", "team_id": "T0PLAYGRND", "style": STYLE},
                {"type": "broadcast", "range": "here", "style": STYLE},
                {"type": "color", "value": "#F405B3", "style": STYLE},
                {
                    "type": "date",
                    "timestamp": 1720710212,
                    "format": "{date_num}",
                    "url": "https://univ.example",
                    "fallback": "in July",
                    "style": STYLE,
                },
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "indent": 1,
            "offset": 2,
            "border": 1,
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "point"}]}],
        },
        {
            "type": "rich_text_preformatted",
            "border": 0,
            "language": "python",
            "elements": [{"type": "text", "text": "print()"}],
        },
        {"type": "rich_text_quote", "border": 1, "elements": [{"type": "text", "text": "said"}]},
    ],
}

ELEMENTS: dict[str, Json] = {
    "button": {
        "text": plain(),
        "action_id": "act",
        "url": "https://univ.example",
        "value": "v",
        "style": "primary",
        "confirm": CONFIRM,
        "accessibility_label": "A button",
        "agent_prompt": "Help",
        "agent_prompt_display": "Help me",
        "visible_to_user_ids": ["U0CAMILLE0"],
    },
    "workflow_button": {
        "text": plain(),
        "action_id": "act",
        "workflow": {
            "trigger": {
                "url": "https://slack.com/shortcuts/Ft1/x",
                "customizable_input_parameters": [{"name": "n", "value": "v"}],
            }
        },
        "style": "danger",
        "accessibility_label": "A workflow",
    },
    "overflow": {
        "action_id": "act",
        "confirm": CONFIRM,
        "options": [option(url="https://univ.example"), option("two")],
    },
    "image": {"alt_text": "A cat", "image_url": "https://univ.example/cat.png"},
    "static_select": {**CHOOSING, "options": options(2), "initial_option": option("value 1")},
    "multi_static_select": {
        **MANY,
        "option_groups": [{"label": plain(), "options": options(2)}],
        "initial_options": options(1),
    },
    "external_select": {**CHOOSING, "min_query_length": 0, "initial_option": option()},
    "multi_external_select": {**MANY, "min_query_length": 3, "initial_options": [option()]},
    "users_select": {**CHOOSING, "initial_user": "U0CAMILLE0"},
    "multi_users_select": {**MANY, "initial_users": ["U0CAMILLE0", "W0KARIM000"]},
    "conversations_select": {
        **CHOOSING,
        "initial_conversation": "C0GENERAL0",
        "default_to_current_conversation": True,
        "filter": {
            "include": ["im", "private"],
            "exclude_bot_users": True,
            "exclude_external_shared_channels": True,
        },
    },
    "multi_conversations_select": {
        **MANY,
        "initial_conversations": ["D0CAMILLE0"],
        "default_to_current_conversation": False,
        "filter": {"exclude_bot_users": True},
    },
    "channels_select": {**CHOOSING, "initial_channel": "C0GENERAL0"},
    "multi_channels_select": {**MANY, "initial_channels": ["C0GENERAL0"]},
    "checkboxes": {
        "action_id": "act",
        "focus_on_load": True,
        "confirm": CONFIRM,
        "options": [{"text": mrkdwn(), "value": "one", "description": mrkdwn()}, *options(1)],
        "initial_options": options(1),
    },
    "radio_buttons": {
        "action_id": "act",
        "focus_on_load": True,
        "confirm": CONFIRM,
        "options": [{"text": mrkdwn(), "value": "one", "description": mrkdwn()}, *options(1)],
        "initial_option": option("value 0"),
    },
    "datepicker": {**CHOOSING, "initial_date": "2026-11-30"},
    "timepicker": {**CHOOSING, "initial_time": "23:59", "timezone": "Europe/Paris"},
    "datetimepicker": {
        "action_id": "act",
        "focus_on_load": True,
        "confirm": CONFIRM,
        "initial_date_time": 1628633820,
    },
    "plain_text_input": {
        **TYPED,
        "initial_value": "Hi",
        "multiline": True,
        "min_length": 0,
        "max_length": 3000,
    },
    "email_text_input": {**TYPED, "initial_value": "camille@univ.example"},
    "url_text_input": {**TYPED, "initial_value": "https://univ.example"},
    "number_input": {
        **TYPED,
        "is_decimal_allowed": True,
        "initial_value": "7",
        "min_value": "-1.5",
        "max_value": "10",
    },
    "rich_text_input": {**TYPED, "initial_value": RICH_TEXT, "max_lines": 10},
    "file_input": {"action_id": "act", "filetypes": ["pdf", "png"], "max_files": 10},
    "feedback_buttons": {
        "action_id": "act",
        "positive_button": {"text": plain("Good"), "value": "+", "accessibility_label": "Good"},
        "negative_button": {"text": plain("Bad"), "value": "-", "accessibility_label": "Bad"},
    },
    "icon_button": {
        "action_id": "act",
        "icon": "trash",
        "text": plain(),
        "value": "v",
        "confirm": CONFIRM,
        "accessibility_label": "Delete",
        "visible_to_user_ids": ["U0CAMILLE0"],
    },
}

CARD: Json = {
    "type": "card",
    "block_id": "card",
    "hero_image": IMAGE,
    "slack_icon": {"type": "icon", "name": "bug"},
    "title": mrkdwn(),
    "subtitle": plain(),
    "body": mrkdwn(),
    "actions": [{"type": "button", "text": plain(), "action_id": "go"}],
}
TASK_CARD: Json = {
    "type": "task_card",
    "block_id": "task",
    "task_id": "t1",
    "title": "Search",
    "status": "complete",
    "details": RICH_TEXT,
    "output": RICH_TEXT,
    "sources": [{"type": "url", "url": "https://univ.example", "text": "Site"}],
}
CELLS = [{"type": "raw_text", "text": "a"}, {"type": "raw_number", "value": 1.5, "text": "1,5"}]
SERIES = {"name": "Tickets", "data": [{"label": "Mon", "value": 3.5}, {"label": "Tue", "value": -4.0}]}

BLOCKS: dict[str, Json] = {
    "section": {"text": mrkdwn(), "fields": [plain(), mrkdwn()], "expand": True},
    "header": {"text": plain(), "level": 2},
    "divider": {},
    "context": {"elements": [IMAGE, plain(), mrkdwn()]},
    "actions": {"elements": [{"type": "button", "text": plain(), "action_id": "go"}]},
    "input": {
        "label": plain(),
        "element": {"type": "plain_text_input", "action_id": "act"},
        "hint": plain(),
        "optional": True,
        "dispatch_action": True,
    },
    "image": {"alt_text": "A cat", "image_url": "https://univ.example/cat.png", "title": plain()},
    "rich_text": RICH_TEXT,
    "video": {
        "alt_text": "A film",
        "title": plain(),
        "thumbnail_url": "https://univ.example/film.png",
        "video_url": "https://video.univ.example/film",
        "title_url": "https://univ.example/film",
        "author_name": "Léa",
        "description": plain(),
        "provider_name": "DNum",
        "provider_icon_url": "https://univ.example/icon.png",
    },
    "markdown": {"text": "**Words**"},
    "context_actions": {"elements": [{"type": "feedback_buttons", **ELEMENTS["feedback_buttons"]}]},
    "alert": {"text": mrkdwn(), "level": "warning"},
    "card": CARD,
    "carousel": {"elements": [CARD]},
    "container": {
        "title": plain(),
        "rich_text_title": RICH_TEXT,
        "subtitle": mrkdwn(),
        "icon": IMAGE,
        "width": "wide",
        "is_collapsible": True,
        "default_collapsed": True,
        "has_header_divider": False,
        "child_blocks": [{"type": "divider"}],
    },
    "task_card": TASK_CARD,
    "plan": {"title": "Plan", "tasks": [TASK_CARD]},
    "table": {
        "rows": [CELLS, [RICH_TEXT]],
        "column_settings": [{"align": "right", "is_wrapped": True}, None],
    },
    "data_table": {
        "caption": "Tickets",
        "rows": [CELLS, [RICH_TEXT, CELLS[1]]],
        "page_size": 5,
        "row_header_column_index": 0,
    },
    "data_visualization": {
        "title": "Tickets",
        "chart": {
            "type": "line",
            "series": [SERIES],
            "axis_config": {"categories": ["Mon", "Tue"], "x_label": "Day", "y_label": "Number"},
        },
    },
}
MODAL: Json = {
    "type": "modal",
    "title": plain(),
    "submit": plain("Send"),
    "close": plain("Cancel"),
    "callback_id": "ticket",
    "private_metadata": "{}",
    "external_id": "ticket-1",
    "clear_on_close": True,
    "notify_on_close": True,
    "blocks": [{"type": "divider"}],
}
HOME: Json = {
    "type": "home",
    "callback_id": "home",
    "private_metadata": "{}",
    "external_id": "home-1",
    "blocks": [{"type": "divider"}],
}

# Where an element stands in its example, and on which surface: the first that fits.
IN_ACTIONS = ("workflow_button", "button", "overflow")
IN_MODAL = ("email_text_input", "url_text_input", "number_input", "rich_text_input", "file_input")


def block(kind: str, **changes: Any) -> Json:
    """The example of a block, with these fields instead."""
    return copy.deepcopy({"type": kind, "block_id": kind, **BLOCKS[kind], **changes})


def element(kind: str, **changes: Any) -> Json:
    """The example of an element, with these fields instead."""
    return copy.deepcopy({"type": kind, **ELEMENTS[kind], **changes})


def holder(kind: str) -> tuple[str, Json, str]:
    """A surface, a block with the example of this element, and the element's pointer inside the block."""
    example = element(kind)
    if kind in IN_ACTIONS:
        return "message", block("actions", elements=[example]), "/elements/0"
    if kind in ("feedback_buttons", "icon_button"):
        return "message", block("context_actions", elements=[example]), "/elements/0"
    if kind == "image":
        return "message", block("section", accessory=example), "/accessory"
    changes: Json = {"dispatch_action": False} if kind == "file_input" else {}
    return "modal" if kind in IN_MODAL else "message", block("input", element=example, **changes), "/element"


def surface_of(kind: str) -> str:
    """A surface that takes this block."""
    return "modal" if kind == "alert" else "message"


def check(surface: str, *blocks: Json) -> list[Problem]:
    """The problems of these blocks, without the lines about whole objects; pointers begin at the blocks."""
    if surface == "message":
        found = check_blocks(list(blocks), scopes=SCOPES, unfurl_domains=DOMAINS)
    else:
        view = {**(HOME if surface == "home" else MODAL), "blocks": list(blocks)}
        found = check_view(view, scopes=SCOPES, unfurl_domains=DOMAINS)
    return [
        Problem(one.message, one.pointer.removeprefix("/view").removeprefix("/blocks"))
        for one in found
        if one.message != NO_SCHEMA
    ]


def changed(whole: Any, pointer: str, value: Any) -> Any:
    """A copy of `whole` in which the JSON pointer leads to `value`."""
    whole = copy.deepcopy(whole)
    *path, last = pointer.split("/")[1:]
    inner = whole
    for step in path:
        inner = inner[int(step) if isinstance(inner, list) else step]
    inner[int(last) if isinstance(inner, list) else last] = value
    return whole


def found(whole: Any, pointer: str) -> Any:
    """What the JSON pointer leads to."""
    for step in pointer.split("/")[1:]:
        whole = whole[int(step) if isinstance(whole, list) else step]
    return whole


def pointers(value: Any, at: str = "") -> list[str]:
    """Every pointer into a value, its own included."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(found for key, item in inner for found in pointers(item, f"{at}/{key}"))]


# Every block and every element: its name, a surface, a block, the pointer of the example inside the block.
EXAMPLES: list[tuple[str, str, Json, str]] = [
    *((kind, surface_of(kind), block(kind), "") for kind in BLOCKS),
    *((kind, *holder(kind)) for kind in ELEMENTS),
]
