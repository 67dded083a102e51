"""What the tests shorten of Slack's libraries gives the same results."""

from collections.abc import Iterator

from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.util.utils import get_arg_names_of_callable
from slack_sdk.models import blocks, views
from slack_sdk.models.basic_objects import JsonObject

from blocks import ids
from tests.support.databases import ON_SQLITE_ONLY
from tests.support.help_desk import Desk, Person
from tests.support.library_shortcuts import argument_names, bolts_matches, matches, validators


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


@ON_SQLITE_ONLY
def test_a_payload_is_for_the_listeners_that_bolt_finds(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket()
    karim.take()
    camille.home()
    camille.shortcut(ids.SHORTCUT_NEW_TICKET)
    kinds = {body.get("type", "command") for body in desk.received}
    assert kinds == {"command", "block_actions", "view_submission", "event_callback", "shortcut"}
    matchers = [each.matchers[0] for each in desk.parts.app._listeners]  # type: ignore[attr-defined]
    assert len([each for each in matchers if each.arg_names == ["body"]]) > 100
    for body in desk.received:
        request, response = BoltRequest(body=body, mode="socket_mode"), BoltResponse(status=404)
        found = [matches(matcher, request, response) for matcher in matchers]
        assert found == [bolts_matches(matcher, request, response) for matcher in matchers]
        assert any(found)
