"""Shortcuts through Slack's libraries where each test builds an app and its views: with the same results."""

from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any

from slack_bolt.listener import custom_listener
from slack_bolt.listener_matcher import builtins as listener_matchers
from slack_bolt.listener_matcher.builtins import BuiltinListenerMatcher
from slack_bolt.request import BoltRequest
from slack_bolt.response import BoltResponse
from slack_bolt.util import utils
from slack_sdk.models.basic_objects import JsonObject


@cache
def validators(kind: type[JsonObject]) -> list[str]:
    """The methods that `JsonObject.validate_json` calls; it looks for them again in each object."""
    named = [name for name in dir(kind) if not name.startswith("__")]
    return [name for name in named if hasattr(getattr(kind, name), "validator")]


def validate_json(self: JsonObject) -> None:
    for name in validators(type(self)):
        getattr(self, name)()


def argument_names(function: Callable[..., Any]) -> list[str]:
    """Of a plain function, from its code; of anything else as slack_bolt does, by `inspect`."""
    if not isinstance(function, FunctionType) or hasattr(function, "__wrapped__"):
        return utils.get_arg_names_of_callable(function)
    return list(function.__code__.co_varnames[: function.__code__.co_argcount])


bolts_matches = BuiltinListenerMatcher.matches


def matches(self: BuiltinListenerMatcher, req: BoltRequest, resp: BoltResponse) -> bool:
    """Of a function of the body: without all other arguments, which slack_bolt collects for each listener."""
    if self.arg_names == ["body"]:
        return bool(self.func(req.body))
    return bolts_matches(self, req, resp)


def pytest_configure() -> None:
    """Replace the libraries' own; `tests/slack/test_library_shortcuts.py` compares them."""
    JsonObject.validate_json = validate_json  # type: ignore[method-assign]
    BuiltinListenerMatcher.matches = matches  # type: ignore[method-assign]
    for module in (custom_listener, listener_matchers):
        module.get_arg_names_of_callable = argument_names  # type: ignore[attr-defined]
