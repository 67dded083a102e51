"""App manifests: what schema 2.0 accepts, just inside and just outside each limit."""

from typing import Any

import pytest

from playground.block_kit import Problem, check_manifest
from tests.playground.block_kit.examples import Json, changed, found, pointers

MANIFEST: Json = {
    "_metadata": {"major_version": 2, "minor_version": 1},
    "display_information": {
        "name": "Guichet",
        "description": "The help desk",
        "long_description": "x" * 175,
        "background_color": "#0000AA",
    },
    "features": {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "help-desk_1.0", "always_online": True},
        "slash_commands": [
            {
                "command": "/ticket",
                "description": "Open a ticket",
                "usage_hint": "[title]",
                "should_escape": True,
                "url": "https://univ.example/slack",
            }
        ],
        "shortcuts": [
            {"name": "New ticket", "type": "global", "callback_id": "new", "description": "Open a ticket"},
            {"name": "Ticket", "type": "message", "callback_id": "msg", "description": "Make it a ticket"},
        ],
        "unfurl_domains": ["univ.example"],
    },
    "oauth_config": {
        "redirect_urls": ["https://univ.example/oauth"],
        "scopes": {"bot": ["chat:write"], "bot_optional": ["files:read"]},
    },
    "settings": {
        "event_subscriptions": {
            "request_url": "https://univ.example/slack",
            "bot_events": ["app_home_opened", "message.im"],
        },
        "interactivity": {
            "is_enabled": True,
            "request_url": "https://univ.example/slack",
            "message_menu_options_url": "https://univ.example/slack",
        },
        "socket_mode_enabled": True,
        "org_deploy_enabled": False,
        "token_rotation_enabled": False,
    },
}
COMMAND = "/features/slash_commands/0"
SHORTCUT = "/features/shortcuts/0"
EVENTS = "/settings/event_subscriptions"


def test_the_full_manifest_is_accepted() -> None:
    assert check_manifest(MANIFEST) == []


def test_a_name_is_enough() -> None:
    assert check_manifest({"display_information": {"name": "G"}}) == []
    assert check_manifest({}) == [Problem("missing required field: display_information", "")]
    assert check_manifest([]) == [Problem("must provide an object", "")]


@pytest.mark.parametrize(
    ("pointer", "least", "most"),
    [
        ("/display_information/name", 1, 35),
        ("/display_information/description", 1, 140),
        ("/display_information/long_description", 175, 4000),
        ("/features/bot_user/display_name", 1, 80),
        (f"{COMMAND}/description", 1, 2000),
        (f"{COMMAND}/usage_hint", 1, 1000),
        (f"{SHORTCUT}/name", 1, 24),
        (f"{SHORTCUT}/callback_id", 1, 255),
        (f"{SHORTCUT}/description", 1, 150),
        ("/features/unfurl_domains/0", 1, 255),
        ("/oauth_config/redirect_urls/0", 1, 2500),
        ("/oauth_config/scopes/bot/0", 1, 50),
        (f"{EVENTS}/bot_events/0", 1, 50),
    ],
)
def test_a_text_has_so_many_characters(pointer: str, least: int, most: int) -> None:
    short = Problem(f"must be more than {least - 1} characters", pointer)
    long = Problem(f"must be less than {most + 1} characters", pointer)
    assert check_manifest(changed(MANIFEST, pointer, "x" * most)) == []
    assert check_manifest(changed(MANIFEST, pointer, "x" * (most + 1))) == [long]
    assert check_manifest(changed(MANIFEST, pointer, "x" * (least - 1))) == [short]


@pytest.mark.parametrize(
    ("pointer", "most"),
    [
        (f"{COMMAND}/url", 3000),
        (f"{EVENTS}/request_url", 3500),
        ("/settings/interactivity/request_url", 3500),
        ("/settings/interactivity/message_menu_options_url", 3500),
    ],
)
def test_an_address_is_http_and_not_too_long(pointer: str, most: int) -> None:
    url = "https://univ.example/"
    assert check_manifest(changed(MANIFEST, pointer, url.ljust(most, "x"))) == []
    assert check_manifest(changed(MANIFEST, pointer, url.ljust(most + 1, "x"))) == [
        Problem(f"must be less than {most + 1} characters", pointer)
    ]
    assert check_manifest(changed(MANIFEST, pointer, "univ.example")) == [
        Problem("must match the expected format", pointer)
    ]


@pytest.mark.parametrize(
    ("pointer", "item", "least", "most"),
    [
        ("/features/slash_commands", found(MANIFEST, COMMAND), 1, 50),
        ("/features/shortcuts", found(MANIFEST, SHORTCUT), 1, 10),
        ("/features/unfurl_domains", "d{}.example", 1, 5),
        ("/oauth_config/redirect_urls", "https://univ.example/{}", 0, 1000),
        ("/oauth_config/scopes/bot", "scope{}", 0, 255),
        ("/oauth_config/scopes/bot_optional", "scope{}", 0, 255),
        (f"{EVENTS}/bot_events", "event{}", 0, 100),
    ],
)
def test_a_list_has_so_many_items(pointer: str, item: Any, least: int, most: int) -> None:
    def items(count: int) -> list[Any]:
        return [item.format(number) if isinstance(item, str) else item for number in range(count)]

    few = [Problem("must provide at least 1 items", pointer)] if least else []
    assert check_manifest(changed(MANIFEST, pointer, items(most))) == []
    assert check_manifest(changed(MANIFEST, pointer, items(0))) == few
    assert check_manifest(changed(MANIFEST, pointer, items(most + 1))) == [
        Problem(f"no more than {most} items allowed", pointer)
    ]


@pytest.mark.parametrize(
    ("pointer", "good", "bad"),
    [
        (f"{COMMAND}/command", ["/t", "/" + "x" * 31], ["ticket", "/two words"]),
        ("/features/bot_user/display_name", ["guichet"], ["Guichet", "help desk"]),
        ("/display_information/background_color", ["#000", "#0aB1c2"], ["0000AA", "#12", "blue"]),
        ("/features/unfurl_domains/0", ["univ.example"], ["-univ.example", "https://univ.example"]),
    ],
)
def test_a_value_has_the_expected_form(pointer: str, good: list[str], bad: list[str]) -> None:
    for value in good:
        assert check_manifest(changed(MANIFEST, pointer, value)) == []
    for value in bad:
        assert check_manifest(changed(MANIFEST, pointer, value)) == [
            Problem("must match the expected format", pointer)
        ]


def test_a_command_has_2_to_32_characters() -> None:
    pointer = f"{COMMAND}/command"
    assert check_manifest(changed(MANIFEST, pointer, "/")) == [
        Problem("must be more than 1 characters", pointer)
    ]
    assert check_manifest(changed(MANIFEST, pointer, "/" + "x" * 32)) == [
        Problem("must be less than 33 characters", pointer)
    ]


def test_a_shortcut_is_global_or_of_a_message() -> None:
    assert check_manifest(changed(MANIFEST, f"{SHORTCUT}/type", "channel")) == [
        Problem("must be a valid enum value", f"{SHORTCUT}/type")
    ]


@pytest.mark.parametrize(
    "pointer", [f"{EVENTS}/bot_events", "/features/unfurl_domains", "/oauth_config/redirect_urls"]
)
def test_some_lists_have_no_item_twice(pointer: str) -> None:
    one = found(MANIFEST, pointer)[0]
    assert check_manifest(changed(MANIFEST, pointer, [one, one])) == [
        Problem("must not contain duplicate items", pointer)
    ]


def test_an_unknown_key_is_refused_wherever_it_stands() -> None:
    for pointer in pointers(MANIFEST):
        if isinstance(found(MANIFEST, pointer), dict):
            assert check_manifest(changed(MANIFEST, f"{pointer}/surprise", 1)) == [
                Problem("invalid additional property: surprise", pointer)
            ]


def test_the_parts_for_workflow_apps_are_not_read_and_agent_views_are_refused() -> None:
    assert check_manifest({**MANIFEST, "functions": {"f": {}}, "datastores": {}}) == []
    assert check_manifest(changed(MANIFEST, "/features/agent_view", {})) == [
        Problem("invalid additional property: agent_view", "/features")
    ]
