"""The visible text of blocks, one line for each part. Emoji and mrkdwn are left as they are."""

from collections.abc import Iterator
from typing import Any

from playground.client import options_of
from playground.client.values import value_of
from playground.state.workspace import Json, Workspace


def normalise(text: str) -> str:
    """The normal form in which a test's text and the screen's are compared."""
    return " ".join(text.replace("’", "'").split()).casefold()


def text_of(blocks: list[Json], state: dict[str, Json], workspace: Workspace) -> str:
    """The text of these blocks, with the values of their elements."""
    return "\n".join(line for block in blocks for line in _block(block, state, workspace) if line)


def human_value(element_type: str, value: Json, workspace: Workspace) -> object:
    """The visible value of an element: an option's text, a name, a date, names of files."""
    entered = value_of(element_type, value)
    return (
        [_shown(one, workspace) for one in entered]
        if isinstance(entered, list)
        else _shown(entered, workspace)
    )


def _shown(entered: Any, workspace: Workspace) -> object:
    match entered:
        case {"text": {"text": str(words)}}:
            return words
        case {"name": str(name)}:
            return name
        case {"type": "rich_text"}:
            return "\n".join(_rich_text(entered, workspace))
        case str(key) if key in workspace.people:
            return workspace.people[key].real_name
        case str(key) if key in workspace.channels:
            return f"#{workspace.channels[key].name}"
    return entered


def _block(block: Json, state: dict[str, Json], workspace: Workspace) -> Iterator[str]:
    values = state.get(block.get("block_id", ""), {})
    match block["type"]:
        case "section" | "alert" | "markdown":
            yield _text(block.get("text"))
            yield from (_text(field) for field in block.get("fields", []))
            if "accessory" in block:
                yield from _element(block["accessory"], values, workspace)
        case "input":
            yield _text(block["label"])
            yield from _element(block["element"], values, workspace)
            yield _text(block.get("hint"))
        case "actions" | "context" | "context_actions":
            for element in block["elements"]:
                yield from _element(element, values, workspace)
        case "rich_text":
            yield from _rich_text(block, workspace)
        case "table" | "data_table":
            yield _text(block.get("caption"))
            yield from (" | ".join(_cell(cell, workspace) for cell in row) for row in block["rows"])
        case _:
            yield from _pictures_and_cards(block, state, workspace)


def _pictures_and_cards(block: Json, state: dict[str, Json], workspace: Workspace) -> Iterator[str]:
    yield from (_text(block.get(key)) for key in ("title", "rich_text_title", "subtitle", "text", "body"))
    yield str(block.get("alt_text", ""))
    yield _text(block.get("description"))
    for element in block.get("actions", []):
        yield from _element(element, state.get(block.get("block_id", ""), {}), workspace)
    inside = block.get("child_blocks") or (block.get("elements") if block["type"] == "carousel" else None)
    for child in inside or []:
        yield from _block(child, state, workspace)


def _element(element: Json, values: Json, workspace: Workspace) -> Iterator[str]:
    value = human_value(element["type"], values.get(element.get("action_id", ""), {}), workspace)
    chosen = value if isinstance(value, list) else [value]
    match element["type"]:
        case "plain_text" | "mrkdwn":
            yield element["text"]
        case "image":
            yield element["alt_text"]
        case "button" | "workflow_button" | "icon_button":
            yield f"[{_text(element['text'])}]"
        case "overflow":
            yield from (f"[{_text(option['text'])}]" for option in element["options"])
        case "radio_buttons" | "checkboxes":
            on, off = ("(x)", "( )") if element["type"] == "radio_buttons" else ("[x]", "[ ]")
            for option in options_of(element):
                words = _text(option["text"])
                yield f"{on if words in chosen else off} {words}"
                yield _text(option.get("description"))
        case _:
            shown = [str(one) for one in chosen if one not in (None, "")]
            yield ", ".join(shown) or _text(element.get("placeholder"))


def _rich_text(node: Json, workspace: Workspace) -> Iterator[str]:
    """The lines of a rich_text block: its sections, quotes and code, and the items of its lists."""
    for part in node.get("elements", []):
        if part["type"] == "rich_text_list":
            yield from (f"• {_leaves(item, workspace)}" for item in part["elements"])
        else:
            yield _leaves(part, workspace)


def _leaves(section: Json, workspace: Workspace) -> str:
    return "".join(_leaf(leaf, workspace) for leaf in section.get("elements", []))


def _leaf(leaf: Json, workspace: Workspace) -> str:
    match leaf["type"]:
        case "user":
            person = workspace.people.get(leaf["user_id"])
            return f"@{person.real_name if person else leaf['user_id']}"
        case "channel":
            channel = workspace.channels.get(leaf["channel_id"])
            return f"#{channel.name if channel else leaf['channel_id']}"
        case "emoji":
            return f":{leaf['name']}:"
        case "usergroup":
            group = workspace.usergroups.get(leaf["usergroup_id"])
            return f"@{group.handle if group else leaf['usergroup_id']}"
        case "broadcast":
            return f"@{leaf['range']}"
        case "date":
            return str(leaf.get("fallback") or leaf["timestamp"])
    return str(leaf.get("text") or leaf.get("url") or leaf.get("value") or "")


def _cell(cell: Json, workspace: Workspace) -> str:
    return " ".join(_rich_text(cell, workspace)) if cell["type"] == "rich_text" else str(cell.get("text", ""))


def _text(text: object) -> str:
    """The text of a text object, or of a bare string."""
    if isinstance(text, dict):
        return str(text.get("text", ""))
    return text if isinstance(text, str) else ""
