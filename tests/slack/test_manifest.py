"""The manifest and the code hold together: what is declared is listened to, what is called is allowed."""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml
from pydantic import SecretStr
from pytest_mock import MockerFixture
from slack_bolt import App
from typer.testing import CliRunner

from blocks import ids
from bot.app import create_app
from bot.cli import app as cli
from bot.settings import Settings
from bot.slack.manifest import manifest
from playground.block_kit import check_manifest
from playground.manifest import parse_manifest
from playground.web_api.registry import METHODS
from tests.architecture.modules import modules, package_of

ADDRESS = "https://guichet.univ.example/slack/events"

# What each method needs, and why. Source: docs.slack.dev, the page of each method.
NEEDS: Mapping[str, set[str]] = {
    "auth.test": set(),
    "blocks.validate": set(),
    "bots.info": {"users:read"},
    "chat.delete": {"chat:write"},
    "chat.getPermalink": set(),
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    # A lost card or announcement: direct message, triage channel, a public channel of a site.
    "conversations.history": {"im:history", "groups:history", "channels:history"},
    "conversations.info": {"channels:read", "groups:read"},  # a team's channel, whatever became of it
    "conversations.members": {"channels:read", "groups:read"},
    "conversations.open": {"im:write"},
    "conversations.replies": {"groups:history"},  # a lost line in a triage card's thread
    "files.completeUploadExternal": {"files:write"},
    "files.getUploadURLExternal": {"files:write"},
    "files.delete": {"files:write"},
    "files.info": {"files:read"},
    "users.conversations": {"channels:read", "groups:read"},  # the teams' channels that somebody is in
    "users.info": {"users:read", "users:read.email"},  # with the address that e-mails go to
    "views.open": set(),
    "views.publish": set(),
    "views.push": set(),
    "views.update": set(),
}
# The same of methods without which the desk works: who declines the scope has no approvers looked up so.
APP_LEVEL = {"apps.connections.open"}
"""Called with the app's token, whose scope no manifest has (docs.slack.dev, "connections:write")."""
OPTIONAL_NEEDS: Mapping[str, set[str]] = {
    "team.profile.get": {"users.profile:read"},
    "usergroups.users.list": {"usergroups:read"},
    "users.profile.get": {"users.profile:read"},
}
EVENTS_NEED: Mapping[str, set[str]] = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "channel_archive": {"channels:read"},
    "channel_id_changed": {"channels:read", "groups:read"},
    "channel_rename": {"channels:read"},
    "channel_shared": {"channels:read", "groups:read"},
    "channel_unarchive": {"channels:read"},
    "channel_unshared": {"channels:read", "groups:read"},
    "file_deleted": {"files:read"},
    "group_archive": {"groups:read"},
    "group_rename": {"groups:read"},
    "group_unarchive": {"groups:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "user_change": {"users:read"},
}


@pytest.fixture(params=[None, ADDRESS], ids=["socket", "http"])
def declared(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The manifest, either way."""
    return manifest(request_url=request.param)


@pytest.fixture
def listened(mocker: MockerFixture) -> Mapping[str, set[Any]]:
    """What the app registers listeners for, by the sort of listener."""
    sorts = ("command", "shortcut", "event", "action", "view", "options", "message", "function", "step")
    spies = {sort: mocker.spy(App, sort) for sort in sorts}
    settings = Settings(_env_file=None, slack_bot_token=SecretStr("xoxb-1"))
    nothing: Any = None
    create_app(settings, nothing, nothing, nothing)
    return {sort: {_what(call.args[1]) for call in spy.call_args_list} for sort, spy in spies.items()}


def _what(constraint: Any) -> Any:
    """What a listener is for; of an event with conditions, the event."""
    return constraint["type"] if isinstance(constraint, dict) else constraint


def called() -> set[str]:
    """The Web API methods that the bot's code names, as `client.views_open` or as "chat.update"."""
    as_python = {name.replace(".", "_"): {name} for name in METHODS}
    as_python["files_upload_v2"] = {"files.getUploadURLExternal", "files.completeUploadExternal"}
    return {name for word in _words() for name in as_python.get(word, {word} & METHODS.keys())}


def _words() -> Iterator[str]:
    for module, path in modules().items():
        if package_of(module) in {"bot", "models"}:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute):
                    yield node.attr
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


# What is declared, and what is listened to


def test_every_command_has_a_listener_and_every_listener_a_command(
    declared: dict[str, Any], listened: Mapping[str, set[Any]]
) -> None:
    assert {each["command"] for each in declared["features"]["slash_commands"]} == listened["command"]


def test_every_shortcut_has_a_listener_and_every_listener_a_shortcut(
    declared: dict[str, Any], listened: Mapping[str, set[Any]]
) -> None:
    assert {each["callback_id"] for each in declared["features"]["shortcuts"]} == listened["shortcut"]


def test_every_event_has_a_listener_and_every_listener_an_event(
    declared: dict[str, Any], listened: Mapping[str, set[Any]]
) -> None:
    events = declared["settings"]["event_subscriptions"]["bot_events"]
    assert len(events) == len(set(events))
    assert {event.partition(".")[0] for event in events} == listened["event"]


def test_nothing_else_is_listened_to(listened: Mapping[str, set[Any]]) -> None:
    sorts = {sort for sort, what in listened.items() if what}
    assert sorts == {"command", "shortcut", "event", "action", "view", "options"}


def test_every_button_has_a_listener_and_every_listener_an_id(listened: Mapping[str, set[Any]]) -> None:
    known = {value for name, value in vars(ids).items() if name.isupper()}
    words = {each for each in listened["action"] if isinstance(each, str)}
    patterns = [each for each in listened["action"] if not isinstance(each, str)]
    paging = {each for each in known if any(re.match(pattern, f"{each}.next") for pattern in patterns)}
    assert words <= known
    assert {each for each in known if "." in each} <= words | paging
    assert len(paging) == len(set(patterns))


def test_every_form_that_is_listened_to_has_an_id(listened: Mapping[str, set[Any]]) -> None:
    assert listened["view"] <= {value for name, value in vars(ids).items() if name.isupper()}


# Scopes


def test_the_scopes_are_those_that_the_methods_and_events_need_and_no_more(declared: dict[str, Any]) -> None:
    scopes = declared["oauth_config"]["scopes"]["bot"]
    events = declared["settings"]["event_subscriptions"]["bot_events"]
    needed = {"commands"}.union(*NEEDS.values(), *(EVENTS_NEED[name] for name in events))
    assert set(scopes) == needed
    assert len(scopes) == len(set(scopes))


def test_what_look_ups_of_approvers_need_may_be_declined(declared: dict[str, Any]) -> None:
    scopes = declared["oauth_config"]["scopes"]
    assert set(scopes["bot_optional"]) == set().union(*OPTIONAL_NEEDS.values())
    assert not set(scopes["bot_optional"]) & set(scopes["bot"])


def test_the_methods_that_the_bot_calls_are_known() -> None:
    assert called() == NEEDS.keys() | OPTIONAL_NEEDS.keys() | APP_LEVEL


@pytest.mark.parametrize("name", sorted(NEEDS))
def test_the_local_slack_asks_for_the_same_scopes(name: str) -> None:
    one_of = set(METHODS[name].scopes)
    assert NEEDS[name] & one_of if one_of else NEEDS[name] == set()


# As Slack would have it


def test_slack_would_take_it(declared: dict[str, Any]) -> None:
    assert list(check_manifest(declared)) == []
    assert parse_manifest(declared).name == "Guichet"


def test_over_http_every_door_has_the_address() -> None:
    declared = manifest(request_url=ADDRESS)
    settings, features = declared["settings"], declared["features"]
    assert settings["socket_mode_enabled"] is False
    assert (
        settings["event_subscriptions"]["request_url"] == settings["interactivity"]["request_url"] == ADDRESS
    )
    assert {command["url"] for command in features["slash_commands"]} == {ADDRESS}


def test_over_socket_mode_no_address_is_named() -> None:
    declared = manifest()
    assert declared["settings"]["socket_mode_enabled"] is True
    assert "http" not in str(declared)


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_the_command_prints_the_manifest(options: list[str]) -> None:
    printed = CliRunner().invoke(cli, ["manifest", *options])
    assert yaml.safe_load(printed.output) == manifest()  # JSON is YAML


def test_the_command_prints_the_manifest_for_http_at_the_public_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://guichet.univ.example")
    printed = CliRunner().invoke(cli, ["manifest", "--http"])
    assert yaml.safe_load(printed.output) == manifest(request_url=ADDRESS)
