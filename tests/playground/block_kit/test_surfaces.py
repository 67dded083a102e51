"""Which blocks each surface takes, and which elements each block takes."""

from collections.abc import Collection

import pytest

from playground.block_kit import Problem
from tests.playground.block_kit.examples import BLOCKS, ELEMENTS, block, check, element

EVERYWHERE = frozenset({"message", "modal", "home"})
MESSAGE = frozenset({"message"})
MODAL_ONLY = frozenset({"modal"})
SURFACES: dict[str, Collection[str]] = {
    **dict.fromkeys(("section", "header", "divider", "context", "actions", "input"), EVERYWHERE),
    **dict.fromkeys(("image", "rich_text", "video"), EVERYWHERE),
    "alert": MODAL_ONLY,
    "card": {"message", "home"},  # documented for modals too, and seen to fail there
    "carousel": {"message", "home"},
    "container": {"message", "modal"},  # documented for the Home by some pages, and seen refused there
    **dict.fromkeys(("context_actions", "markdown", "plan", "task_card"), MESSAGE),
    **dict.fromkeys(("table", "data_table", "data_visualization"), MESSAGE),
}
ELEMENT_SURFACES: dict[str, Collection[str]] = {
    **dict.fromkeys(ELEMENTS, EVERYWHERE),
    **dict.fromkeys(("file_input", "email_text_input", "number_input", "url_text_input"), MODAL_ONLY),
    "rich_text_input": {"modal", "home"},
    "datetimepicker": {"message", "modal"},
    **dict.fromkeys(("workflow_button", "feedback_buttons", "icon_button"), MESSAGE),
}
CHOICES = {
    f"{many}{kind}_select"
    for many in ("", "multi_")
    for kind in ("static", "external", "users", "conversations", "channels")
} | {"checkboxes", "radio_buttons", "datepicker", "timepicker"}
TYPED = {"plain_text_input", "email_text_input", "url_text_input", "number_input"}
TAKES = {
    "section": CHOICES | {"button", "workflow_button", "overflow", "image"},
    "actions": CHOICES | {"button", "workflow_button", "overflow", "datetimepicker", "rich_text_input"},
    "input": CHOICES | TYPED | {"datetimepicker", "rich_text_input", "file_input"},
    "context_actions": {"feedback_buttons", "icon_button"},
    "context": {"image"},
    "card": {"button"},
}


@pytest.mark.parametrize("surface", sorted(EVERYWHERE))
@pytest.mark.parametrize("kind", BLOCKS)
def test_a_block_stands_on_its_surfaces_only(kind: str, surface: str) -> None:
    problems = check(surface, block(kind))
    refused = Problem(f"unsupported type: {kind}", "/0/type")
    assert problems == ([] if surface in SURFACES[kind] else [refused])


@pytest.mark.parametrize("kind", ["file", "call", "button", "Section", "", "auth_provider"])
def test_an_unknown_block_is_refused(kind: str) -> None:
    assert check("message", {"type": kind}) == [Problem(f"unsupported type: {kind}", "/0/type")]


@pytest.mark.parametrize("holder", TAKES)
@pytest.mark.parametrize("kind", ELEMENTS)
def test_a_block_takes_its_elements_only(kind: str, holder: str) -> None:
    key = {"section": "accessory", "input": "element", "card": "actions"}.get(holder, "elements")
    single = key in ("accessory", "element")
    held = block(holder, **{key: element(kind) if single else [element(kind)]})
    held.pop("dispatch_action", None)  # which excludes a file_input
    pointer = f"/0/{key}/type" if single else f"/0/{key}/0/type"
    for surface in sorted(SURFACES[holder]):
        taken = kind in TAKES[holder] and surface in ELEMENT_SURFACES[kind]
        assert check(surface, held) == ([] if taken else [Problem(f"unsupported type: {kind}", pointer)])


@pytest.mark.parametrize("kind", BLOCKS)
def test_a_container_takes_simple_blocks_and_a_table_and_no_container(kind: str) -> None:
    simple = SURFACES[kind] == EVERYWHERE or kind == "table"
    refused = Problem(f"unsupported type: {kind}", "/0/child_blocks/0/type")
    assert check("message", block("container", child_blocks=[block(kind, block_id="in")])) == (
        [] if simple else [refused]
    )


@pytest.mark.parametrize("kind", BLOCKS)
def test_a_carousel_takes_cards_only(kind: str) -> None:
    refused = Problem(f"unsupported type: {kind}", "/0/elements/0/type")
    assert check("message", block("carousel", elements=[block(kind, block_id="in")])) == (
        [] if kind == "card" else [refused]
    )
