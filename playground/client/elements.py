"""The interactive elements of blocks, in every block that may have them."""

from collections.abc import Iterator
from dataclasses import dataclass

from playground.client.refusal import Refused
from playground.state.workspace import Json

_STATELESS = {"button", "overflow", "image", "workflow_button", "feedback_buttons", "icon_button"}

_TEXT_INPUTS = {"plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input"}


@dataclass(frozen=True)
class Element:
    """An element and the block it stands in."""

    block: Json
    json: Json

    @property
    def type(self) -> str:
        return str(self.json["type"])

    @property
    def action_id(self) -> str:
        return str(self.json.get("action_id", ""))

    @property
    def block_id(self) -> str:
        return str(self.block.get("block_id", ""))

    @property
    def is_input(self) -> bool:
        """Whether it stands in an input block, which has a label."""
        return bool(self.block["type"] == "input")

    @property
    def dispatches(self) -> bool:
        """Whether using it sends `block_actions`."""
        return not self.is_input or bool(self.block.get("dispatch_action"))

    @property
    def is_text_input(self) -> bool:
        """Whether its value is text, and not chosen."""
        return self.type in _TEXT_INPUTS

    @property
    def waits_for_enter(self) -> bool:
        """Whether the text is sent by Enter only, and not at every character."""
        when = self.json.get("dispatch_action_config", {}).get("trigger_actions_on", ["on_enter_pressed"])
        return self.is_text_input and "on_character_entered" not in when

    @property
    def keeps_value(self) -> bool:
        """Whether it has an entry in `state.values`."""
        return self.type not in _STATELESS


def elements_of(blocks: list[Json]) -> Iterator[Element]:
    """Every element a person can act on, in the order of the screen."""
    for block in blocks:
        match block["type"]:
            case "section":
                inside = [block["accessory"]] if "accessory" in block else []
            case "input":
                inside = [block["element"]]
            case "actions" | "context_actions" | "card":
                inside = block.get("elements") or block.get("actions") or []
            case "carousel":
                yield from elements_of(block["elements"])
                continue
            case "container":
                yield from elements_of(block["child_blocks"])
                continue
            case _:
                continue
        yield from (Element(block, element) for element in inside if element["type"] != "image")


def find(blocks: list[Json], block_id: str, action_id: str) -> Element:
    """The element with these ids, or Refused `no_such_element`."""
    for element in elements_of(blocks):
        if (element.block_id, element.action_id) == (block_id, action_id):
            return element
    raise Refused(
        "no_such_element", f"nothing on the screen has block_id {block_id!r}, action_id {action_id!r}"
    )


def options_of(element: Json) -> list[Json]:
    """The options of a menu, those of its groups included."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(option for group in groups for option in group["options"])]
