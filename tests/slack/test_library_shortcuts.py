"""What the tests shorten of Slack's libraries gives the same results."""

from collections.abc import Iterator

from slack_bolt.util.utils import get_arg_names_of_callable
from slack_sdk.models import blocks, views
from slack_sdk.models.basic_objects import JsonObject

from tests.support.help_desk import Desk
from tests.support.library_shortcuts import argument_names, validators


def kinds(kind: type[JsonObject] = JsonObject) -> Iterator[type[JsonObject]]:
    for each in kind.__subclasses__():
        yield each
        yield from kinds(each)


def test_the_validators_of_a_kind_are_those_of_its_objects() -> None:
    """As `JsonObject.validate_json` finds them."""
    assert {blocks.SectionBlock, blocks.ButtonElement, views.View} <= set(kinds())
    for kind in kinds():
        methods = {name: getattr(kind, name) for name in dir(kind) if not name.startswith("__")}
        found = [name for name, each in methods.items() if callable(each) and hasattr(each, "validator")]
        assert validators(kind) == found
    assert len(validators(blocks.ButtonElement)) > 3


def test_the_arguments_of_the_apps_functions_are_those_that_bolt_reads(desk: Desk) -> None:
    functions = [each.ack_function for each in desk.parts.app._listeners]  # type: ignore[attr-defined]
    functions += [matcher.func for each in desk.parts.app._listeners for matcher in each.matchers]  # type: ignore[attr-defined]
    assert len(functions) > 100
    for function in functions:
        assert argument_names(function) == get_arg_names_of_callable(function)
